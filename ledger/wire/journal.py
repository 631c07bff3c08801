"""Entries on their way: sent, answered for, fetched, and given back to whoever wrote them."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from ledger.entry import LAST_NUMBER
from ledger.keys import Head
from ledger.verdicts import Reason, Verdict
from ledger.wire.protocol import Message

PUSH_LIMIT_ENTRIES = 1000
PULL_LIMIT_ENTRIES = 1000
DAY_OR_NONE = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"


class SentEntry(Message):
    """An entry on its way: the two texts exactly as written."""

    header: str
    body: str | None = None


class Push(Message):
    """POST /v1/push: this device's next entries in the order of their numbers.

    `head` is signed for the last entry in the batch.
    """

    head: Head
    entries: Annotated[list[SentEntry], Field(max_length=PUSH_LIMIT_ENTRIES)]
    abridged: bool = False
    """Hashes that follow from the rest are left empty; see `ledger.abridged`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the server says of one entry. Sending the entry again gets the same answer.

    (A plain dataclass: the server makes one for every entry, of its own words, which need no
    checking. What comes in is checked with the message it is part of.)
    """

    id: str
    verdict: Verdict
    seq: int | None = None
    reason: Annotated[Reason | str | None, Field(union_mode="left_to_right")] = None
    """A text that is no `Reason` is one of a newer server's: kept, and shown after the update."""
    remarks: dict[str, Any] = field(default_factory=dict)


class Pushed(Message):
    receipts: list[Receipt]
    number: int
    """The server holds this device's entries without a gap up to here …"""
    hash: str
    """… and the last of them has this hash."""
    time: str


class Pull(Message):
    """POST /v1/pull: everything after these cursors, and news of these entries of mine."""

    cursors: dict[str, int] = {}
    epoch: Annotated[str, Field(max_length=64)] = ""
    """As in the answer these cursors came with: which of the server's histories they are of."""
    limit: Annotated[int, Field(ge=1, le=PULL_LIMIT_ENTRIES)] = 500
    waiting: Annotated[list[str], Field(max_length=1000)] = []
    """Ids of own entries that are held: their receipts come back when they no longer are …"""
    reasons: Annotated[dict[str, str], Field(max_length=1000)] = {}
    """… or are for another reason than the one said here of each."""
    rounds_from: Annotated[str, Field(pattern=DAY_OR_NONE)] = ""
    """Rounds of earlier days are left out: the device does not keep them. Empty: none are."""


class PulledEntry(Message):
    seq: int
    header: str
    body: str | None = None
    remarks: dict[str, Any] = {}


class Pulled(Message):
    entries: list[PulledEntry]
    """By `seq`; the asking device's own entries are left out, it has their receipts."""
    heads: list[Head]
    """Signed heads that fall on the entries of this answer."""
    cursors: dict[str, int]
    """The new cursor of every scope this device may read; scopes not named are lost."""
    epoch: str = ""
    """To be sent back with the cursors. A server restored from a backup has another one."""
    since: dict[str, int] = {}
    """The cursors this answer reads on from. Where one is smaller than the cursor that was sent,
    the server has lost what came after it and doesn't repeat it here."""
    more: bool
    newest: int = 0
    """The school's newest `seq`: how far there is to go."""
    receipts: list[Receipt]
    number: int
    hash: str
    """As in `Pushed`: what the server holds of the asking device."""
    time: str


class Open(Message):
    """POST /v1/open: what a device that has nothing yet needs first, whole subjects at a time.

    Reference data, rounds of the days from `rounds_from` on, hazards that are not done. It moves
    no cursor: a pull from the beginning brings the rest, and these once more.
    """

    rounds_from: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    after: Annotated[str, Field(max_length=256)] = ""
    """As in the answer before; empty for the first."""
    limit: Annotated[int, Field(ge=1, le=PULL_LIMIT_ENTRIES)] = 1000
    """Entries wanted; a subject is never cut, so there may be more."""


class Opened(Message):
    entries: list[PulledEntry]
    """Every entry of each subject that the asker may read and did not write, by `seq`."""
    heads: list[Head]
    after: str
    more: bool
    total: int = 0
    """How many subjects there are in all …"""
    left: int = 0
    """… and how many come after these."""
    time: str


class OwnAsked(Message):
    """POST /v1/own: this device lost part of its journal and asks for its own entries."""

    after: Annotated[int, Field(ge=0, le=LAST_NUMBER)] = 0
    """The number up to which it has them all."""
    limit: Annotated[int, Field(ge=1, le=PULL_LIMIT_ENTRIES)] = 500


class OwnEntry(Message):
    header: str
    body: str | None = None
    receipt: Receipt


class OwnHeld(Message):
    entries: list[OwnEntry]
    """By number, whatever their verdict; what contradicts the chain is left out."""
    heads: list[Head]
    """Those the device signed for entries of this answer: by them it knows its own again."""
    more: bool
    number: int
    hash: str
    """As in `Pushed`."""
    time: str


class Woken(Message):
    """GET /v1/live (server-sent events, event "journal"): there is something to pull."""

    school: str
    seq: int
