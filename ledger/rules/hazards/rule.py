"""The hazard's rule: the table of states applied to entries, and the row a hazard stands for."""

from dataclasses import dataclass, field
from datetime import UTC, date
from typing import Any

from ledger.entry import Body, Header
from ledger.rules import evidence
from ledger.rules.evidence import Doubt
from ledger.rules.hazards import bodies
from ledger.rules.hazards.bodies import HazardGrade, HazardReported, Lane, PhotoOrigin, PhotoUse
from ledger.rules.hazards.states import DECIDERS, DONE, MOVES, TABLE, By, HazardState, Move
from ledger.rules.rule import Labels, Submission
from ledger.scopes import school_scope
from ledger.verdicts import Objection, Reason

NUMBER = "number"
"""The remark with the number 编号 the server gave, such as "2026-0012"."""
SUPERVISION = ("supervised_until", "supervised_demand", "supervised_by", "supervised_office")
"""What the district has said last; taking back a step of the school's own leaves it alone."""


@dataclass(slots=True)
class Change:
    """An entry that was applied, as far as a later author may not have seen it."""

    entry: str
    device: str
    by: str
    at: str
    kind: str
    matters: bool
    """It changed the state or decided something; a comment overtakes nobody."""
    before: "Before | None" = None
    """What it changed, for taking it back; None for the report, which stays."""


@dataclass(frozen=True, slots=True)
class Before:
    """A hazard as it was before a step; photos and history only grow, and what the district said
    is not the school's to take back."""

    state: HazardState | None
    row: dict[str, Any]
    detail: dict[str, Any]
    rectifier: str


@dataclass(slots=True)
class HazardStanding:
    school: str
    subject: str
    state: HazardState | None = None
    """None before it was reported."""
    row: dict[str, Any] = field(default_factory=dict)
    """The columns and, under "detail", what screens show."""
    trail: list[Change] = field(default_factory=list)
    rectifier: str = ""
    doubts: set[Doubt] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        return self.subject.partition(":")[2]

    def overtaken_by(self, header: Header) -> Change | None:
        """The first change by another device since what this author had seen."""
        later = self.trail[header.seen :]
        return next((one for one in later if one.matters and one.device != header.device), None)


class HazardRule:
    prefix = "hazard"
    bodies: dict[str, type[Body]] = {move.kind: move.body for move in TABLE}
    writers = {move.kind: move.writers for move in TABLE}

    def audience(self, school: str, subject: str, body: Body) -> str:
        return school_scope(school)

    def start(self, school: str, subject: str) -> HazardStanding:
        return HazardStanding(school, subject)

    def judge(
        self, state: HazardStanding, submission: Submission, labels: Labels
    ) -> Objection | None:
        header, body = submission.entry.header, submission.body
        move = MOVES[header.kind]
        try:
            evidence.true_time(header).astimezone(UTC)
        except (ValueError, OverflowError):
            return Objection(reason=Reason.UNREADABLE, detail={"field": "at"})
        if isinstance(body, bodies.HazardWithdrawn):
            return _judge_withdrawal(state, body, header)
        return (
            self._judge_state(state, move, header)
            or self._judge_person(state, move, submission)
            or self._judge_content(state, body, header)
        )

    def _judge_state(self, state: HazardStanding, move: Move, header: Header) -> Objection | None:
        if not move.begins:
            if state.state is not None:
                return Objection(reason=Reason.ALREADY_EXISTS)
            return None
        if state.state is None:
            return Objection(reason=Reason.NOT_FOUND)
        first = state.overtaken_by(header)
        allowed = state.state in move.begins
        if first is not None and (move.decides or not allowed):
            detail = {"who": first.by, "at": first.at, "what": first.kind}
            return Objection(reason=Reason.LOST_RACE, detail=detail)
        if not allowed and state.state in DONE:
            last = next(one for one in reversed(state.trail) if one.matters)
            return Objection(reason=Reason.ALREADY_CLOSED, detail={"who": last.by, "at": last.at})
        if not allowed:
            return Objection(reason=Reason.WRONG_STATE, detail={"state": state.state.value})
        return None

    def _judge_person(
        self, state: HazardStanding, move: Move, submission: Submission
    ) -> Objection | None:
        header, roles = submission.entry.header, submission.roles
        responsible = state.row.get("responsible", "")
        if (
            move.by is By.RESPONSIBLE_OR_DECIDER
            and roles is not None
            and not roles & DECIDERS
            and header.actor != responsible
        ):
            return Objection(reason=Reason.NOT_YOURS)
        if move.by is By.RESPONSIBLE and header.actor != responsible:
            return Objection(reason=Reason.NOT_YOURS)
        if move.by is By.NOT_THE_RECTIFIER and header.actor == state.rectifier:
            return Objection(reason=Reason.OWN_WORK)
        if move.by is By.NOT_THE_RESPONSIBLE and header.actor == responsible:
            return Objection(reason=Reason.OWN_WORK)
        return None

    def _judge_content(self, state: HazardStanding, body: Body, header: Header) -> Objection | None:
        photos = _photos(body)
        if {one.hash for one in photos} != set(header.photos):
            return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "photos"})
        if getattr(body, "condition", "") and getattr(body, "grade", None) is HazardGrade.GENERAL:
            return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "condition"})
        uses = {one.use for one in photos}
        match body:
            case HazardReported(lane=Lane.ON_SPOT):
                if not {PhotoUse.BEFORE, PhotoUse.AFTER} <= uses:
                    return Objection(reason=Reason.PHOTO_MISSING)
            case bodies.HazardRectified():
                if PhotoUse.AFTER not in uses:
                    return Objection(reason=Reason.PHOTO_MISSING)
                if not self._protected(state):
                    return Objection(reason=Reason.PROTECT_FIRST)
            case bodies.HazardAssigned():
                if not (body.protection or self._protected(state)):
                    return Objection(reason=Reason.PROTECT_FIRST)
                return judge_deadline(body.deadline, header)
            case bodies.ExtensionGranted() | bodies.ExtensionAsked():
                return judge_deadline(body.until, header)
            case bodies.HazardReturned() if body.deadline:
                return judge_deadline(body.deadline, header)
        return None

    @staticmethod
    def _protected(state: HazardStanding) -> bool:
        row = state.row
        return row["grade"] != HazardGrade.MAJOR.value or bool(row["detail"]["protection"])

    def remark(self, submission: Submission, labels: Labels) -> dict[str, Any]:
        return {}

    def apply(self, state: HazardStanding, submission: Submission) -> None:
        header, body = submission.entry.header, submission.body
        move = MOVES[header.kind]
        at = evidence.true_time(header).astimezone(UTC).isoformat(timespec="milliseconds")
        if isinstance(body, HazardReported):
            if state.state is not None:
                return
            state.row = _new_row(state, body, header, at, submission)
        elif state.state is None:
            return  # its report's body was erased by law, or has yet to arrive
        matters = move.leads_to is not None or move.decides
        state.trail.append(
            Change(
                entry=header.id,
                device=header.device,
                by=header.actor,
                at=header.at,
                kind=header.kind,
                matters=matters,
                before=_before(state) if matters and state.state is not None else None,
            )
        )
        was = state.state
        state.state = _begin(body) if isinstance(body, HazardReported) else move.leads_to or was
        self._note_photos(state, body, header, at)
        if isinstance(body, bodies.HazardWithdrawn):
            _take_back(state, body.entry)
        else:
            self._change(state, body, header, at)
        row = state.row
        row["state"] = state.state.value if state.state else ""
        row["changed_at"] = max(row["changed_at"], at)
        row["pending"] = row["pending"] or submission.seq is None
        row["seen"] += submission.seq is not None
        row["detail"]["history"].append(_line(submission, move, at))

    def _change(self, state: HazardStanding, body: Body, header: Header, at: str) -> None:
        """What each kind says about the hazard as a whole."""
        row, detail = state.row, state.row["detail"]
        match body:
            case bodies.HazardGraded():
                row["grade"], row["category"] = body.grade.value, body.category.value
                detail["condition"] = body.condition
            case bodies.HazardProtected():
                detail["protection"] = body.protection
            case bodies.HazardAssigned():
                row["responsible"], row["deadline"] = body.responsible, body.deadline
                row["lane"] = Lane.DEADLINE.value
                detail |= {
                    "unit": body.unit,
                    "measure": body.measure,
                    "protection": body.protection or detail["protection"],
                    "funds": body.funds,
                    "basis": body.basis,
                    "assigned_by": header.actor,
                    "assigned_at": at,
                    "acknowledged_at": "",
                    "asked_until": "",
                    "notices": detail["notices"] + 1,
                }
            case bodies.HazardAcknowledged():
                detail["acknowledged_at"] = detail["acknowledged_at"] or at
            case bodies.HazardRectified():
                state.rectifier = header.actor
                row["done_at"] = at
                detail["done"] = body.done
                detail["funds"] = body.funds or detail["funds"]
            case bodies.HazardAccepted():
                detail["accepted_by"], detail["accepted_at"] = header.actor, at
            case bodies.HazardReturned():
                detail["returned_because"] = body.because
                detail["times_returned"] += 1
                row["done_at"] = ""
                row["deadline"] = body.deadline or row["deadline"]
                row["responsible"] = row["responsible"] or row["reporter"]
                row["lane"] = Lane.DEADLINE.value
                detail["accepted_by"] = detail["accepted_at"] = ""
            case bodies.HazardClosed():
                row["closed_at"] = at
                detail["closed_by"] = header.actor
            case bodies.HazardReopened():
                row["closed_at"] = row["done_at"] = ""
                detail["accepted_by"] = detail["accepted_at"] = detail["closed_by"] = ""
                detail["reopened_because"] = body.because
            case bodies.ExtensionAsked():
                detail["asked_until"], detail["asked_because"] = body.until, body.because
            case bodies.ExtensionGranted():
                row["deadline"], detail["asked_until"] = body.until, ""
            case bodies.ExtensionDeclined():
                detail["asked_until"] = ""
            case bodies.OverdueExplained():
                detail["overdue_because"] = body.because
                detail["overdue_deadline"] = row["deadline"]
                detail["protection"] = body.protection
            case bodies.HazardSupervised():
                detail |= {
                    "supervised_until": body.deadline,
                    "supervised_demand": body.demand,
                    "supervised_by": body.by,
                    "supervised_office": body.office,
                }
            case bodies.HazardSupervisionLifted():
                detail |= dict.fromkeys(SUPERVISION, "")

    def _note_photos(self, state: HazardStanding, body: Body, header: Header, at: str) -> None:
        state.doubts |= evidence.clock_doubts(header)
        photos = _photos(body)
        if isinstance(body, HazardReported) and not photos:
            state.doubts.add(Doubt.NO_PHOTO)
        for photo in photos:
            if photo.origin is PhotoOrigin.GALLERY:
                state.doubts.add(Doubt.PHOTO_FROM_GALLERY)
            if photo.source:
                if photo.source in state.sources:
                    state.doubts.add(Doubt.PHOTO_SEEN)
                state.sources.add(photo.source)
            state.row["detail"]["photos"].append(
                {
                    "hash": photo.hash,
                    "use": photo.use.value,
                    "origin": photo.origin.value,
                    "entry": header.id,
                    "by": header.actor,
                    "at": at,
                }
            )

    def records(self, state: HazardStanding) -> dict[str, list[dict[str, Any]]]:
        if state.state is None:
            return {}
        row = state.row
        row["detail"]["doubts"] = sorted(doubt.value for doubt in state.doubts)
        row["detail"]["rectifier"] = state.rectifier
        row["detail"]["evidence"] = evidence.grade(state.doubts).value
        return {"hazard": [row]}


def _before(state: HazardStanding) -> Before:
    row = {name: value for name, value in state.row.items() if name != "detail"}
    kept = ("photos", "history", *SUPERVISION)
    detail = {name: value for name, value in state.row["detail"].items() if name not in kept}
    return Before(state.state, row, detail, state.rectifier)


def _last_step(state: HazardStanding) -> Change | None:
    """The newest step that still counts."""
    return next((one for one in reversed(state.trail) if one.matters), None)


def _judge_withdrawal(
    state: HazardStanding, body: bodies.HazardWithdrawn, header: Header
) -> Objection | None:
    if state.state is None:
        return Objection(reason=Reason.NOT_FOUND)
    last = _last_step(state)
    if last is not None and last.entry == body.entry and last.before is not None:
        return None if last.by == header.actor else Objection(reason=Reason.NOT_YOURS)
    first = state.overtaken_by(header) or last
    detail = {"who": first.by, "at": first.at, "what": first.kind} if first else {}
    return Objection(reason=Reason.LOST_RACE, detail=detail)


def _take_back(state: HazardStanding, entry: str) -> None:
    last = _last_step(state)
    if last is None or last.before is None or last.entry != entry:
        return
    before, row = last.before, state.row
    detail = row["detail"]
    state.state, state.rectifier = before.state, before.rectifier
    kept = {name: row[name] for name in ("pending", "seen", "changed_at")}
    state.row = {**before.row, **kept, "detail": {**detail, **before.detail}}
    last.matters = False
    for line in detail["history"]:
        if line["entry"] == entry:
            line["withdrawn"] = True


def hazard_subject(id: str) -> str:
    return f"hazard:{id}"


def _begin(body: HazardReported) -> HazardState:
    if body.lane is Lane.DEADLINE:
        return HazardState.REGISTERED
    return HazardState.RECTIFIED if body.grade is HazardGrade.MAJOR else HazardState.FIXED


def _photos(body: Body) -> tuple[bodies.PhotoNote, ...]:
    return getattr(body, "photos", ())


def judge_deadline(day: str, header: Header) -> Objection | None:
    """A deadline is a day from the author's own today on."""
    try:
        last = date.fromisoformat(day)
    except ValueError:
        return Objection(reason=Reason.UNREADABLE, detail={"field": "deadline"})
    if last < evidence.true_time(header).date():
        return Objection(reason=Reason.DEADLINE_PAST, detail={"deadline": day})
    return None


def _new_row(
    state: HazardStanding, body: HazardReported, header: Header, at: str, submission: Submission
) -> dict[str, Any]:
    """The columns of `ledger.tables.HazardRow` as the report alone gives them."""
    on_spot = body.lane is Lane.ON_SPOT
    if on_spot:
        state.rectifier = header.actor
    fixed = _begin(body) is HazardState.FIXED
    return {
        "school": state.school,
        "subject": state.subject,
        "id": state.id,
        "number": str(submission.remarks.get(NUMBER, "")),
        "state": "",
        "lane": body.lane.value,
        "grade": body.grade.value,
        "category": body.category.value,
        "source": body.source.value,
        "area": body.area,
        "point": body.point,
        "content": body.content,
        "reporter": header.actor,
        "responsible": header.actor if on_spot else "",
        "deadline": "",
        "reported_at": at,
        "year": evidence.true_time(header).year,
        "changed_at": at,
        "done_at": at if on_spot else "",
        "closed_at": at if fixed else "",
        "pending": False,
        "seen": 0,
        "detail": {
            "place": body.place,
            "item": body.item,
            "check_in": body.check_in,
            "condition": body.condition,
            "unit": "",
            "measure": body.measure,
            "done": body.measure,
            "protection": body.protection,
            "funds": 0.0,
            "basis": "",
            "assigned_by": "",
            "assigned_at": "",
            "acknowledged_at": "",
            "accepted_by": "",
            "accepted_at": "",
            "closed_by": header.actor if fixed else "",
            "returned_because": "",
            "times_returned": 0,
            "notices": 0,
            "asked_until": "",
            "asked_because": "",
            "overdue_because": "",
            "overdue_deadline": "",
            "reopened_because": "",
            **dict.fromkeys(SUPERVISION, ""),
            "photos": [],
            "history": [],
        },
    }


def _line(submission: Submission, move: Move, at: str) -> dict[str, Any]:
    """One line of the history, with every word its author wrote."""
    header = submission.entry.header
    said = submission.body.model_dump(
        mode="json", exclude={"salt", "photos"}, exclude_defaults=True
    )
    return {
        "entry": header.id,
        "kind": move.kind,
        "by": header.actor,
        "at": at,
        "seq": submission.seq,
        "said": said,
        "photos": list(header.photos),
        "withdrawn": False,
    }
