"""What can be said of a pupil at night, in the words of a roll-call."""

from enum import StrEnum


class Status(StrEnum):
    PRESENT = "present"
    """在寝."""
    LEAVE = "leave"
    """请假(已批)."""
    SICK = "sick"
    """就医/病房."""
    LATE = "late"
    """晚归."""
    OTHER_ROOM = "other_room"
    """串寝."""
    ACTIVITY = "activity"
    """因公/活动."""
    MISSING = "missing"
    """未归待查."""
    FOUND = "found"
    """已找到."""


ACCOUNTED = frozenset(Status) - {Status.MISSING}
GRAVITY: tuple[Status, ...] = (
    Status.MISSING,
    Status.LATE,
    Status.SICK,
    Status.OTHER_ROOM,
    Status.ACTIVITY,
    Status.LEAVE,
    Status.FOUND,
    Status.PRESENT,
)
"""The gravest first: what counts while two marks of one bed contradict each other."""
EXPLAINED = frozenset({Status.LEAVE, Status.SICK, Status.ACTIVITY})
"""What 全到 leaves as it is."""


def gravest(statuses: "list[Status]") -> Status:
    return min(statuses, key=GRAVITY.index)
