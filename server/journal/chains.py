"""Where an arrival stands in its device's chain.

A device's entries are judged in the order of their numbers, each exactly once. What is there
already is a repeat; what comes too early waits; what contradicts what we hold is a fork.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from ledger.chain import Link
from ledger.keys import Head
from ledger.tables import ENTRY, HEAD
from ledger.verdicts import Reason
from server.journal.arrivals import Arrival, stand_in_id, understand
from server.tables import CHAIN_END, HELD

NUMBERS_IN_A_RANGE = 5000
# Made once: a push is often a handful of entries, and making its statements took half its time.
_END = select(CHAIN_END.c.number, CHAIN_END.c.hash).where(
    CHAIN_END.c.device == bindparam("of_device")
)
_MOVE_END = (
    update(CHAIN_END)
    .where(CHAIN_END.c.device == bindparam("of_device"))
    .values(number=bindparam("to_number"), hash=bindparam("to_hash"))
)
_KNOWN = select(
    *(ENTRY.c[name] for name in ("id", "number", "hash", "verdict", "seq", "reason", "remarks"))
)
_KNOWN_BETWEEN = _KNOWN.where(
    ENTRY.c.device == bindparam("of_device"),
    ENTRY.c.number.between(bindparam("low"), bindparam("high")),
)
_EARLY = (
    select(ENTRY.c.id, ENTRY.c.number, ENTRY.c.hash, ENTRY.c.header, ENTRY.c.body)
    .join(HELD, HELD.c.id == ENTRY.c.id)
    .where(HELD.c.device == bindparam("of_device"), HELD.c.reason == Reason.EARLIER_MISSING.value)
)
_HEAD_THERE = select(HEAD.c.device).where(
    HEAD.c.device == bindparam("of_device"), HEAD.c.number == bindparam("at_number")
)


class Place(StrEnum):
    NEXT = "next"
    EARLY = "early"
    FORKED = "forked"
    ADRIFT = "adrift"
    """Unreadable, and nothing shows that it belongs to the chain at all."""


@dataclass(slots=True)
class Chain:
    """One device's chain as far as we hold it, while a transaction extends it."""

    device: str
    end: Link
    began: Link
    forked: set[str]
    """Hashes of entries that contradict the chain: whatever follows one of them does too."""

    def place(self, arrival: Arrival) -> Place:
        previous = None if arrival.entry is None else arrival.entry.header.previous
        if arrival.number <= self.end.number or previous in self.forked:
            return self._fork(arrival)
        if not arrival.vouched:
            return Place.ADRIFT
        if arrival.number > self.end.number + 1:
            return Place.EARLY
        if previous is not None and previous != self.end.hash:
            return self._fork(arrival)
        self.end = Link(arrival.number, arrival.hash)
        return Place.NEXT

    def _fork(self, arrival: Arrival) -> Place:
        self.forked.add(arrival.hash)
        return Place.FORKED


def open_chain(connection: Connection, device: str, known: Iterable[Any]) -> Chain:
    """`known`: the stored rows around the arrivals' numbers."""
    row = connection.execute(_END, {"of_device": device}).one_or_none()
    end = Link() if row is None else Link(row.number, row.hash)
    forked = {one.hash for one in known if one.reason == Reason.CHAIN_FORKED.value}
    return Chain(device, end, end, forked)


def chain_end(connection: Connection, device: str) -> Link:
    return open_chain(connection, device, ()).end


def keep_chain(connection: Connection, chain: Chain) -> None:
    if chain.end == chain.began:
        return
    number, hash = chain.end.number, chain.end.hash
    there = {"of_device": chain.device, "to_number": number, "to_hash": hash}
    if not connection.execute(_MOVE_END, there).rowcount:
        row = {"device": chain.device, "number": number, "hash": hash}
        connection.execute(insert(CHAIN_END), row)


def known_rows(connection: Connection, device: str, arrivals: Sequence[Arrival]) -> Sequence[Any]:
    """What we hold of this device at the arrivals' numbers, and just before."""
    numbers = [arrival.number for arrival in arrivals]
    low, high = min(numbers, default=0) - 1, max(numbers, default=0)
    unreadable = [one for one in arrivals if one.entry is None]
    if high - low <= NUMBERS_IN_A_RANGE and not unreadable:
        among = {"of_device": device, "low": low, "high": high}
        return connection.execute(_KNOWN_BETWEEN, among).all()
    where = ENTRY.c.number.between(low, high)
    if high - low > NUMBERS_IN_A_RANGE:
        where = ENTRY.c.number.in_({one - shift for one in numbers for shift in (0, 1)})
    if unreadable:
        # Their numbers are only their position, which may differ from last time.
        where |= ENTRY.c.id.in_([stand_in_id(one, device) for one in unreadable])
    return connection.execute(_KNOWN.where(ENTRY.c.device == device, where)).all()


def early_ones(connection: Connection, device: str) -> list[Arrival]:
    """The entries of this device that wait for an earlier one."""
    return [stored_arrival(row) for row in connection.execute(_EARLY, {"of_device": device})]


def stored_arrival(row: Any) -> Arrival:
    header, body = bytes(row.header), None if row.body is None else bytes(row.body)
    entry = understand(header, body)
    id = row.id if entry is None else entry.header.id
    return Arrival(id, row.number, row.hash, header, body, entry, True, row.id)


def keep_head(connection: Connection, head: Head) -> None:
    """Keep the first head a device signed for a number; a second one adds nothing."""
    place = {"of_device": head.device, "at_number": head.number}
    if connection.execute(_HEAD_THERE, place).first() is None:
        connection.execute(insert(HEAD), head.model_dump())


def release(connection: Connection, ids: Sequence[str]) -> None:
    """These no longer wait."""
    for start in range(0, len(ids), 400):
        connection.execute(delete(HELD).where(HELD.c.id.in_(ids[start : start + 400])))
