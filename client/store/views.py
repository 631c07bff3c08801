"""Plain values the screens show: frozen, complete, without a way back to the database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ledger.rules.checkins import Method, Result
from ledger.rules.evidence import Doubt, Grade
from ledger.rules.places import DEFAULT_LADDER, LadderStep, Risk, Spot
from ledger.rules.rule import Author, Role
from ledger.verdicts import Reason, Verdict


@dataclass(frozen=True, slots=True)
class PersonView:
    id: str
    name: str
    roles: tuple[Role, ...]
    active: bool
    phone: str = ""
    buildings: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    @property
    def author(self) -> Author:
        """As the rules know them."""
        return Author(
            self.id,
            self.name,
            frozenset(self.roles),
            self.active,
            frozenset(self.buildings),
            frozenset(self.classes),
        )


@dataclass(frozen=True, slots=True)
class SchoolView:
    id: str
    name: str
    district: str
    utc_offset_minutes: int
    ladder: tuple[LadderStep, ...] = DEFAULT_LADDER
    """What follows when a pupil is missing at night."""


@dataclass(frozen=True, slots=True)
class ItemView:
    id: str
    text: str
    measure: str


@dataclass(frozen=True, slots=True)
class LabelView:
    token: str
    typed: str
    version: int
    void: bool


@dataclass(frozen=True, slots=True)
class PointView:
    id: str
    name: str
    area: str
    area_name: str
    risk: Risk
    items: tuple[ItemView, ...]
    labels: tuple[LabelView, ...]
    spot: Spot | None
    order: int
    seen: int

    @property
    def label(self) -> LabelView | None:
        """The label that should hang there now."""
        return next((label for label in reversed(self.labels) if not label.void), None)


@dataclass(frozen=True, slots=True)
class AreaView:
    id: str
    name: str
    responsible: str
    order: int


class PointState(StrEnum):
    """How a point of a round stands."""

    OPEN = "open"
    DONE = "done"
    LATE = "late"
    MISSED = "missed"
    """The round is over and nobody was there."""


@dataclass(frozen=True, slots=True)
class RoundPointView:
    point: str
    name: str
    area_name: str
    risk: Risk
    state: PointState
    check_in: str = ""
    """Id of the check-in that settled it."""
    at: datetime | None = None
    by: str = ""
    abnormal: bool = False
    because: str = ""
    """The reason given when it was missed."""


class RoundStanding(StrEnum):
    AHEAD = "ahead"
    OPEN = "open"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    """Over, with points missing."""


@dataclass(frozen=True, slots=True)
class RoundView:
    subject: str
    plan: str
    plan_name: str
    name: str
    day: str
    slot: int
    opens: datetime
    closes: datetime
    standing: RoundStanding
    closed: bool
    """Somebody ended it; a round whose window passed is over without being closed."""
    mine: bool
    points: tuple[RoundPointView, ...]

    @property
    def done(self) -> int:
        return sum(point.state in (PointState.DONE, PointState.LATE) for point in self.points)

    @property
    def total(self) -> int:
        return len(self.points)

    @property
    def missing(self) -> tuple[RoundPointView, ...]:
        wanting = (PointState.OPEN, PointState.MISSED)
        return tuple(point for point in self.points if point.state in wanting)


@dataclass(frozen=True, slots=True)
class ItemResultView:
    text: str
    result: Result
    note: str


@dataclass(frozen=True, slots=True)
class CheckInView:
    """A line of the desk's table."""

    id: str
    at: datetime
    """Corrected time."""
    day: str
    plan: str
    plan_name: str
    slot: int
    round_name: str
    area: str
    area_name: str
    point: str
    point_name: str
    actor: str
    actor_name: str
    result: Result
    grade: Grade
    late: bool
    withdrawn: bool
    verdict: Verdict


class RecordReach(StrEnum):
    """How far a record of this device has come, by the server's word alone."""

    ONLY_HERE = "only_here"
    """仅本机."""
    ARRIVED = "arrived"
    """记录已到: answered for, and within what the server says it holds."""
    UNSURE = "unsure"
    """待核对: what the server says it holds contradicts our own chain."""


@dataclass(frozen=True, slots=True)
class CheckInDetail:
    """One check-in, opened: everything that was recorded, and how sure it is."""

    line: CheckInView
    device_at: datetime | None
    """What the device's clock said, where that was another time than the corrected one."""
    device_name: str
    opens: datetime | None
    """The round's window as the phone knew it; None outside any plan."""
    closes: datetime | None
    method: Method
    doubts: tuple[Doubt, ...]
    items: tuple[ItemResultView, ...]
    note: str
    seq: int | None
    entry_hash: str
    withdrawn_because: str = ""
    reach: RecordReach = RecordReach.ARRIVED


@dataclass(frozen=True, slots=True)
class CheckInFilter:
    """What the desk wants to see; empty means everything."""

    day_from: str = ""
    day_to: str = ""
    area: str = ""
    actor: str = ""
    result: Result | None = None
    grade: Grade | None = None
    late: bool | None = None
    plan: str = ""
    withdrawn: bool | None = None
    search: str = ""
    """Part of a point's name."""


@dataclass(frozen=True, slots=True)
class CheckInPage:
    rows: tuple[CheckInView, ...]
    total: int
    page: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The check-ins of a day in numbers; those taken back don't count."""

    check_ins: int = 0
    abnormal: int = 0
    late: int = 0
    grade_b: int = 0
    grade_c: int = 0


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
    """Somebody's file, onto this device."""


IN_BYTES = frozenset({Moving.PACKED, Moving.TAKEN_IN})
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


@dataclass(frozen=True, slots=True)
class BundleView:
    """A sealed file with records and photos."""

    path: str
    entries: int
    photos: int
    bytes: int
    known: bool = False
    """It was on this device already."""
