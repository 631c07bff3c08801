"""Where a pull begins: all it has to know before it reads the first entry, in one look.

Four looks took more than the rest of an answer whose pieces are made already, and a school's
phones all ask in the same minute.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, select

from ledger.chain import Link
from ledger.rules.rule import Author
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from server.journal.append import Sender
from server.journal.people import author_of
from server.tables import CHAIN_END, COUNTER, EPOCH

_STAFF = RECORDS["staff"]
_EPOCH = (
    select(EPOCH.c.id)
    .where(EPOCH.c.school == COUNTER.c.school)
    .order_by(EPOCH.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_BEGINNING = (
    select(
        COUNTER.c.seq,
        ENTRY.c.hash,
        _STAFF.c.name,
        _STAFF.c.detail,
        CHAIN_END.c.number.label("end_number"),
        CHAIN_END.c.hash.label("end_hash"),
        _EPOCH.label("epoch"),
    )
    .select_from(COUNTER)
    .outerjoin(ENTRY, and_(ENTRY.c.school == COUNTER.c.school, ENTRY.c.seq == COUNTER.c.seq))
    .outerjoin(
        _STAFF, and_(_STAFF.c.school == COUNTER.c.school, _STAFF.c.id == bindparam("of_actor"))
    )
    .outerjoin(CHAIN_END, CHAIN_END.c.device == bindparam("of_device"))
    .where(COUNTER.c.school == bindparam("of_school"))
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """As of one moment: whatever has a smaller `seq` is visible to what is read after this."""

    newest: int
    """The school's newest `seq`; 0 before the first …"""
    hash: str
    """… and the hash of the entry that has it, empty before the first."""
    author: Author
    """Who asks."""
    end: Link
    """How far their device's chain is held without a gap."""
    epoch: str
    """Empty while nothing was written since this server knows of epochs."""


def begin(connection: Connection, sender: Sender) -> Beginning:
    """A school we don't have is one with nothing to read."""
    asked = {"of_school": sender.school, "of_actor": sender.actor, "of_device": sender.device}
    row = connection.execute(_BEGINNING, asked).one_or_none()
    if row is None:
        return Beginning(0, "", Author(sender.actor, active=False), Link(), "")
    return Beginning(
        row.seq,
        row.hash or "",
        author_of(sender.actor, row.name, row.detail),
        Link() if row.end_number is None else Link(row.end_number, row.end_hash),
        row.epoch or "",
    )
