"""A device's pull: everything after its cursors that it may read, and news of its own entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, and_, or_, select

from ledger.keys import Head
from ledger.permissions import grants_for
from ledger.scopes import reads
from ledger.tables import ENTRY, HEAD
from ledger.verdicts import Verdict
from ledger.wire import Pull, Pulled, PulledEntry, Receipt
from server.clock import moment
from server.journal.append import Sender
from server.journal.chains import chain_end
from server.journal.counter import newest_seq
from server.journal.epochs import newest_epoch, shared_until
from server.journal.journal import Journal
from server.journal.outcomes import receipt_of_row
from server.journal.people import read_author


@dataclass(frozen=True, slots=True)
class Found:
    rows: Sequence[Any]
    cursors: dict[str, int]
    more: bool


def pull(journal: Journal, sender: Sender, message: Pull) -> Pulled:
    with journal.database.read() as connection:
        found = _scan(connection, sender, message)
        heads = _heads_on(connection, found.rows)
        receipts = _changed(connection, sender.device, message.waiting)
        end = chain_end(connection, sender.device)
        epoch = newest_epoch(connection, sender.school)
    return Pulled(
        entries=[_pulled(row) for row in found.rows],
        heads=heads,
        cursors=found.cursors,
        epoch=epoch,
        more=found.more,
        receipts=receipts,
        number=end.number,
        hash=end.hash,
        time=moment(journal.now()),
    )


def _scan(connection: Connection, sender: Sender, message: Pull) -> Found:
    """Scan on from the cursors. The school's newest `seq` is read first: whatever has a smaller
    one is visible already, so a cursor never passes an entry it has not seen."""
    newest = newest_seq(connection, sender.school)
    cursors = _cursors(connection, sender, message, newest)
    if not cursors:
        return Found((), {}, False)
    after = [
        and_(reads(ENTRY.c.scope, grant), ENTRY.c.seq > cursor) for grant, cursor in cursors.items()
    ]
    rows = connection.execute(
        select(ENTRY.c.seq, ENTRY.c.header, ENTRY.c.body, ENTRY.c.remarks)
        .add_columns(ENTRY.c.device, ENTRY.c.number, ENTRY.c.hash)
        .where(
            ENTRY.c.school == sender.school,
            ENTRY.c.seq > min(cursors.values()),
            ENTRY.c.device != sender.device,
            or_(*after),
        )
        .order_by(ENTRY.c.seq)
        .limit(message.limit + 1)
    ).all()
    more = len(rows) > message.limit
    rows = rows[: message.limit]
    reached = rows[-1].seq if more else max([newest, *(row.seq for row in rows[-1:])])
    return Found(rows, {grant: max(one, reached) for grant, one in cursors.items()}, more)


def _cursors(connection: Connection, sender: Sender, message: Pull, newest: int) -> dict[str, int]:
    """A cursor for every grant the person holds now. What comes from before this server was
    restored from a backup goes back to where the histories part; a device that doesn't know its
    epoch and is ahead of us starts again."""
    author = read_author(connection, sender.school, sender.actor)
    grants = grants_for(sender.school, author)
    given = {grant: message.cursors.get(grant, 0) for grant in grants}
    if not message.epoch:
        return {grant: one if 0 <= one <= newest else 0 for grant, one in given.items()}
    shared = shared_until(connection, sender.school, message.epoch, newest)
    return {grant: min(max(one, 0), shared) for grant, one in given.items()}


def _pulled(row: Any) -> PulledEntry:
    return PulledEntry.model_construct(
        seq=row.seq,
        header=bytes(row.header).decode(),
        body=None if row.body is None else bytes(row.body).decode(),
        remarks={} if row.remarks == "{}" else from_json(row.remarks),
    )


def _heads_on(connection: Connection, rows: Sequence[Any]) -> list[Head]:
    hashes = {(row.device, row.number): row.hash for row in rows}
    if not hashes:
        return []
    devices = sorted({device for device, _ in hashes})
    numbers = [number for _, number in hashes]
    found = connection.execute(
        select(HEAD).where(
            HEAD.c.device.in_(devices), HEAD.c.number.between(min(numbers), max(numbers))
        )
    )
    return [
        Head(**row._mapping) for row in found if hashes.get((row.device, row.number)) == row.hash
    ]


def _changed(connection: Connection, device: str, waiting: Sequence[str]) -> list[Receipt]:
    """Receipts of those entries that no longer wait."""
    receipts = []
    for start in range(0, len(waiting), 400):
        rows = connection.execute(
            select(ENTRY.c.id, ENTRY.c.verdict, ENTRY.c.seq, ENTRY.c.reason, ENTRY.c.remarks).where(
                ENTRY.c.id.in_(waiting[start : start + 400]),
                ENTRY.c.device == device,
                ENTRY.c.verdict != Verdict.HELD.value,
            )
        )
        receipts += [receipt_of_row(row) for row in rows]
    return receipts
