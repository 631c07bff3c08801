"""A device's pull: everything after its cursors that it may read, and news of its own entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from ledger.permissions import grants_for
from ledger.scopes import reads
from ledger.standing import is_past_round
from ledger.tables.journal import ENTRY
from ledger.verdicts import Verdict
from ledger.wire.journal import Pull, Pulled, Receipt
from server.clock import moment
from server.journal.append import Sender
from server.journal.beginning import Beginning, begin
from server.journal.epochs import shared_until
from server.journal.journal import Journal
from server.journal.outcomes import receipt_of_row
from server.journal.outgoing import LIGHT, Outgoing, Part, Stretch, fitting, heads
from server.journal.people import devices_of
from server.pieces import Piece

LOOK = 20_000
"""Entries looked at for one answer when most of them are left out."""
CHUNK = 400
_ENTRIES, _HEADS = Piece.of(b'{"entries":['), Piece.of(b'],"heads":[')


@dataclass(frozen=True, slots=True)
class Found:
    parts: Sequence[Part]
    since: dict[str, int]
    cursors: dict[str, int]
    more: bool


def pull(journal: Journal, sender: Sender, message: Pull) -> list[Piece]:
    """The JSON of a `Pulled`, in pieces that other answers may share."""
    with journal.database.read() as connection:
        # First: whatever has a smaller `seq` than the newest now is visible to what is read next,
        # so a cursor never passes an entry it has not seen.
        beginning = begin(connection, sender)
        found = _find(connection, journal.outgoing, sender, message, beginning)
        entries = journal.outgoing.entries(connection, sender.school, found.parts)
        receipts = _changed(connection, sender, message)
    rest = Pulled(
        entries=[],
        heads=[],
        cursors=found.cursors,
        epoch=beginning.epoch,
        since=found.since,
        more=found.more,
        newest=beginning.newest,
        receipts=receipts,
        number=beginning.end.number,
        hash=beginning.end.hash,
        time=moment(journal.now()),
    )
    said = rest.model_dump_json(exclude={"entries", "heads"}).encode()
    return [_ENTRIES, *entries, _HEADS, *heads(found.parts), Piece.of(b"]," + said[1:])]


def _find(
    connection: Connection,
    outgoing: Outgoing,
    sender: Sender,
    message: Pull,
    beginning: Beginning,
) -> Found:
    """Scan on from the cursors."""
    cursors = _cursors(connection, sender, message, beginning)
    if not cursors:
        return Found((), {}, {}, False)
    newest = beginning.newest
    # With the hash: another database may have been put in the place of ours.
    place = (newest, beginning.hash, tuple(cursors.items()), message.rounds_from, message.limit)
    stretch = outgoing.stretch(
        sender.school, place, lambda: _stretch(connection, sender.school, cursors, message, newest)
    )
    parts = stretch.besides(sender.device)
    if stretch.more and _length(parts) < stretch.length / 2:
        # Mostly its own, after a month offline: not a page of nothing for each of its own pages.
        others = ENTRY.c.device != sender.device
        stretch = _stretch(connection, sender.school, cursors, message, newest, others)
        parts = list(stretch.parts)
    found = {grant: max(one, stretch.reached) for grant, one in cursors.items()}
    return Found(parts, cursors, found, stretch.more)


def _length(parts: Sequence[Part]) -> int:
    return sum(len(part.rows) for part in parts)


def _stretch(
    connection: Connection,
    school: str,
    cursors: dict[str, int],
    message: Pull,
    newest: int,
    *besides: ColumnElement[bool],
) -> Stretch:
    after = [
        and_(reads(ENTRY.c.scope, grant), ENTRY.c.seq > cursor) for grant, cursor in cursors.items()
    ]
    unread = (
        ENTRY.c.school == school,
        ENTRY.c.seq > min(cursors.values()),
        or_(*after),
        *besides,
    )
    if message.rounds_from:
        rows, more = _without_past(connection, unread, message.rounds_from, message.limit)
    else:
        rows = connection.execute(
            LIGHT.where(*unread).order_by(ENTRY.c.seq).limit(message.limit + 1)
        ).all()
        more = rows[message.limit - 1].seq if len(rows) > message.limit else None
        rows = rows[: message.limit]
    few = fitting(rows)
    if len(few) < len(rows):
        rows, more = few, few[-1].seq
    reached = more or max([newest, *(row.seq for row in rows[-1:])])
    return Stretch.of(rows, reached, more is not None)


def _without_past(
    connection: Connection, unread: Sequence[ColumnElement[bool]], day: str, limit: int
) -> tuple[Sequence[Any], int | None]:
    """Leave out the rounds of earlier days. By the day in the subject itself, so that whatever a
    clock said nothing recent is missed. Returns how far the look went when there is more."""
    seen = connection.execute(
        select(ENTRY.c.seq, ENTRY.c.subject).where(*unread).order_by(ENTRY.c.seq).limit(LOOK)
    ).all()
    wanted = [row.seq for row in seen if not is_past_round(row.subject, day)]
    more = seen[-1].seq if len(seen) == LOOK else None
    if len(wanted) > limit:
        more = wanted[limit - 1]
    rows: list[Any] = []
    for start in range(0, min(len(wanted), limit), CHUNK):
        some = wanted[start : min(start + CHUNK, limit)]
        rows += connection.execute(
            LIGHT.where(*unread, ENTRY.c.seq.in_(some)).order_by(ENTRY.c.seq)
        )
    return rows, more


def _cursors(
    connection: Connection, sender: Sender, message: Pull, beginning: Beginning
) -> dict[str, int]:
    """A cursor for every grant the person holds now. What comes from before this server was
    restored from a backup goes back to where the histories part; a device that doesn't know its
    epoch and is ahead of us starts again."""
    newest = beginning.newest
    grants = grants_for(sender.school, beginning.author)
    given = {grant: message.cursors.get(grant, 0) for grant in grants}
    if not message.epoch:
        return {grant: one if 0 <= one <= newest else 0 for grant, one in given.items()}
    shared = shared_until(connection, sender.school, message.epoch, newest)
    return {grant: min(max(one, 0), shared) for grant, one in given.items()}


def _changed(connection: Connection, sender: Sender, message: Pull) -> list[Receipt]:
    """Receipts of those entries that no longer wait, or for another reason than their device
    knows: what lay before one may have arrived, and it waits for its kind to be known. The device
    may have had another key, and another id, when it wrote them."""
    receipts = []
    theirs = devices_of(sender.school, sender.actor)
    for start in range(0, len(message.waiting), 400):
        rows = connection.execute(
            select(ENTRY.c.id, ENTRY.c.verdict, ENTRY.c.seq, ENTRY.c.reason, ENTRY.c.remarks).where(
                ENTRY.c.id.in_(message.waiting[start : start + 400]), ENTRY.c.device.in_(theirs)
            )
        )
        receipts += [
            receipt_of_row(row)
            for row in rows
            if row.verdict != Verdict.HELD.value
            or row.reason != message.reasons.get(row.id, row.reason)
        ]
    return receipts
