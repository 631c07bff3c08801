"""Phase one of a push: make sense of the texts, without any database.

An entry whose header can't be read still has its place in the chain: the number follows from its
neighbours, and its hash is vouched for by the next header's `previous` or by the signed head.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic_core import from_json

from ledger.entry import Entry, UnreadableEntry, digest, read_entry
from ledger.keys import Head
from ledger.wire.journal import SentEntry
from server.nul import has_nul


@dataclass(slots=True)
class Arrival:
    """An entry as it came in, or one that waited for an earlier one."""

    id: str
    """The id its author knows it by, as far as that can be read."""
    number: int
    hash: str
    header: bytes
    body: bytes | None
    entry: Entry | None
    """None when unreadable."""
    vouched: bool = True
    """False for an unreadable entry that nothing readable names as its predecessor."""
    stored_as: str = ""
    """Its id in the database when it is there already."""

    @classmethod
    def of(cls, entry: Entry) -> "Arrival":
        header = entry.header
        return cls(
            header.id, header.number, entry.hash, entry.header_bytes, entry.body_bytes, entry
        )


def stand_in_id(arrival: Arrival, device: str) -> str:
    """What an entry is stored as when it has no id of its own, or one that is taken."""
    return f"{arrival.hash}@{device}"


def read_arrivals(sent: Sequence[SentEntry], head: Head) -> list[Arrival]:
    """Read a batch from its end, since the end is what the head vouches for."""
    arrivals: list[Arrival] = []
    number, expected = head.number, head.hash
    for one in reversed(sent):
        arrival = _read(one, number, expected)
        arrivals.append(arrival)
        number = arrival.number - 1
        expected = "" if arrival.entry is None else arrival.entry.header.previous
    arrivals.reverse()
    return arrivals


def understand(header: bytes, body: bytes | None) -> Entry | None:
    """The entry these bytes are; None when they are none."""
    try:
        if has_nul(header) or (body is not None and has_nul(body)):
            return None
        return read_entry(header, body)
    except UnreadableEntry:
        return None


def _read(sent: SentEntry, number: int, expected: str) -> Arrival:
    header = sent.header.encode("utf-8", "surrogatepass")
    body = None if sent.body is None else sent.body.encode("utf-8", "surrogatepass")
    entry = understand(header, body)
    if entry is None:
        hash = digest(header)
        # An unreadable neighbour names nothing: position is all there is, and it is enough,
        # because the next readable one vouches for the whole stretch.
        vouched = expected in ("", hash)
        return Arrival(_id_in(header) or hash, number, hash, header, body, None, vouched)
    return Arrival.of(entry)


def _id_in(header: bytes) -> str | None:
    """The id of a header that is JSON but not one we can read: its author waits for an answer."""
    try:
        value = from_json(header)
    except ValueError:
        return None
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str) and len(found) == 36 and "\0" not in found else None
