"""Lists of hazards: what is asked for, the page that answers, and a school year in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from client.store.hazard_views import HazardLine
from ledger.rules.hazards.bodies import Category, HazardGrade
from ledger.rules.hazards.states import HazardState

HAZARD_ROWS = 50
"""Of a list's page."""


class HazardColumn(StrEnum):
    """The columns of the ledger 台账, in the order schools keep them. Words:
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
