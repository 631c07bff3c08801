"""When a device gets a new key: what its owner had not sent yet must not stay behind.

Unsent entries hang on a chain whose key is lost (a forgotten passphrase, an emptied keyring), or
which the server no longer knows (it was restored from a backup), so nobody could vouch for them
any more; or on one that has a hole, so that they can't be sent. They are written anew on the new
chain, with their own times.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from client.store.identity import Identity, former_devices
from client.store.journal import append
from client.store.rebuilding import rebuild_subjects
from client.store.tables import PHOTO, SETTING
from ledger.clock import Stamp
from ledger.entry import AnyBody, Entry, Header
from ledger.projection import read_stored
from ledger.tables.catalogue import LedgerTable
from ledger.tables.journal import ENTRY
from ledger.verdicts import Reason, Verdict

NAMES_AN_ENTRY: Final = ("entry", "check_in")
"""Fields of bodies that hold another entry's id."""


def forget_school(connection: Connection) -> None:
    """Empty the device of everything but its settings: the next person is of another school, or
    nothing of the last one is unsent."""
    for table in LedgerTable.metadata.sorted_tables:
        if table is not SETTING:
            connection.execute(table.delete())


def unsent_before(former: Sequence[str]) -> ColumnElement[bool]:
    """Entries under these former ids that nobody answered for, or that can never be accepted
    because their chain has come apart."""
    stranded = (Reason.CHAIN_FORKED.value, Reason.EARLIER_MISSING.value)
    return and_(
        ENTRY.c.device.in_(former),
        or_(ENTRY.c.verdict == Verdict.PENDING.value, ENTRY.c.reason.in_(stranded)),
    )


def carry_over(connection: Connection, identity: Identity) -> int:
    """Write what was left unsent under this device's former ids anew; returns how much.

    To be called when everything was pulled: what had arrived after all is no longer pending then.
    """
    former = former_devices(connection)
    these = unsent_before(former)
    found = connection.execute(select(ENTRY).where(these)).all()
    rows = sorted(found, key=lambda row: (former.index(row.device), row.number))
    connection.execute(
        update(ENTRY)
        .where(these)
        .values(verdict=Verdict.REFUSED.value, reason=Reason.RECORDED_AGAIN.value)
    )
    new_ids: dict[str, str] = {}
    for row in rows:
        entry = read_stored(connection, row).entry
        header = entry.header
        again = append(
            connection,
            identity,
            Stamp(header.at, header.clock),
            kind=header.kind,
            subject=header.subject,
            body=_renamed(entry, new_ids),
            photos=header.photos,
            scope=header.scope,
            seen=_seen(connection, identity, [*former, identity.device], header),
        )
        new_ids[header.id] = again.header.id
        connection.execute(
            update(PHOTO).where(PHOTO.c.entry == header.id).values(entry=again.header.id)
        )
    rebuild_subjects(connection, identity.school, list(dict.fromkeys(row.subject for row in rows)))
    return len(rows)


def _renamed(entry: Entry, new_ids: Mapping[str, str]) -> AnyBody:
    """The body as it was, field by field, whether or not this app knows its kind."""
    body = AnyBody.model_validate(from_json(entry.body_bytes or b"{}"))
    renamed = {
        name: new_ids[value]
        for name in NAMES_AN_ENTRY
        if isinstance(value := (body.model_extra or {}).get(name), str) and value in new_ids
    }
    return body.model_copy(update=renamed) if renamed else body


def _seen(connection: Connection, identity: Identity, own: list[str], header: Header) -> int:
    """How much of the subject its author had seen: what was there then, and what followed of
    their own hand."""
    devices = connection.scalars(
        select(ENTRY.c.device)
        .where(
            ENTRY.c.school == identity.school,
            ENTRY.c.subject == header.subject,
            ENTRY.c.verdict == Verdict.ACCEPTED.value,
        )
        .order_by(ENTRY.c.seq)
    ).all()
    seen = min(header.seen, len(devices))
    while seen < len(devices) and devices[seen] in own:
        seen += 1
    return seen
