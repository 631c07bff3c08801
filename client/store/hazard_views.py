"""What screens show of hazards: frozen values, names already in place of ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from ledger.rules.evidence import Doubt, Grade
from ledger.rules.hazards.bodies import Category, HazardGrade, Lane, PhotoOrigin, PhotoUse, Source
from ledger.rules.hazards.conditions import Condition
from ledger.rules.hazards.overdue import Climbed
from ledger.rules.hazards.states import HazardState
from ledger.verdicts import Reason, Verdict

HAZARD_ROWS = 50
"""Of a list's page."""


class PhotoReach(StrEnum):
    """How far a photo of this device has come (UX.md: honest marks)."""

    ONLY_HERE = "only_here"
    """仅本机: neither the record nor the photo has reached the district."""
    RECORD_ARRIVED = "record_arrived"
    """记录已到: the photo is still on its way."""
    COMPLETE = "complete"
    """照片齐."""
    REFUSED = "refused"
    """The server will not take it; it stays on this device."""
    OF_OTHERS = "of_others"
    """Taken on another device: how far it has come is not known here."""


@dataclass(frozen=True, slots=True)
class PhotoView:
    hash: str
    use: PhotoUse
    origin: PhotoOrigin
    by: str
    """The person's name."""
    at: datetime
    entry: str
    reach: PhotoReach


@dataclass(frozen=True, slots=True)
class HazardLine:
    """A row of a list or of the ledger 台账."""

    id: str
    subject: str
    number: str
    """编号; empty until the server has given it."""
    state: HazardState
    lane: Lane
    grade: HazardGrade
    category: Category
    source: Source
    area: str
    area_name: str
    point: str
    point_name: str
    place: str
    """Where, as words: the point's name, or what the finder wrote, or the area's."""
    content: str
    """What is wrong; where nothing was written, the checklist item's text. May be empty."""
    reporter: str
    reporter_name: str
    responsible: str
    responsible_name: str
    reported_at: datetime
    changed_at: datetime
    deadline: date | None
    days_left: int | None
    """Negative once it is late."""
    overdue: bool
    climbed: Climbed
    asked_until: date | None
    """The person asks for this deadline instead; waits for an answer."""
    pending: bool
    """Something of it is only on this device."""
    photo: str
    """Hash of the first photo; empty when there is none."""
    photos: int
    basis: str
    """依据 in full."""
    measure: str
    unit: str
    funds: float
    """In yuan."""
    protection: str
    done_at: datetime | None
    accepted_by_name: str
    closed_at: datetime | None
    before: tuple[str, ...]
    """Hashes of photos."""
    after: tuple[str, ...]
    supervised_until: date | None = None
    """挂牌督办 by the district until then."""


@dataclass(frozen=True, slots=True)
class HazardStep:
    """One line of the history."""

    entry: str
    kind: str
    by: str
    by_name: str
    at: datetime
    """Corrected by what the device knew of the server's time."""
    said: Mapping[str, Any]
    """The body's fields as written, without defaults."""
    photos: tuple[PhotoView, ...]
    verdict: Verdict
    """REFUSED: not adopted, and only on this device; what was written is kept."""
    reason: Reason | None = None
    reason_detail: tuple[tuple[str, str], ...] = ()
    withdrawn: bool = False
    on_the_way: bool = False
    """What the district said, and the school's own journal has yet to show."""
    device_at: datetime | None = None
    """What the device's clock said, where that was another time."""


@dataclass(frozen=True, slots=True)
class Supervision:
    """挂牌督办, as the school sees it."""

    until: date
    demand: str
    by: str
    office: str


@dataclass(frozen=True, slots=True)
class HazardDetail:
    line: HazardLine
    before: tuple[PhotoView, ...]
    after: tuple[PhotoView, ...]
    other: tuple[PhotoView, ...]
    steps: tuple[HazardStep, ...]
    """Oldest first."""
    may: frozenset[str]
    """Kinds of entries this person may write now, by the table of states."""
    needs_protection: bool
    """Major and without interim protection."""
    needs_reason: bool
    """Late, and nobody has said why."""
    item: str
    condition: Condition | None
    """Of the list of what is major; None when none was chosen."""
    unit: str
    measure: str
    done: str
    protection: str
    funds: float
    basis: str
    assigned_by: str
    assigned_at: datetime | None
    acknowledged_at: datetime | None
    done_at: datetime | None
    accepted_by: str
    accepted_at: datetime | None
    closed_by: str
    closed_at: datetime | None
    returned_because: str
    times_returned: int
    asked_because: str
    overdue_because: str
    reopened_because: str
    evidence: Grade
    doubts: tuple[Doubt, ...]
    supervision: Supervision | None = None


class HazardColumn(StrEnum):
    """The columns of the ledger 台账 (DOMAIN.md, "Hazard"), in their order. Words:
    `reports.column_…`."""

    NUMBER = "number"
    SOURCE = "source"
    FOUND_AT = "found_at"
    PLACE = "place"
    CONTENT = "content"
    CATEGORY = "category"
    GRADE = "grade"
    BASIS = "basis"
    MEASURE = "measure"
    UNIT = "unit"
    RESPONSIBLE = "responsible"
    DEADLINE = "deadline"
    FUNDS = "funds"
    PROTECTION = "protection"
    STATE = "state"
    DONE_AT = "done_at"
    ACCEPTED_BY = "accepted_by"
    CLOSED_AT = "closed_at"
    PHOTOS = "photos"


class Shown(StrEnum):
    """Which hazards a list holds."""

    MINE = "mine"
    """Waiting for this person: to rectify, or reported by them and still open."""
    DECIDE = "decide"
    """Waiting for a decision."""
    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class HazardFilter:
    shown: Shown = Shown.OPEN
    school_year: int = 0
    """The year it began in (September); 0 is all years."""
    state: HazardState | None = None
    grade: HazardGrade | None = None
    category: Category | None = None
    area: str = ""
    person: str = ""
    """Staff id of the responsible person or the reporter."""
    search: str = ""
    """In number, content and place."""
    order: HazardColumn | None = None
    """None: what waits first where something waits, else the newest first."""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class HazardPage:
    lines: tuple[HazardLine, ...]
    total: int
    page: int


@dataclass(frozen=True, slots=True)
class HazardFigures:
    """One school year in numbers; each is the length of the list it opens."""

    school_year: int
    found: int
    done: int
    open: int
    overdue: int
    to_decide: int
    open_by_grade: Mapping[HazardGrade, int] = field(default_factory=dict)
    open_by_category: Mapping[Category, int] = field(default_factory=dict)

    @property
    def rate(self) -> float | None:
        """整改率: what is done of what was found; None when nothing was found."""
        return self.done / self.found if self.found else None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture taken and not saved yet: a file of the drafts' folder."""

    name: str
    use: PhotoUse = PhotoUse.BEFORE
    origin: PhotoOrigin = PhotoOrigin.CAMERA
    strokes: tuple[tuple[str, float, float, float, float], ...] = ()
    """"arrow" or "circle" with two corners as parts (0 to 1) of the picture's sides."""


@dataclass(frozen=True, slots=True)
class HazardDraft:
    """A report being written; kept at every change, so that a killed app loses nothing."""

    pictures: tuple[Picture, ...] = ()
    content: str = ""
    lane: Lane = Lane.DEADLINE
    source: Source = Source.PATROL
    category: Category = Category.OTHER
    grade: HazardGrade = HazardGrade.GENERAL
    condition: str = ""
    area: str = ""
    point: str = ""
    place: str = ""
    item: str = ""
    check_in: str = ""
    measure: str = ""
    """On the spot: what was done."""
    protection: str = ""
    """Asked for when it is major."""


@dataclass(frozen=True, slots=True)
class RectifyDraft:
    """A rectification being written."""

    pictures: tuple[Picture, ...] = ()
    done: str = ""
    funds: float = 0.0
    overdue_because: str = ""
    protection: str = ""
