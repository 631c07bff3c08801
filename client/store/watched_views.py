"""What an officer's screens show of the schools' hazards: frozen values, names in place of ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from client.store.hazard_views import HazardStep
from client.store.photo_views import PhotoView
from ledger.rules.district.bodies import Why
from ledger.rules.hazards.bodies import Category, HazardGrade, Source
from ledger.rules.hazards.states import HazardState

WATCHED_ROWS = 50
"""Of a list's page."""


@dataclass(frozen=True, slots=True)
class WatchedLine:
    """A row of the district's list."""

    id: str
    """The school's code, a colon, the hazard's id."""
    subject: str
    school: str
    school_name: str
    number: str
    """编号 at its school."""
    state: HazardState
    grade: HazardGrade
    category: Category
    place: str
    content: str
    responsible: str
    deadline: date | None
    days_left: int | None
    """Negative once it is late."""
    overdue: bool
    reported_at: datetime
    listed_at: datetime
    """When it came onto the district's list."""
    changed_at: datetime
    why: tuple[Why, ...]
    supervised_until: date | None
    supervision_late: bool
    """挂牌督办, and its day has passed with the hazard still open."""
    on_the_way: int
    """Words of the district that the school's journal has yet to show."""
    pending: bool
    """Something of it is only on this device."""
    photo: str
    photos: int


@dataclass(frozen=True, slots=True)
class WatchedDetail:
    line: WatchedLine
    before: tuple[PhotoView, ...]
    after: tuple[PhotoView, ...]
    other: tuple[PhotoView, ...]
    steps: tuple[HazardStep, ...]
    """Oldest first: the school's and the district's own."""
    may: frozenset[str]
    """Kinds of entries this person may write now."""
    source: Source
    condition: str
    """What makes it major, in words."""
    unit: str
    measure: str
    protection: str
    closed_at: datetime | None
    demand: str
    supervised_by: str
    supervised_at: datetime | None


class WatchedShown(StrEnum):
    """Which of them a list holds."""

    OPEN = "open"
    MAJOR = "major"
    """Open and major."""
    OVERDUE = "overdue"
    SUPERVISED = "supervised"
    """Open and 挂牌督办."""
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class WatchedFilter:
    shown: WatchedShown = WatchedShown.OPEN
    school: str = ""
    state: HazardState | None = None
    grade: HazardGrade | None = None
    search: str = ""
    """In school, number, content, place and person."""


@dataclass(frozen=True, slots=True)
class WatchedPage:
    lines: tuple[WatchedLine, ...]
    total: int
    page: int


@dataclass(frozen=True, slots=True)
class WatchedFigures:
    """The district in numbers; each is the length of the list it opens."""

    amounts: Mapping[WatchedShown, int]
    schools: tuple[tuple[str, str], ...]
    """Code and name of every school with something on the list, by name."""

    def of(self, shown: WatchedShown) -> int:
        return self.amounts[shown]
