"""Pupils: as few facts as the duty needs.

A pupil's id is drawn by chance and says nothing; whatever else names them by it is anonymous once
this record is erased. Who moves to another building or class is written twice: `student.left` for
those who looked after them so far, then `student.set` for those who do from now on.
"""

from typing import Annotated, Any

from pydantic import Field

from ledger.entry import Body, Name
from ledger.rules.dorms.buildings import ROSTER_KEEPERS
from ledger.rules.hazards.bodies import Day, Line
from ledger.rules.reference import ReferenceRule
from ledger.rules.rule import Labels, Submission
from ledger.scopes import NOWHERE, Ward, pupils_scope
from ledger.verdicts import Objection, Reason

Phone = Annotated[str, Field(max_length=30)]
CONSENT_AGE_YEARS = 14
"""Below it a guardian's consent is recorded (个人信息保护法, article 31)."""


class _Placed(Body):
    class_id: Ward
    building: Annotated[str, Field(pattern=r"^[^:*\x00-\x1f\x7f]{0,40}$")] = ""
    """Empty for one who does not live at school."""


class StudentSet(_Placed):
    """A pupil as they are from the night of `since` on."""

    name: Name
    number: Line = ""
    """学号, by which a second import knows them again."""
    initials: Line = ""
    """The name's pinyin initials, for searching."""
    sex: Annotated[str, Field(pattern=r"^[fm]?$")] = ""
    room: Annotated[str, Field(max_length=40)] = ""
    bed: Annotated[str, Field(max_length=12)] = ""
    guardian: Line = ""
    phone: Phone = ""
    """The guardian's."""
    since: Day
    consent: Line = ""
    """Version of the consent the guardian gave, and …"""
    consent_on: Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""
    """… the day."""


class StudentLeft(_Placed):
    """From the night of `until` on they live here no longer, or are in this class no longer."""

    until: Day


class StudentRule(ReferenceRule):
    prefix = "student"
    table = "student"
    bodies = {"student.set": StudentSet, "student.left": StudentLeft}
    writers = {kind: ROSTER_KEEPERS for kind in bodies}

    def audience(self, school: str, subject: str, body: Body) -> str:
        where = body if isinstance(body, _Placed) else _Placed(class_id="?")
        return pupils_scope(school, where.building or NOWHERE, where.class_id)

    def judge(self, state: Any, submission: Submission, labels: Labels) -> Objection | None:
        if isinstance(submission.body, StudentLeft) and not state.values:
            return Objection(reason=Reason.NOT_FOUND)
        return super().judge(state, submission, labels)

    def apply(self, state: Any, submission: Submission) -> None:
        body = submission.body
        if isinstance(body, StudentLeft):
            state.extra["until"] = body.until
            state.note(submission)
            return
        super().apply(state, submission)
        state.extra.pop("until", None)

    def records(self, state: Any) -> dict[str, list[dict[str, Any]]]:
        values = state.values
        if not values:
            return {}
        row = {
            "school": state.school,
            "id": state.id,
            "subject": state.subject,
            "building": values["building"],
            "room": values["room"],
            "bed": values["bed"],
            "class_id": values["class_id"],
            "since": values["since"],
            "until": state.extra.get("until", ""),
            "seen": len(state.devices),
            "detail": values,
        }
        return {self.table: [row]}
