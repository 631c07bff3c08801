"""请假: asked for, decided by who may, back again. Why is written in an audience of its own."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from ledger.entry import Body, Header
from ledger.rules import evidence
from ledger.rules.dorms.bodies import (
    LeaveApproved,
    LeaveCancelled,
    LeaveDeclined,
    LeaveRequested,
    LeaveReturned,
)
from ledger.rules.rule import Author, Labels, Role, Submission
from ledger.scopes import pupils_scope
from ledger.verdicts import Objection, Reason

HOMEROOM_LIMIT = timedelta(days=1)
"""Up to so long a homeroom teacher decides; beyond, the grade head or the principal."""
ASKERS = frozenset(
    {
        Role.HOMEROOM_TEACHER,
        Role.GRADE_HEAD,
        Role.DORM_SUPERVISOR,
        Role.DUTY_LEADER,
        Role.SAFETY_OFFICER,
        Role.PRINCIPAL,
    }
)
LEAVE_DECIDERS = frozenset({Role.HOMEROOM_TEACHER, Role.GRADE_HEAD, Role.PRINCIPAL})


class LeaveState(StrEnum):
    REQUESTED = "requested"
    """待批."""
    APPROVED = "approved"
    """已批."""
    DECLINED = "declined"
    """未批准."""
    CANCELLED = "cancelled"
    """已取消."""
    RETURNED = "returned"
    """已销假."""


BEGINS: dict[type[Body], frozenset[LeaveState]] = {
    LeaveApproved: frozenset({LeaveState.REQUESTED}),
    LeaveDeclined: frozenset({LeaveState.REQUESTED}),
    LeaveCancelled: frozenset({LeaveState.REQUESTED, LeaveState.APPROVED}),
    LeaveReturned: frozenset({LeaveState.APPROVED}),
}
LEADS_TO: dict[type[Body], LeaveState] = {
    LeaveApproved: LeaveState.APPROVED,
    LeaveDeclined: LeaveState.DECLINED,
    LeaveCancelled: LeaveState.CANCELLED,
    LeaveReturned: LeaveState.RETURNED,
}


def leave_subject(building: str, class_id: str, leave: str) -> str:
    """`building` is `ledger.scopes.NOWHERE` for one who does not live at school."""
    return f"leave:{building}:{class_id}:{leave}"


def may_decide(author: Author, class_id: str, length: timedelta) -> bool:
    """Whether the leave of this class and length is theirs to decide."""
    if Role.PRINCIPAL in author.roles:
        return True
    if class_id not in author.classes:
        return False
    if Role.GRADE_HEAD in author.roles:
        return True
    return Role.HOMEROOM_TEACHER in author.roles and length <= HOMEROOM_LIMIT


def decides_alone(author: Author, class_id: str, length: timedelta) -> bool:
    """A homeroom teacher who enters a day's leave of their own class has decided it, too; nobody
    else decides what they asked for themselves."""
    return (
        Role.HOMEROOM_TEACHER in author.roles
        and class_id in author.classes
        and length <= HOMEROOM_LIMIT
    )


@dataclass(slots=True)
class LeaveStanding:
    school: str
    subject: str
    parts: tuple[str, str, str] | None = None
    """Building, class, leave id; None when the subject is none that anybody could mean."""
    state: LeaveState | None = None
    request: LeaveRequested | None = None
    requested_by: str = ""
    decided_by: str = ""
    returned_at: str = ""
    history: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0
    pending: bool = False

    @property
    def length(self) -> timedelta:
        if self.request is None:
            return timedelta()
        return evidence.moment(self.request.ends) - evidence.moment(self.request.starts)


class LeaveRule:
    prefix = "leave"
    bodies: dict[str, type[Body]] = {
        "leave.requested": LeaveRequested,
        "leave.approved": LeaveApproved,
        "leave.declined": LeaveDeclined,
        "leave.cancelled": LeaveCancelled,
        "leave.returned": LeaveReturned,
    }
    writers = {
        "leave.requested": ASKERS,
        "leave.approved": LEAVE_DECIDERS,
        "leave.declined": LEAVE_DECIDERS,
        "leave.cancelled": ASKERS,
        "leave.returned": ASKERS,
    }

    def audience(self, school: str, subject: str, body: Body) -> str:
        _, building, class_id, *_ = [*subject.split(":"), "", ""]
        return pupils_scope(school, building, class_id)

    def start(self, school: str, subject: str) -> LeaveStanding:
        standing = LeaveStanding(school, subject)
        match subject.split(":"):
            case [_, building, class_id, leave] if building and class_id and leave:
                standing.parts = (building, class_id, leave)
        return standing

    def judge(
        self, state: LeaveStanding, submission: Submission, labels: Labels
    ) -> Objection | None:
        header, body = submission.entry.header, submission.body
        if state.parts is None:
            return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "subject"})
        try:
            evidence.true_time(header).astimezone(UTC)
            if isinstance(body, LeaveRequested):
                return self._judge_request(state, body)
            if isinstance(body, LeaveReturned):
                evidence.moment(body.at)
        except (ValueError, OverflowError):
            return Objection(reason=Reason.UNREADABLE, detail={"field": "at"})
        if state.state is None:
            return Objection(reason=Reason.NOT_FOUND)
        return _judge_state(state, header, body) or _judge_person(state, submission)

    @staticmethod
    def _judge_request(state: LeaveStanding, body: LeaveRequested) -> Objection | None:
        if state.state is not None:
            return Objection(reason=Reason.ALREADY_EXISTS)
        if evidence.moment(body.ends) <= evidence.moment(body.starts):
            return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "ends_after_start"})
        return None

    def remark(self, submission: Submission, labels: Labels) -> dict[str, Any]:
        return {}

    def apply(self, state: LeaveStanding, submission: Submission) -> None:
        header, body = submission.entry.header, submission.body
        at = _utc(evidence.true_time(header))
        state.count += 1
        state.pending |= submission.seq is None
        note = getattr(body, "because", "") or getattr(body, "note", "")
        state.history.append({"what": header.kind, "by": header.actor, "at": at, "note": note})
        if isinstance(body, LeaveRequested):
            state.state, state.request = LeaveState.REQUESTED, body
            state.requested_by = header.actor
            return
        state.state = LEADS_TO[type(body)]
        if isinstance(body, LeaveApproved | LeaveDeclined):
            state.decided_by = header.actor
        elif isinstance(body, LeaveReturned):
            state.returned_at = _utc(evidence.moment(body.at))

    def records(self, state: LeaveStanding) -> dict[str, list[dict[str, Any]]]:
        if state.parts is None or state.request is None or state.state is None:
            return {}
        building, class_id, leave = state.parts
        asked = state.request
        row = {
            "school": state.school,
            "id": leave,
            "subject": state.subject,
            "building": building,
            "class_id": class_id,
            "student": asked.student,
            "state": state.state.value,
            "starts_at": _utc(evidence.moment(asked.starts)),
            "ends_at": _utc(evidence.moment(asked.ends)),
            "returned_at": state.returned_at,
            "requested_by": state.requested_by,
            "decided_by": state.decided_by,
            "seen": state.count,
            "pending": state.pending,
            "detail": {
                "sort": asked.sort.value,
                "pick_up": asked.pick_up,
                "phone": asked.phone,
                "history": state.history,
            },
        }
        return {"leave": [row]}


def _judge_state(state: LeaveStanding, header: Header, body: Body) -> Objection | None:
    if state.state in BEGINS[type(body)]:
        return None
    last = state.history[-1]
    if state.count > header.seen and last["by"] != header.actor:
        detail = {"who": last["by"], "at": last["at"], "what": last["what"]}
        return Objection(reason=Reason.LOST_RACE, detail=detail)
    detail = {"state": state.state.value if state.state else ""}
    return Objection(reason=Reason.WRONG_STATE, detail=detail)


def _judge_person(state: LeaveStanding, submission: Submission) -> Objection | None:
    header, body, author = submission.entry.header, submission.body, submission.author
    if not isinstance(body, LeaveApproved | LeaveDeclined) or author is None:
        return None
    class_id = state.parts[1] if state.parts else ""
    if not may_decide(author, class_id, state.length):
        return Objection(reason=Reason.NOT_ALLOWED, detail={"kind": header.kind})
    alone = decides_alone(author, class_id, state.length)
    if isinstance(body, LeaveApproved) and state.requested_by == header.actor and not alone:
        return Objection(reason=Reason.OWN_WORK)
    return None


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
