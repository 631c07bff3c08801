"""How far this device's records have come, as the chip and the sync centre say it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ledger.verdicts import Reason, Verdict


class RecordReach(StrEnum):
    """How far a record of this device has come, by the server's word alone."""

    ONLY_HERE = "only_here"
    """仅本机."""
    ARRIVED = "arrived"
    """记录已到: answered for, and within what the server says it holds."""
    UNSURE = "unsure"
    """待核对: what the server says it holds contradicts our own chain."""


@dataclass(frozen=True, slots=True)
class QueuedEntry:
    """An own entry in the sync centre."""

    id: str
    number: int
    kind: str
    at: datetime
    about: str
    """The name of what it is about: a point, a round."""
    verdict: Verdict
    reason: Reason | None
    detail: tuple[tuple[str, str], ...]
    """Values for the reason's sentence."""
    reach: RecordReach = RecordReach.ARRIVED


class Reach(StrEnum):
    """How the server was reached last."""

    NEVER = "never"
    ONLINE = "online"
    OFFLINE = "offline"
    REFUSED = "refused"
    """Reached, but it does not serve us: sign in again, outdated, revoked, not ours."""


class ServerWord(StrEnum):
    """What the server last said it holds of this device, measured against our own chain."""

    UNSPOKEN = "unspoken"
    BEHIND = "behind"
    """Up to a number that is not our newest."""
    WHOLE = "whole"
    """Everything, and its last hash is ours."""
    DISPUTED = "disputed"
    """Another hash than ours, or more than we wrote: a person has to look."""


class Moving(StrEnum):
    """What a long run is moving: the sync's three lanes, and bundles."""

    RECORDS = "records"
    NEWS = "news"
    PHOTOS = "photos"
    PACKED = "packed"
    """Unsent records and photos, into a file."""
    TAKEN_IN = "taken_in"
    """Somebody's file, onto this device …"""
    DELIVERED = "delivered"
    """… and from there to the server."""


IN_BYTES = frozenset({Moving.PACKED, Moving.TAKEN_IN, Moving.DELIVERED})
"""These are counted in bytes, all others in entries or photos."""


@dataclass(frozen=True, slots=True)
class ProgressView:
    """How far a long run has come: entries or photos, or bytes (`IN_BYTES`)."""

    moving: Moving
    done: int
    total: int
    seconds_left: int | None = None
    """None until that can be told."""


@dataclass(frozen=True, slots=True)
class ProblemView:
    """Something that went wrong while syncing; `word` is the key of its sentence."""

    at: datetime
    word: str


@dataclass(frozen=True, slots=True)
class TrafficView:
    """Bytes of this device's link to the server today, as they left and came."""

    sent: int = 0
    received: int = 0


@dataclass(frozen=True, slots=True)
class SyncView:
    """What the chip and the sync centre say."""

    reach: Reach
    since: datetime | None
    """When `reach` became what it is."""
    last_complete: datetime | None
    pending: int
    """Own entries the server has not answered for."""
    held: int
    refused: int
    """Refused ones the person has not put aside yet."""
    problem: str
    """A key of the catalogue `problems`, or empty."""
    word: ServerWord
    confirmed: int
    """The server's word: it holds this device's entries without a gap up to here …"""
    written: int
    """The number of this device's newest entry."""
    confirmed_hash: str = ""
    """… and the last of them has this hash …"""
    confirmed_at: datetime | None = None
    """… as it said then for the first time."""
    paused: bool = False
    """The person has stopped the sync; entries are kept and wait."""
    progress: ProgressView | None = None
    """Of a run long enough to be shown."""
    parked: int = 0
    """Entries of anybody that a rule of this version stumbled over: kept, and not shown."""
    newer: int = 0
    """Entries of anybody that only a newer app can show."""
    photos: int = 0
    """Own photos that have not reached the server yet; their records may have."""
    photos_refused: int = 0
    photos_wait_for_wifi: bool = False
    """The person chose so, and this connection is mobile data."""
    problems: tuple[ProblemView, ...] = ()
    """The last ones, newest first."""
    today: TrafficView = TrafficView()

    @property
    def busy(self) -> bool:
        return self.progress is not None and not self.paused

    @property
    def all_synced(self) -> bool:
        """The server has said so, and its hash is ours: never because everything was sent."""
        return self.pending == 0 and self.held == 0 and self.word is ServerWord.WHOLE

    @property
    def disputed(self) -> bool:
        return self.word is ServerWord.DISPUTED
