"""Why somebody is on leave: in an audience of its own, for those alone who need to know."""

from typing import Any

from ledger.entry import Body
from ledger.rules.dorms.bodies import LeaveExplained
from ledger.rules.dorms.leave import ASKERS
from ledger.rules.rule import Labels, Submission
from ledger.scopes import class_scope
from ledger.verdicts import Objection, Reason


def reason_subject(class_id: str, leave: str) -> str:
    return f"reason:{class_id}:{leave}"


class ReasonRule:
    """One reason a leave; a second one takes its place."""

    prefix = "reason"
    bodies: dict[str, type[Body]] = {"leave.explained": LeaveExplained}
    writers = {"leave.explained": ASKERS}

    def audience(self, school: str, subject: str, body: Body) -> str:
        return class_scope(school, [*subject.split(":"), ""][1])

    def start(self, school: str, subject: str) -> dict[str, Any]:
        return {"school": school, "subject": subject}

    def judge(
        self, state: dict[str, Any], submission: Submission, labels: Labels
    ) -> Objection | None:
        if len(state["subject"].split(":")) != 3:
            return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "subject"})
        return None

    def remark(self, submission: Submission, labels: Labels) -> dict[str, Any]:
        return {}

    def apply(self, state: dict[str, Any], submission: Submission) -> None:
        if isinstance(submission.body, LeaveExplained):
            state["reason"] = submission.body.reason

    def records(self, state: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        if "reason" not in state:
            return {}
        _, class_id, leave = state["subject"].split(":")
        row = {
            "school": state["school"],
            "id": leave,
            "subject": state["subject"],
            "class_id": class_id,
            "detail": {"reason": state["reason"]},
        }
        return {"leave_reason": [row]}
