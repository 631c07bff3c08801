"""未归待查: from the mark that says so to the pupil found, with every call in between.

The law sets no minutes; the school's record says which steps follow when (`LadderStep`).
"""

from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from ledger.entry import Body
from ledger.rules import evidence
from ledger.rules.dorms.bodies import MissingFollowed, MissingFound, MissingRaised, Outcome
from ledger.rules.dorms.rollcall import MARKERS
from ledger.rules.rule import Labels, Role, Submission
from ledger.scopes import pupils_scope
from ledger.verdicts import Objection, Reason

FOLLOWERS = MARKERS | {Role.HOMEROOM_TEACHER, Role.GRADE_HEAD, Role.SERVER}


def missing_subject(building: str, class_id: str, night: str, student: str) -> str:
    return f"missing:{building}:{class_id}:{night}:{student}"


@dataclass(slots=True)
class MissingState:
    school: str
    subject: str
    parts: tuple[str, str, str, str] | None = None
    """Building, class, night, pupil; None when the subject is none that anybody could mean."""
    raised_at: str = ""
    raised_by: str = ""
    room: str = ""
    last_seen: str = ""
    found: dict[str, Any] | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)
    followed: bool = False
    count: int = 0
    pending: bool = False


class MissingRule:
    prefix = "missing"
    bodies: dict[str, type[Body]] = {
        "missing.raised": MissingRaised,
        "missing.followed": MissingFollowed,
        "missing.found": MissingFound,
    }
    writers = {
        "missing.raised": MARKERS,
        "missing.followed": FOLLOWERS,
        "missing.found": FOLLOWERS,
    }

    def audience(self, school: str, subject: str, body: Body) -> str:
        _, building, class_id, *_ = [*subject.split(":"), "", ""]
        return pupils_scope(school, building, class_id)

    def start(self, school: str, subject: str) -> MissingState:
        state = MissingState(school, subject)
        match subject.split(":"):
            case [_, building, class_id, night, student] if building and class_id and student:
                state.parts = (building, class_id, night, student)
        return state

    def judge(self, state: MissingState, submission: Submission, labels: Labels) -> Any:
        if state.parts is None:
            return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "subject"})
        try:
            evidence.true_time(submission.entry.header).astimezone(UTC)
        except (ValueError, OverflowError):
            return Objection(reason=Reason.UNREADABLE, detail={"field": "at"})
        if not state.raised_at and not isinstance(submission.body, MissingRaised):
            return Objection(reason=Reason.NOT_FOUND)
        return None

    def remark(self, submission: Submission, labels: Labels) -> dict[str, Any]:
        return {}

    def apply(self, state: MissingState, submission: Submission) -> None:
        header, body = submission.entry.header, submission.body
        at = evidence.true_time(header).astimezone(UTC).isoformat(timespec="milliseconds")
        state.count += 1
        state.pending |= submission.seq is None
        if isinstance(body, MissingRaised):
            if not state.raised_at or state.found is not None:
                # The clock of the ladder runs from the first mark, or from a second absence.
                state.raised_at, state.raised_by, state.followed = at, header.actor, False
            state.room, state.found = body.room, None
            state.last_seen = body.last_seen or state.last_seen
        elif isinstance(body, MissingFollowed):
            state.steps.append(
                {
                    "by": header.actor,
                    "at": at,
                    "step": body.step,
                    "whom": body.whom,
                    "outcome": body.outcome.value,
                    "note": body.note,
                }
            )
            state.followed |= body.outcome is not Outcome.TOLD
        elif isinstance(body, MissingFound):
            state.found = {"by": header.actor, "at": at, "where": body.where, "note": body.note}
            state.followed = True

    def records(self, state: MissingState) -> dict[str, list[dict[str, Any]]]:
        if state.parts is None or not state.raised_at:
            return {}
        building, class_id, night, student = state.parts
        row = {
            "school": state.school,
            "id": state.subject.partition(":")[2],
            "subject": state.subject,
            "building": building,
            "class_id": class_id,
            "night": night,
            "student": student,
            "raised_at": state.raised_at,
            "raised_by": state.raised_by,
            "followed": state.followed,
            "found_at": state.found["at"] if state.found else "",
            "seen": state.count,
            "pending": state.pending,
            "detail": {
                "room": state.room,
                "last_seen": state.last_seen,
                "steps": state.steps,
                "found": state.found or {},
            },
        }
        return {"missing": [row]}
