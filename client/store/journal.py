"""The device's own journal: writing entries, and what the server said of them.

Every function here runs inside one transaction of the writer thread (`Database.write`).
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic_core import to_json
from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, update

from client.store.errors import NotAllowed
from client.store.identity import Identity, own_devices
from client.store.onward import forget, project
from client.store.parked import keep_parked
from client.store.places import names, person
from ledger.bulk import insert_rows
from ledger.chain import Link
from ledger.clock import Stamp
from ledger.entry import Body, Entry, write_entry
from ledger.keys import Head
from ledger.permissions import scope_of
from ledger.photos import note_photos
from ledger.projection import Parked, StoredEntry, fold, load_labels, load_subjects, rebuild
from ledger.rules.registry import BY_KIND
from ledger.rules.rule import RULE_FAULTS, Author, Labels, Submission
from ledger.scopes import is_sealed
from ledger.sealing import closed, opened
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Verdict
from ledger.wire.journal import Receipt, SentEntry
from ledger.wire.protocol import REQUEST_LIMIT_BYTES

log = logging.getLogger(__name__)

PUPILS = ("student:", "missing:")
"""Subjects that a roll-call's closing is judged by."""
TOGETHER = 1000
"""Places in the history asked for at once: a page's."""
BATCH_BYTES = REQUEST_LIMIT_BYTES // 4
"""Of headers and bodies in one batch: quoting them as JSON makes them longer."""
_END = (
    select(ENTRY.c.number, ENTRY.c.hash)
    .where(ENTRY.c.device == bindparam("this_device"))
    .order_by(ENTRY.c.number.desc())
    .limit(1)
)
_HOLDERS = select(ENTRY.c.id, ENTRY.c.seq).where(ENTRY.c.school == bindparam("this_school"))
_HOLDERS_BETWEEN = _HOLDERS.where(ENTRY.c.seq.between(bindparam("first"), bindparam("last")))
_HOLDERS_OF = _HOLDERS.where(ENTRY.c.seq.in_(bindparam("some", expanding=True)))
LABEL_KINDS = frozenset({"point.set", "label.issued"})
"""Kinds that change what labels mean."""


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


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The next batch: entries in the order of their numbers, and where it ends."""

    entries: list[SentEntry]
    ids: list[str]
    number: int
    hash: str


def next_outgoing(connection: Connection, identity: Identity, limit: int) -> Outgoing | None:
    """The oldest entries the server has not answered for; None when there are none."""
    return _outgoing(
        connection,
        limit,
        ENTRY.c.verdict == Verdict.PENDING.value,
        ENTRY.c.device == identity.device,
    )


def outgoing_from(
    connection: Connection, identity: Identity, number: int, limit: int
) -> Outgoing | None:
    """Own entries from `number` on whatever their verdict: for a server that has lost some."""
    return _outgoing(connection, limit, ENTRY.c.device == identity.device, ENTRY.c.number >= number)


def _outgoing(connection: Connection, limit: int, *where: ColumnElement[bool]) -> Outgoing | None:
    """At most `limit` entries, and no more than the server's largest request could carry."""
    columns = (ENTRY.c.id, ENTRY.c.number, ENTRY.c.hash, ENTRY.c.header, ENTRY.c.body)
    rows = connection.execute(
        select(*columns).where(*where).order_by(ENTRY.c.number).limit(limit)
    ).all()
    size, many = 0, 0
    for row in rows:
        size += len(row.header) + len(row.body or b"")
        if many and size > BATCH_BYTES:
            break
        many += 1
    if not many:
        return None
    rows = rows[:many]
    entries = []
    for row in rows:
        body = opened(connection, row.body)
        entries.append(
            SentEntry(header=row.header.decode(), body=None if body is None else body.decode())
        )
    return Outgoing(entries, [row.id for row in rows], rows[-1].number, rows[-1].hash)


def keep_head(connection: Connection, head: Head) -> None:
    """Keep the head that was signed for a batch, so that the journal can be verified later."""
    insert_rows(connection, HEAD, [head.model_dump()], ignore_known=True)


def keep_receipts(
    connection: Connection, identity: Identity, receipts: Sequence[Receipt]
) -> list[str]:
    """Write down what the server said of own entries and rebuild what changed by it: the subjects
    returned."""
    if not receipts:
        return []
    ids = [receipt.id for receipt in receipts]
    subjects: dict[str, str] = {}
    for start in range(0, len(ids), 500):
        some = select(ENTRY.c.id, ENTRY.c.subject).where(
            ENTRY.c.id.in_(ids[start : start + 500]), ENTRY.c.device == identity.device
        )
        subjects.update((row.id, row.subject) for row in connection.execute(some))
    given = {one.id: one.seq for one in receipts if one.id in subjects and one.seq is not None}
    if not subjects:
        return []
    touched = make_room(connection, identity, given)
    connection.execute(
        update(ENTRY)
        .where(ENTRY.c.id == bindparam("this_id"))
        .values(
            verdict=bindparam("new_verdict"),
            seq=bindparam("new_seq"),
            reason=bindparam("new_reason"),
            remarks=bindparam("new_remarks"),
        ),
        [
            {
                "this_id": receipt.id,
                "new_verdict": receipt.verdict.value,
                "new_seq": receipt.seq,
                "new_reason": str(receipt.reason or ""),
                "new_remarks": to_json(receipt.remarks).decode(),
            }
            for receipt in receipts
            if receipt.id in subjects
        ],
    )
    touched = list(dict.fromkeys([*touched, *subjects.values()]))
    rebuild_subjects(connection, identity.school, touched)
    return touched


def make_room(connection: Connection, identity: Identity, given: Mapping[str, int]) -> list[str]:
    """Take the places (id → seq) in the school's history from whatever holds them now.

    A server that was restored from a backup gives them anew. Returns the subjects that changed.
    """
    holders: list[str] = []
    places = {seq: id for id, seq in given.items()}
    wanted = sorted(places)
    for start in range(0, len(wanted), TOGETHER):
        some = wanted[start : start + TOGETHER]
        # A stretch is asked for by its two ends: on a fresh device nothing is in it.
        dense = some[-1] - some[0] < 2 * len(some)
        asked = {"first": some[0], "last": some[-1]} if dense else {"some": some}
        rows = connection.execute(
            _HOLDERS_BETWEEN if dense else _HOLDERS_OF, {"this_school": identity.school, **asked}
        )
        holders += [row.id for row in rows if places.get(row.seq, row.id) != row.id]
    return unanswer(connection, identity, holders)


def unanswer(connection: Connection, identity: Identity, ids: Sequence[str]) -> list[str]:
    """The server has lost these entries. Returns the subjects that changed.

    Own ones are sent again. Others' are kept and count for nothing until their author has sent
    them again. The server's own are gone for good, since its chain went back with its database.
    """
    if not ids:
        return []
    own = set(own_devices(connection, identity))
    pending, held, gone = [], [], []
    subjects: dict[str, None] = {}
    for start in range(0, len(ids), 500):
        rows = connection.execute(
            select(ENTRY.c.id, ENTRY.c.subject, ENTRY.c.device, ENTRY.c.number).where(
                ENTRY.c.id.in_(ids[start : start + 500])
            )
        )
        for row in rows:
            subjects[row.subject] = None
            if row.device == identity.server_device:
                gone.append(row)
            else:
                (pending if row.device in own else held).append(row)
    standing = {"seq": None, "reason": "", "remarks": "{}"}
    for verdict, some in ((Verdict.PENDING, pending), (Verdict.HELD, held)):
        if some:
            connection.execute(
                update(ENTRY)
                .where(ENTRY.c.id == bindparam("this_id"))
                .values(verdict=verdict.value, **standing),
                [{"this_id": row.id} for row in some],
            )
    if gone:
        connection.execute(
            delete(ENTRY).where(ENTRY.c.id == bindparam("this_id")),
            [{"this_id": row.id} for row in gone],
        )
        first = min(row.number for row in gone)
        connection.execute(
            delete(HEAD).where(HEAD.c.device == identity.server_device, HEAD.c.number >= first)
        )
    return list(subjects)


def rebuild_subjects(
    connection: Connection,
    school: str,
    subjects: Sequence[str],
    loaded: Mapping[str, Sequence[StoredEntry]] | None = None,
) -> None:
    """Rebuild first what the rest is read by: what labels mean, who lives where, and who was
    looked for. What can't be shown yet is parked by its name."""
    parked: list[Parked] = []
    places = [subject for subject in subjects if subject.startswith("point:")]
    if places:
        parked += rebuild(connection, school, places, Labels(), loaded)
    pupils = [subject for subject in subjects if subject.startswith(PUPILS)]
    if pupils:
        parked += rebuild(connection, school, pupils, Labels(), loaded)
    rest = [subject for subject in subjects if not subject.startswith(("point:", *PUPILS))]
    if len(rest) == 1 and loaded is None:
        parked += project(connection, school, rest[0], load_labels(connection, school))
    elif rest:
        forget(connection, rest)
        found = load_subjects(connection, school, rest) if loaded is None else loaded
        # Labels are for judging, and only what is pending is judged.
        pending = any(one.seq is None for subject in rest for one in found.get(subject, ()))
        labels = load_labels(connection, school) if pending else Labels()
        parked += rebuild(connection, school, rest, labels, found)
    keep_parked(connection, school, subjects, parked)
