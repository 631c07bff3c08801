"""Check-ins at the desk: the table's lines, one opened, what was asked for, a day in numbers."""

from dataclasses import dataclass
from datetime import datetime

from client.store.hazard_views import HazardLine
from client.store.sync_views import RecordReach
from ledger.rules.checkins import Method, Result
from ledger.rules.evidence import Doubt, Grade
from ledger.verdicts import Verdict


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
    hazards: tuple[HazardLine, ...] = ()
    """Opened by what was abnormal here."""


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
