"""The device's own journal: writing entries, each after the one before.

Every function here runs inside one transaction of the writer thread (`Database.write`).
"""

import logging
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, func, select

from client.store.errors import NotAllowed
from client.store.identity import Identity
from client.store.places import names, person
from client.store.rebuilding import rebuild_subjects
from ledger.bulk import insert_rows
from ledger.chain import Link
from ledger.clock import Stamp
from ledger.entry import Body, Entry, write_entry
from ledger.permissions import scope_of
from ledger.photos import note_photos
from ledger.projection import fold, load_labels, load_subjects
from ledger.rules.registry import BY_KIND
from ledger.rules.rule import RULE_FAULTS, Author, Submission
from ledger.scopes import is_sealed
from ledger.sealing import closed
from ledger.tables.journal import ENTRY
from ledger.verdicts import Verdict

log = logging.getLogger(__name__)

_END = (
    select(ENTRY.c.number, ENTRY.c.hash)
    .where(ENTRY.c.device == bindparam("this_device"))
    .order_by(ENTRY.c.number.desc())
    .limit(1)
)


def append(
    connection: Connection,
    identity: Identity,
    stamp: Stamp,
    *,
    kind: str,
    subject: str,
    body: Body,
    photos: Sequence[str] = (),
    id: str | None = None,
    judged: bool = False,
    seen: int | None = None,
    scope: str | None = None,
) -> Entry:
    """Write one entry of this device's owner and the records that follow from it.

    `id` is for an entry whose id was needed before it was written. `judged` asks the rules first,
    as far as this device knows: for decisions, which a fact on this device may already rule out.
    `seen` and `scope` are for what was written before, knowing less than this device does now,
    perhaps by a newer app.
    Raises `NotAllowed`.
    """
    link = own_end(connection, identity.device)
    entry = write_entry(
        kind=kind,
        subject=subject,
        scope=scope or scope_of(kind, identity.school, subject, body),
        school=identity.school,
        actor=identity.actor,
        device=identity.device,
        number=link.number + 1,
        previous=link.hash,
        at=stamp.at,
        clock=stamp.clock,
        body=body,
        seen=accepted_count(connection, identity.school, subject) if seen is None else seen,
        photos=photos,
        id=id,
    )
    if judged:
        _judge(connection, identity, entry, body)
    insert_rows(connection, ENTRY, [entry_row(connection, entry, Verdict.PENDING)])
    note_photos(connection, [entry.header])
    rebuild_subjects(connection, identity.school, [subject])
    return entry


def append_all(
    connection: Connection,
    identity: Identity,
    stamp: Stamp,
    facts: Sequence[tuple[str, str, Body]],
) -> None:
    """Write many entries (kind, subject, body) at once: a roster's, some hundred a time."""
    school = identity.school
    subjects = list(dict.fromkeys(subject for _, subject, _ in facts))
    seen: dict[str, int] = {}
    for start in range(0, len(subjects), 400):
        rows = connection.execute(
            select(ENTRY.c.subject, func.count().label("many"))
            .where(
                ENTRY.c.school == school,
                ENTRY.c.subject.in_(subjects[start : start + 400]),
                ENTRY.c.verdict == Verdict.ACCEPTED.value,
            )
            .group_by(ENTRY.c.subject)
        )
        seen |= {row.subject: row.many for row in rows}
    link = own_end(connection, identity.device)
    rows = []
    for kind, subject, body in facts:
        entry = write_entry(
            kind=kind,
            subject=subject,
            scope=scope_of(kind, school, subject, body),
            school=school,
            actor=identity.actor,
            device=identity.device,
            number=link.number + 1,
            previous=link.hash,
            at=stamp.at,
            clock=stamp.clock,
            body=body,
            seen=seen.get(subject, 0),
        )
        link = Link(entry.header.number, entry.hash)
        rows.append(entry_row(connection, entry, Verdict.PENDING))
    insert_rows(connection, ENTRY, rows)
    rebuild_subjects(connection, school, subjects)


def _judge(connection: Connection, identity: Identity, entry: Entry, body: Body) -> None:
    """Ask the entry's rule about it, with everything this device knows of its subject."""
    school, subject = identity.school, entry.header.subject
    rule = BY_KIND[entry.header.kind][0]
    labels = load_labels(connection, school)
    state = fold(
        rule, school, subject, load_subjects(connection, school, [subject])[subject], labels
    )
    known = person(connection, school, identity.actor)
    author = known.author if known is not None else Author(identity.actor, active=False)
    try:
        objection = rule.judge(
            state, Submission(entry, body, roles=author.roles, author=author), labels
        )
    except RULE_FAULTS:
        # A fault of ours must not keep anybody from writing down what they did.
        log.exception("judging %s", entry.header.kind)
        return
    if objection is not None:
        detail = dict(objection.detail)
        if "who" in detail:
            staff = names(connection, school, "staff")
            detail["who"] = staff.get(detail["who"], detail["who"])
        raise NotAllowed(objection.reason, detail)


def own_end(connection: Connection, device: str) -> Link:
    """The last entry this device has written."""
    row = connection.execute(_END, {"this_device": device}).first()
    return Link() if row is None else Link(row.number, row.hash)


def accepted_count(connection: Connection, school: str, subject: str) -> int:
    """How many accepted entries of a subject this device has seen."""
    return (
        connection.scalar(
            select(func.count()).where(
                ENTRY.c.school == school,
                ENTRY.c.subject == subject,
                ENTRY.c.verdict == Verdict.ACCEPTED.value,
            )
        )
        or 0
    )


def entry_row(
    connection: Connection,
    entry: Entry,
    verdict: Verdict,
    *,
    seq: int | None = None,
    remarks: str = "{}",
    received_at: str = "",
) -> dict[str, object]:
    """The journal row of an entry; what was written about pupils is sealed."""
    header = entry.header
    return {
        "id": header.id,
        "school": header.school,
        "device": header.device,
        "number": header.number,
        "hash": entry.hash,
        "kind": header.kind,
        "subject": header.subject,
        "scope": header.scope,
        "actor": header.actor,
        "at": header.at,
        "header": entry.header_bytes,
        "body": kept_body(connection, entry),
        "verdict": str(verdict),
        "seq": seq,
        "reason": "",
        "remarks": remarks,
        "received_at": received_at,
    }


def kept_body(connection: Connection, entry: Entry) -> bytes | None:
    """The body as the journal holds it: sealed where it is about pupils."""
    body = entry.body_bytes
    return closed(connection, body) if is_sealed(entry.header.scope) else body
