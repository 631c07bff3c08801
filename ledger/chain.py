"""Is this stretch of a device's journal unbroken?"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ledger.entry import START_HASH, Entry


class Break(StrEnum):
    """What is wrong with the first entry that breaks a chain."""

    GAP = "gap"
    FORK = "fork"
    LINK = "link"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Link:
    """The end of a chain as far as it is known."""

    number: int = 0
    hash: str = START_HASH


@dataclass(frozen=True, slots=True)
class BrokenChain:
    entry: Entry
    what: Break


def follow(link: Link, entries: Iterable[Entry]) -> tuple[Link, BrokenChain | None]:
    """Walk one device's entries in the order of their numbers from `link` on.

    Returns the last good link and the first break, None when all hold. Bodies are checked too.
    """
    for entry in entries:
        what = break_after(link, entry)
        if what is not None:
            return link, BrokenChain(entry, what)
        if not entry.body_is_genuine:
            return link, BrokenChain(entry, Break.BODY)
        link = Link(entry.header.number, entry.hash)
    return link, None


def break_after(link: Link, entry: Entry) -> Break | None:
    """What keeps `entry` from being the next one after `link`; None when it is."""
    header = entry.header
    if header.number <= link.number:
        return Break.FORK
    if header.number > link.number + 1:
        return Break.GAP
    if header.previous != link.hash:
        return Break.LINK
    return None
