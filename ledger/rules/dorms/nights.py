"""A building's night as its entries have left it: which marks stand, who saved which room, whether
it is closed."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from ledger.rules.dorms.bodies import Mark
from ledger.rules.dorms.statuses import Status, gravest

NIGHT_BEGINS = time(12)
"""A night's date is its evening's; it lasts from noon to noon."""


def rollcall_subject(building: str, night: str) -> str:
    return f"rollcall:{building}:{night}"


def night_of(moment: datetime) -> str:
    """The night a moment (in the school's zone) belongs to, as the ISO date of its evening."""
    day = moment.date()
    return (day if moment.time() >= NIGHT_BEGINS else day - timedelta(days=1)).isoformat()


@dataclass(frozen=True, slots=True)
class Seen:
    """One mark that stands."""

    entry: str
    device: str
    by: str
    at: str
    room: str
    mark: Mark

    def as_row(self) -> dict[str, Any]:
        row: dict[str, Any] = {
            "entry": self.entry,
            "by": self.by,
            "at": self.at,
            "status": self.mark.status.value,
        }
        if self.mark.where:
            row["where"] = self.mark.where
        if self.mark.leave:
            row["leave"] = self.mark.leave
        if self.mark.swapped:
            row["swapped"] = True
        return row


@dataclass(slots=True)
class Saved:
    """A saving of a room, as far as undoing it needs."""

    by: str
    room: str
    replaced: dict[str, list[Seen]] = field(default_factory=dict)
    """By pupil: the marks it took the place of."""


@dataclass(slots=True)
class RoomSaves:
    """Who saved a room, and when."""

    saves: list[dict[str, Any]] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    """Pupils who were marked here and live here no longer."""
    pending: bool = False


@dataclass(slots=True)
class RollCallState:
    school: str
    subject: str
    building: str = ""
    night: str = ""
    """Empty when the subject is none that anybody could mean."""
    marks: dict[str, list[Seen]] = field(default_factory=dict)
    """By pupil: the marks that stand. More than one: they contradict each other."""
    rooms: dict[str, RoomSaves] = field(default_factory=dict)
    saved: dict[str, Saved] = field(default_factory=dict)
    """By entry."""
    closing: dict[str, Any] | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0
    pending: bool = False

    def standing(self, student: str) -> Status | None:
        """What counts for a pupil; the gravest while marks contradict each other."""
        marks = self.marks.get(student)
        return gravest([one.mark.status for one in marks]) if marks else None

    def contested(self, student: str) -> bool:
        return len({one.mark.status for one in self.marks.get(student, ())}) > 1

    def settled(self, student: str) -> tuple[Status | None, bool]:
        """What a closing hangs on: a change of it reopens the night."""
        return self.standing(student), self.contested(student)
