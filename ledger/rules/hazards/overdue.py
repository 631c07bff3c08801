"""Who a late hazard has climbed to: the responsible person, the principal, the district.

A pure function of the deadline and the day, so that every device and the server see the same
without anybody writing anything. The principal sees it on the first day after the deadline and
the district from the fourth (挂牌督办).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.rules.hazards.bodies import HazardGrade
from ledger.rules.hazards.states import DONE, HazardState

UNDONE = frozenset(
    {HazardState.REGISTERED, HazardState.GRADED, HazardState.ASSIGNED, HazardState.RETURNED}
)
"""A rectified hazard isn't late while others take their time to look at it."""


class Climbed(StrEnum):
    NOBODY = "nobody"
    RESPONSIBLE = "responsible"
    PRINCIPAL = "principal"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Ladder:
    """After how many days past the deadline the next one is involved."""

    principal_days: int = 1
    district_days: int = 4


def days_left(deadline: str, today: date) -> int | None:
    """Whole days until the deadline's day; negative once it has passed, None without one."""
    return (date.fromisoformat(deadline) - today).days if deadline else None


def overdue(state: HazardState, deadline: str, today: date) -> bool:
    left = days_left(deadline, today)
    return left is not None and left < 0 and state in UNDONE


def climbed(
    state: HazardState, grade: HazardGrade, deadline: str, today: date, ladder: Ladder | None = None
) -> Climbed:
    """How far it has climbed. An open major hazard is the district's from the first moment."""
    steps = ladder or Ladder()
    if grade is HazardGrade.MAJOR and state not in DONE:
        return Climbed.DISTRICT
    if state not in UNDONE:
        return Climbed.NOBODY
    left = days_left(deadline, today)
    if left is None or left > 0:
        return Climbed.NOBODY
    if -left >= steps.district_days:
        return Climbed.DISTRICT
    return Climbed.PRINCIPAL if -left >= steps.principal_days else Climbed.RESPONSIBLE
