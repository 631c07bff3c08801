"""How a round stands, point by point, as screens show it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ledger.rules.places import Risk


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
