"""Where an arrival stands in its device's chain.

A device's entries are judged in the order of their numbers, each exactly once. What is there
already is a repeat; what comes too early waits; what contradicts what we hold is a fork.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from ledger.bulk import insert_rows
from ledger.chain import Link
from ledger.keys import Head
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Reason
from server.database import upsert
from server.journal.arrivals import Arrival, stand_in_id, understand
from server.tables import CHAIN_END, HELD

NUMBERS_IN_A_RANGE = 5000
# Made once: a push is often a handful of entries, and making its statements took half its time.
_END = select(CHAIN_END.c.number, CHAIN_END.c.hash).where(
    CHAIN_END.c.device == bindparam("of_device")
)
_ENDS = select(CHAIN_END.c.device, CHAIN_END.c.number, CHAIN_END.c.hash).where(
    CHAIN_END.c.device.in_(bindparam("of_devices", expanding=True))
)
_KNOWN = select(
    *(ENTRY.c[name] for name in ("id", "number", "hash", "verdict", "seq", "reason", "remarks"))
)
_KNOWN_BETWEEN = _KNOWN.where(
    ENTRY.c.device == bindparam("of_device"),
    ENTRY.c.number.between(bindparam("low"), bindparam("high")),
)
_EARLY = (
    select(HELD.c.device, *(ENTRY.c[name] for name in ("id", "number", "hash", "header", "body")))
    .join(HELD, HELD.c.id == ENTRY.c.id)
    .where(
        HELD.c.device.in_(bindparam("of_devices", expanding=True)),
        HELD.c.reason == Reason.EARLIER_MISSING.value,
    )
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


class Chains:
    """The chains that one transaction extends: read for many devices at once, written at its end.

    (Two hundred devices that come back together send a handful of entries each: asking for every
    one of them alone took longer than judging what they sent.)
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ends: dict[str, Link] = {}
        self._early: dict[str, list[Arrival]] = {}
        self._moved: set[str] = set()
        self._heads: list[Head] = []

    def expect(self, devices: Collection[str]) -> None:
        """These are going to be opened."""
        wanted = {"of_devices": [device for device in devices if device not in self._ends]}
        if not wanted["of_devices"]:
            return
        self._ends |= dict.fromkeys(wanted["of_devices"], Link())
        for row in self._connection.execute(_ENDS, wanted):
            self._ends[row.device] = Link(row.number, row.hash)
        self._look_for_early(wanted["of_devices"])

    def end(self, device: str) -> Link:
        self.expect([device])
        return self._ends[device]

    def open(self, device: str, known: Iterable[Any]) -> Chain:
        """`known`: the stored rows around the arrivals' numbers."""
        end = self.end(device)
        forked = {one.hash for one in known if one.reason == Reason.CHAIN_FORKED.value}
        return Chain(device, end, end, forked)

    def early(self, device: str) -> list[Arrival]:
        """The entries of this device that wait for an earlier one."""
        if device not in self._early:
            self._look_for_early([device])
        # Its batch changes who waits: a second one has to look again.
        return self._early.pop(device)

    def keep(self, chain: Chain) -> None:
        if chain.end != chain.began:
            self._ends[chain.device] = chain.end
            self._moved.add(chain.device)

    def keep_head(self, head: Head) -> None:
        """Keep the first head a device signed for a number; a second one adds nothing."""
        self._heads.append(head)

    def finish(self) -> None:
        moved = [
            {"device": device, "number": self._ends[device].number, "hash": self._ends[device].hash}
            for device in sorted(self._moved)
        ]
        upsert(self._connection, CHAIN_END, *moved)
        heads = [head.model_dump() for head in self._heads]
        insert_rows(self._connection, HEAD, heads, ignore_known=True)

    def _look_for_early(self, devices: Sequence[str]) -> None:
        self._early |= {device: [] for device in devices}
        for row in self._connection.execute(_EARLY, {"of_devices": devices}):
            self._early[row.device].append(stored_arrival(row))


def chain_end(connection: Connection, device: str) -> Link:
    row = connection.execute(_END, {"of_device": device}).one_or_none()
    return Link() if row is None else Link(row.number, row.hash)


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


def stored_arrival(row: Any) -> Arrival:
    header, body = bytes(row.header), None if row.body is None else bytes(row.body)
    entry = understand(header, body)
    id = row.id if entry is None else entry.header.id
    return Arrival(id, row.number, row.hash, header, body, entry, True, row.id)


def release(connection: Connection, ids: Sequence[str]) -> None:
    """These no longer wait."""
    for start in range(0, len(ids), 400):
        connection.execute(delete(HELD).where(HELD.c.id.in_(ids[start : start + 400])))
