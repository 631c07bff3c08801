"""Reference data: a subject that is whatever its newest accepted entry says it is.

Areas, points, staff, plans and devices travel the same road as everything else: entries by the
server's own key or a safety officer's device. The author of a change must have seen the newest
state; otherwise someone else was first and the change is refused with who and when.
"""

from dataclasses import dataclass, field
from typing import Any

from ledger.entry import Body
from ledger.rules.rule import Labels, Submission
from ledger.scopes import school_scope
from ledger.verdicts import Objection, Reason


@dataclass(slots=True)
class ReferenceState:
    school: str
    subject: str
    values: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    """What entries other than the plain "set" have added."""
    devices: list[str] = field(default_factory=list)
    """Which device wrote each accepted entry, in their order."""
    changed_by: str = ""
    changed_at: str = ""
    changed_what: str = ""

    @property
    def id(self) -> str:
        return self.subject.partition(":")[2]

    def note(self, submission: Submission) -> None:
        """Remember who changed the subject last, for the one who comes second."""
        header = submission.entry.header
        self.devices.append(header.device)
        self.changed_by = header.actor
        self.changed_at = header.at
        self.changed_what = header.kind

    def overtaken(self, submission: Submission) -> bool:
        """True when another device changed the subject after what this author had seen.

        The author's own entries since then are no surprise: offline one may change a thing
        twice.
        """
        header = submission.entry.header
        return any(device != header.device for device in self.devices[header.seen :])

    def last_change(self) -> dict[str, Any]:
        return {"who": self.changed_by, "at": self.changed_at, "what": self.changed_what}


class ReferenceRule:
    """The rule of every subject of this sort; subclasses name their kinds and their table."""

    prefix: str
    table: str
    bodies: Any
    writers: Any

    def audience(self, school: str, subject: str, body: Body) -> str:
        return school_scope(school)

    def start(self, school: str, subject: str) -> ReferenceState:
        return ReferenceState(school, subject)

    def judge(self, state: Any, submission: Submission, labels: Labels) -> Objection | None:
        if state.overtaken(submission):
            return Objection(reason=Reason.LOST_RACE, detail=state.last_change())
        return None

    def remark(self, submission: Submission, labels: Labels) -> dict[str, Any]:
        return {}

    def apply(self, state: Any, submission: Submission) -> None:
        state.values = submission.body.model_dump(mode="json", exclude={"salt"})
        state.note(submission)

    def records(self, state: Any) -> dict[str, list[dict[str, Any]]]:
        if not state.values:
            return {}
        row = {
            "school": state.school,
            "subject": state.subject,
            "id": state.id,
            "name": state.values.get("name", ""),
            "seen": len(state.devices),
            "detail": {**state.values, **state.extra},
        }
        return {self.table: [row]}
