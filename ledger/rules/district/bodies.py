"""What stands in the district's journal about a school's hazard.

Facts of the school in words and names, because the district has none of its staff, areas or
points; and nothing of pupils, because a hazard has nothing of them.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from ledger.entry import Body, Moment, Name
from ledger.rules.hazards.bodies import (
    Because,
    Category,
    Day,
    HazardGrade,
    Line,
    Photos,
    Source,
    Text,
)
from ledger.rules.hazards.states import HazardState
from ledger.rules.places import Part

STEPS_AT_MOST = 8
"""Of one entry: the longest steps there can be fit into a body, their photos into a header."""
EntryId = Annotated[str, Field(min_length=36, max_length=36)]


class Why(StrEnum):
    """Why the district hears of it."""

    MAJOR = "major"
    """It is, or was, major 重大."""
    OVERDUE = "overdue"
    """It is so late that it has climbed to the district."""


class WatchedStep(Part):
    """An entry of the hazard at its school: what was done, by whom, with their words."""

    entry: EntryId
    kind: Name
    by: Line = ""
    """The person's name."""
    at: Moment
    device_at: Moment | Literal[""] = ""
    """What the device's clock said, where that was another time."""
    said: dict[Line, Text] = {}
    """Their words by the field's name; people by name."""
    photos: Photos = ()


class WatchedNoted(Body):
    """A hazard as it stands at its school, and what has happened there since the last note."""

    school: Name
    """The school's code."""
    school_name: Name
    why: tuple[Why, ...]
    number: Line = ""
    state: HazardState
    grade: HazardGrade
    category: Category
    source: Source = Source.PATROL
    condition: Text = ""
    """What makes it major, in the words of the list."""
    place: Line = ""
    content: Text = ""
    responsible: Line = ""
    """The person's name."""
    unit: Line = ""
    measure: Text = ""
    protection: Text = ""
    deadline: Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""
    reported_at: Moment
    closed_at: Annotated[str, Field(max_length=40)] = ""
    told: Annotated[int, Field(ge=1)]
    """How many of the hazard's accepted entries the district knows with this one."""
    steps: Annotated[tuple[WatchedStep, ...], Field(max_length=STEPS_AT_MOST)] = ()


class WatchedSupervised(Body):
    """挂牌督办: what the district wants, and until when."""

    demand: Because
    deadline: Day


class WatchedLifted(Body):
    """The supervision ends before the hazard is closed."""

    because: Because


class WatchedNotified(Body):
    """通报: a word to the school about this hazard."""

    text: Because
