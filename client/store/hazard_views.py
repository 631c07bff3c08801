"""What screens show of one hazard: frozen values, names already in place of ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from client.store.photo_views import PhotoView
from ledger.rules.evidence import Doubt, Grade
from ledger.rules.hazards.bodies import Category, HazardGrade, Lane, Source
from ledger.rules.hazards.conditions import Condition
from ledger.rules.hazards.overdue import Climbed
from ledger.rules.hazards.states import HazardState
from ledger.verdicts import Reason, Verdict


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
