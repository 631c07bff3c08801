"""Schools, areas, points and their labels: what hangs on the walls of a campus.

A point's state is one record; a label reissued after damage gets a new version, the old one is
void but stays readable.
"""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from ledger.entry import Body, Name
from ledger.rules.reference import ReferenceRule
from ledger.rules.rule import Labels, Role, Submission
from ledger.verdicts import Objection, Reason


class Risk(StrEnum):
    """The four risk colours; a district may use fewer."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Item(Part):
    """A line of a point's checklist: risk point → control measure."""

    id: Name
    text: Annotated[str, Field(min_length=1, max_length=200)]
    measure: Annotated[str, Field(max_length=400)] = ""
    retired: bool = False


class Spot(Part):
    """Where a point is, in metres on the campus plan, and its storey."""

    x: float
    y: float
    floor: int = 1


class Label(Part):
    version: Annotated[int, Field(ge=1)]
    token: Annotated[str, Field(min_length=10, max_length=10)]
    typed: Annotated[str, Field(min_length=8, max_length=8)]
    void_because: str = ""
    void: bool = False


class Called(StrEnum):
    """Who is called on a step of the ladder."""

    HOMEROOM_TEACHER = "homeroom_teacher"
    DUTY_LEADER = "duty_leader"
    GUARDIAN = "guardian"
    PRINCIPAL = "principal"
    POLICE = "police"
    """Whether to call them is the principal's decision."""


class LadderStep(Part):
    minutes: Annotated[int, Field(ge=0, le=24 * 60)]
    """Since the pupil was marked missing."""
    call: Annotated[tuple[Called, ...], Field(min_length=1, max_length=5)]


DEFAULT_LADDER = (
    LadderStep(minutes=0, call=(Called.HOMEROOM_TEACHER,)),
    LadderStep(minutes=10, call=(Called.DUTY_LEADER, Called.GUARDIAN)),
    LadderStep(minutes=30, call=(Called.PRINCIPAL, Called.POLICE)),
)
"""The law sets no minutes: a school sets its own, and has these until it does."""


class SchoolSet(Body):
    name: Name
    district: Name
    utc_offset_minutes: int = 480
    ladder: Annotated[tuple[LadderStep, ...], Field(max_length=10)] = DEFAULT_LADDER
    """What follows when a pupil is missing at night, in the order of its minutes."""


class AreaSet(Body):
    name: Name
    responsible: str = ""
    order: int = 0


class PointSet(Body):
    """A point as it should be from now on; labels are issued by entries of their own."""

    area: Name
    name: Name
    risk: Risk = Risk.BLUE
    items: tuple[Item, ...] = ()
    spot: Spot | None = None
    order: int = 0
    retired: bool = False


class LabelIssued(Body):
    """A new label for the point; every earlier one is void from here on."""

    label: Label
    because: Annotated[str, Field(max_length=200)] = ""


SETTERS = frozenset({Role.SAFETY_OFFICER, Role.PRINCIPAL, Role.SERVER})


class SchoolRule(ReferenceRule):
    prefix = "school"
    table = "school"
    bodies = {"school.set": SchoolSet}
    writers = {"school.set": frozenset({Role.SERVER})}


class AreaRule(ReferenceRule):
    prefix = "area"
    table = "area"
    bodies = {"area.set": AreaSet}
    writers = {"area.set": SETTERS}


class PointRule(ReferenceRule):
    prefix = "point"
    table = "point"
    bodies = {"point.set": PointSet, "label.issued": LabelIssued}
    writers = {"point.set": SETTERS, "label.issued": SETTERS}

    def judge(self, state: Any, submission: Submission, labels: Labels) -> Objection | None:
        body = submission.body
        if not isinstance(body, LabelIssued):
            return super().judge(state, submission, labels)
        if not state.values:
            return Objection(reason=Reason.NOT_FOUND)
        issued = state.extra.get("labels", [])
        if body.label.version != len(issued) + 1:
            return Objection(reason=Reason.LOST_RACE, detail=state.last_change())
        clash = labels.by_token.get(body.label.token) or labels.by_typed.get(body.label.typed)
        if clash is not None:
            return Objection(reason=Reason.ALREADY_EXISTS)
        return None

    def apply(self, state: Any, submission: Submission) -> None:
        body = submission.body
        if not isinstance(body, LabelIssued):
            super().apply(state, submission)
            return
        earlier = [
            {**label, "void": True, "void_because": label["void_because"] or body.because}
            for label in state.extra.get("labels", [])
        ]
        state.extra["labels"] = [*earlier, body.label.model_dump()]
        state.note(submission)

    def records(self, state: Any) -> dict[str, list[dict[str, Any]]]:
        rows = super().records(state)
        labels = state.extra.get("labels", [])
        rows["label"] = [
            {
                "school": state.school,
                "subject": state.subject,
                "point": state.id,
                "token": label["token"],
                "typed": label["typed"],
                "version": label["version"],
                "void": label["void"],
            }
            for label in labels
        ]
        return rows
