"""Who looked at which pupil's past: written down before it is shown."""

from typing import Any

from ledger.entry import Body
from ledger.rules.dorms.bodies import StudentLookedAt
from ledger.rules.rule import Labels, Role, Submission
from ledger.scopes import audit_scope
from ledger.verdicts import Objection


class LookRule:
    """Every look at a pupil's history leaves a line that the principal can read."""

    prefix = "look"
    bodies: dict[str, type[Body]] = {"student.looked_at": StudentLookedAt}
    writers = {"student.looked_at": frozenset(Role) - {Role.SERVER}}

    def audience(self, school: str, subject: str, body: Body) -> str:
        return audit_scope(school)

    def start(self, school: str, subject: str) -> dict[str, Any]:
        return {"school": school, "subject": subject, "rows": []}

    def judge(
        self, state: dict[str, Any], submission: Submission, labels: Labels
    ) -> Objection | None:
        return None

    def remark(self, submission: Submission, labels: Labels) -> dict[str, Any]:
        return {}

    def apply(self, state: dict[str, Any], submission: Submission) -> None:
        header, body = submission.entry.header, submission.body
        if not isinstance(body, StudentLookedAt):
            return
        state["rows"].append(
            {
                "school": state["school"],
                "id": header.id,
                "subject": state["subject"],
                "student": body.student,
                "actor": header.actor,
                "at": header.at,
                "what": body.what,
            }
        )

    def records(self, state: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        return {"look": state["rows"]} if state["rows"] else {}
