"""What a verification finds out."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with an entry. `Broken.detail` says more where it is named here."""

    HASH = "hash"
    """Its header is not the one its hash was taken of."""
    UNREADABLE = "unreadable"
    """Its header is no header, though it is the one that was hashed."""
    COLUMN = "column"
    """The table says something else than the header; detail: the column."""
    BODY = "body"
    """Its body is not the one its header vouches for."""
    MISSING = "missing"
    """It isn't there, and those after it are."""
    SECOND = "second"
    """There is another one with its number, and that is the genuine one."""
    LINK = "link"
    """It does not name the entry before it."""
    ALTERED = "altered"
    """It is not the entry that the one after it names."""
    HEAD = "head"
    """Its device signed for another entry with this number."""
    SIGNATURE = "signature"
    """The signed head that falls on it was not signed by its device."""
    KEY = "key"
    """Nobody introduced the key of its device, so that its signed head says nothing."""
    NOBODY_SIGNED = "nobody_signed"
    """It was answered for, and no signed head vouches for it."""
    SEQ = "seq"
    """Its place in the school's history does not fit; detail: how."""


@dataclass(frozen=True, slots=True)
class Broken:
    device: str
    number: int
    id: str
    """Empty when the entry is missing."""
    fault: Fault
    detail: str = ""


@dataclass(slots=True)
class Report:
    """The counts are of what was seen up to the first broken entry."""

    whole: bool
    """A server's journal, which holds every entry; a phone's holds what it may read."""
    devices: int = 0
    entries: int = 0
    erased: int = 0
    """Entries whose body was erased by law: their place in the chain still verifies."""
    sealed: int = 0
    """Entries about pupils whose body a device keeps sealed: it can't be read from outside."""
    heads: int = 0
    unvouched: int = 0
    """Entries after the last signed head of their device. Those a phone has yet to send are."""
    unchecked_heads: int = 0
    """Heads of devices whose key this journal does not hold."""
    broken: Broken | None = None
