"""A device's own entries, handed back to it: for one that lost part of its journal.

Whatever their verdict, in the order of their numbers, with the heads the device itself signed for
them: by those it knows that they are its own, whoever sends them.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import select

from ledger.keys import Head
from ledger.permissions import grants_for
from ledger.scopes import covers, is_private
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Reason
from ledger.wire.journal import OwnAsked, OwnEntry, OwnHeld
from server.clock import moment
from server.journal.append import Sender
from server.journal.arrivals import understand
from server.journal.chains import chain_end
from server.journal.journal import Journal
from server.journal.outcomes import receipt_of_row
from server.journal.outgoing import BYTES, fitting
from server.journal.people import read_author


def own_entries(journal: Journal, sender: Sender, message: OwnAsked) -> OwnHeld:
    with journal.database.read() as connection:
        grants = grants_for(sender.school, read_author(connection, sender.school, sender.actor))
        end = chain_end(connection, sender.device)
        held = (
            ENTRY.c.device == sender.device,
            ENTRY.c.number > message.after,
            ENTRY.c.number <= end.number,
            # What contradicts the chain is no part of it.
            ENTRY.c.reason != Reason.CHAIN_FORKED.value,
        )
        there = connection.execute(
            select(ENTRY.c.number, BYTES.label("bytes"))
            .where(*held)
            .order_by(ENTRY.c.number)
            .limit(message.limit + 1)
        ).all()
        page = fitting(there[: message.limit])
        more = len(there) > len(page)
        rows: Sequence[Any] = ()
        if page:
            up_to = ENTRY.c.number <= page[-1].number
            rows = _chained(
                connection.execute(select(ENTRY).where(*held, up_to).order_by(ENTRY.c.number)).all()
            )
        heads = []
        if rows:
            hashes = {row.number: row.hash for row in rows}
            heads = [
                Head(**row._mapping)
                for row in connection.execute(
                    select(HEAD)
                    .where(
                        HEAD.c.device == sender.device,
                        HEAD.c.number.between(rows[0].number, rows[-1].number),
                    )
                    .order_by(HEAD.c.number)
                )
                if hashes.get(row.number) == row.hash
            ]
    return OwnHeld(
        entries=[_own(row, grants) for row in rows],
        heads=heads,
        more=more,
        number=end.number,
        hash=end.hash,
        time=moment(journal.now()),
    )


def _chained(rows: Sequence[Any]) -> list[Any]:
    """One of each number. Something unreadable that nothing showed to be of the chain may stand
    beside the entry whose number it seemed to have: then the readable one is the chain's, or the
    one that the next entry names."""
    chained: list[Any] = []
    for _, some in groupby(reversed(rows), key=lambda row: row.number):
        chained.append(_of_the_chain(list(some), chained[-1] if chained else None))
    return chained[::-1]


def _of_the_chain(some: Sequence[Any], following: Any) -> Any:
    if len(some) == 1:
        return some[0]
    after = None if following is None else understand(bytes(following.header), None)
    for row in some:
        if row.kind or (after is not None and after.header.previous == row.hash):
            return row
    return some[0]


def _own(row: Any, grants: Sequence[str]) -> OwnEntry:
    """Without the words about pupils whom its author has no longer to do with."""
    told = not is_private(row.scope) or any(covers(grant, row.scope) for grant in grants)
    body = bytes(row.body) if row.body is not None and told else None
    return OwnEntry(
        header=bytes(row.header).decode("utf-8", "surrogatepass"),
        body=None if body is None else body.decode("utf-8", "surrogatepass"),
        receipt=receipt_of_row(row),
    )
