"""What a walker writes down: check-ins, taking one back, the end of a round.

Only the facts; what they mean together is in `ledger.rules.rounds`. A check-in's parts are
dataclasses and not models: they are read by the ten thousand (see `ledger.entry.Header`).
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from ledger.entry import Body, Moment, Name
from ledger.rules.places import Part, Spot


class Method(StrEnum):
    SCAN = "scan"
    DYNAMIC = "dynamic"
    PHOTO = "photo"
    TYPED = "typed"


class Result(StrEnum):
    NORMAL = "normal"
    ABNORMAL = "abnormal"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRead:
    """What was read: a label's token, or the digits typed from it."""

    method: Method
    token: Annotated[str, Field(max_length=16)] = ""
    typed: Annotated[str, Field(max_length=16)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    item: Name
    result: Result
    note: Annotated[str, Field(max_length=500)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSeen:
    """The round as the teacher's phone knew it."""

    plan: Name
    day: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    slot: int
    opens: Moment
    closes: Moment


class CheckInRecorded(Body):
    label: LabelRead
    point: Annotated[str, Field(max_length=120)] = ""
    """Empty when the phone did not know the label's point yet: the server finds it."""
    point_seen: int = 0
    """How many entries of the point its checklist was read from."""
    area: Annotated[str, Field(max_length=120)] = ""
    spot: Spot | None = None
    window: WindowSeen | None = None
    items: Annotated[tuple[ItemResult, ...], Field(max_length=100)] = ()
    note: Annotated[str, Field(max_length=2000)] = ""


class CheckInWithdrawn(Body):
    """The author takes a check-in back; both stay in the history."""

    entry: Name
    because: Annotated[str, Field(max_length=500)] = ""


class MissedPoint(Part):
    point: Name
    because: Annotated[str, Field(min_length=1, max_length=500)]


class RoundClosed(Body):
    """The end of a round. Every point without a check-in is named with a reason."""

    window: WindowSeen | None = None
    points: tuple[Name, ...]
    """All points of the round as its closer knew them."""
    missed: tuple[MissedPoint, ...] = ()
    early: bool = False
