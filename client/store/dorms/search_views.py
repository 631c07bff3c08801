"""The plain values of a search for somebody who is missing. Times are in the school's zone."""

from dataclasses import dataclass
from datetime import datetime

from ledger.rules.dorms.bodies import Outcome
from ledger.rules.places import Called


@dataclass(frozen=True, slots=True)
class CallView:
    """Somebody who is called on a step of the ladder."""

    called: Called
    whom: str
    """A staff id, "guardian" or "police"."""
    name: str
    phone: str
    """Empty: nobody has entered one."""
    outcome: Outcome | None = None
    """What came of the last call."""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LadderStepView:
    step: int
    minutes: int
    due: datetime
    calls: tuple[CallView, ...]


@dataclass(frozen=True, slots=True)
class FollowView:
    """A call or another step that was taken."""

    step: int
    whom: str
    name: str
    outcome: Outcome
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MissingView:
    id: str
    building: str
    building_name: str
    class_id: str
    night: str
    student: str
    name: str
    room: str
    bed: str
    raised_at: datetime
    raised_by: str
    last_seen: str
    followed: bool
    pending: bool
    """Something of it is only on this device."""
    ladder: tuple[LadderStepView, ...]
    log: tuple[FollowView, ...]
    found_at: datetime | None = None
    found_by: str = ""
    found_where: str = ""

    @property
    def told(self) -> tuple[FollowView, ...]:
        """Whom the server has told."""
        return tuple(one for one in self.log if one.outcome is Outcome.TOLD)
