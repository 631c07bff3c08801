"""A watched hazard's rule: what the school did, what the district said, in one row.

Nothing the server tells is ever refused, whatever order it comes in: steps are known by their
entries' ids. What an officer says is a decision like any other, and the first one is right.
"""

from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from ledger.codes import DISTRICT
from ledger.entry import Body, Header
from ledger.rules import evidence
from ledger.rules.district import bodies
from ledger.rules.district.bodies import WatchedNoted, WatchedStep
from ledger.rules.hazards.judging import judge_deadline
from ledger.rules.hazards.states import DONE, HazardState
from ledger.rules.rule import Labels, Role, Submission
from ledger.scopes import district_scope
from ledger.verdicts import Objection, Reason

ORDERS: dict[str, type[Body]] = {
    "watched.supervised": bodies.WatchedSupervised,
    "watched.lifted": bodies.WatchedLifted,
    "watched.notified": bodies.WatchedNotified,
}
"""What an officer may write; the school's journal gets each of them too."""
DECISIONS = frozenset({"watched.supervised", "watched.lifted"})
_ARRIVED = frozenset({"hazard.supervised", "hazard.supervision_lifted", "hazard.notified"})
"""Steps at the school that show one of our own orders."""


def watched_subject(school: str, hazard: str) -> str:
    return f"watched:{school}:{hazard}"


@dataclass(frozen=True, slots=True)
class Said:
    """An entry somebody may not have seen when they wrote theirs."""

    device: str
    by: str
    at: str
    kind: str


@dataclass(slots=True)
class WatchedStanding:
    school: str
    subject: str
    row: dict[str, Any] = field(default_factory=dict)
    """Empty before the first note."""
    trail: list[Said] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.subject.partition(":")[2]

    @property
    def devices(self) -> list[str]:
        """Which device wrote each accepted entry, in their order."""
        return [one.device for one in self.trail]

    @property
    def state(self) -> HazardState | None:
        return HazardState(self.row["state"]) if self.row else None


class WatchedRule:
    prefix = "watched"
    bodies: dict[str, type[Body]] = {"watched.noted": WatchedNoted, **ORDERS}
    writers = {
        "watched.noted": frozenset({Role.SERVER}),
        **dict.fromkeys(ORDERS, frozenset({Role.DISTRICT_OFFICER})),
    }

    def audience(self, school: str, subject: str, body: Body) -> str:
        return district_scope(school)

    def start(self, school: str, subject: str) -> WatchedStanding:
        return WatchedStanding(school, subject)

    def judge(
        self, state: WatchedStanding, submission: Submission, labels: Labels
    ) -> Objection | None:
        header, body = submission.entry.header, submission.body
        if state.school != DISTRICT:
            # Whatever a school calls its staff, only the bureau itself watches.
            return Objection(reason=Reason.WRONG_SCHOOL)
        try:
            evidence.true_time(header).astimezone(UTC)
        except (ValueError, OverflowError):
            return Objection(reason=Reason.UNREADABLE, detail={"field": "at"})
        if isinstance(body, WatchedNoted):
            return _judge_note(state, body, header)
        return _judge_order(state, body, header)

    def remark(self, submission: Submission, labels: Labels) -> dict[str, Any]:
        return {}

    def apply(self, state: WatchedStanding, submission: Submission) -> None:
        header, body = submission.entry.header, submission.body
        at = evidence.true_time(header).astimezone(UTC).isoformat(timespec="milliseconds")
        if isinstance(body, WatchedNoted):
            _note(state, body, at)
        elif not state.row:
            return  # what it is about was erased by law, or has yet to arrive
        else:
            _say(state, submission, at)
        state.trail.append(Said(header.device, header.actor, header.at, header.kind))
        row = state.row
        row["pending"] = row["pending"] or submission.seq is None
        row["seen"] += submission.seq is not None

    def records(self, state: WatchedStanding) -> dict[str, list[dict[str, Any]]]:
        if not state.row:
            return {}
        row, orders = state.row, state.row["detail"]["orders"]
        row["on_the_way"] = sum(not one["arrived_at"] for one in orders)
        return {"watched": [row]}


def _judge_note(state: WatchedStanding, body: WatchedNoted, header: Header) -> Objection | None:
    if body.school != state.id.partition(":")[0]:
        return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "subject"})
    if {photo.hash for step in body.steps for photo in step.photos} != set(header.photos):
        return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "photos"})
    return None


def _judge_order(state: WatchedStanding, body: Body, header: Header) -> Objection | None:
    if not state.row:
        return Objection(reason=Reason.NOT_FOUND)
    if header.kind not in DECISIONS:
        return None
    first = next(
        (
            one
            for one in state.trail[header.seen :]
            if one.kind in DECISIONS and one.device != header.device
        ),
        None,
    )
    if first is not None:
        detail = {"who": first.by, "at": first.at, "what": first.kind}
        return Objection(reason=Reason.LOST_RACE, detail=detail)
    if state.state in DONE:
        last = state.row["detail"]["last"]
        return Objection(
            reason=Reason.ALREADY_CLOSED, detail={"who": last["by_name"], "at": last["at"]}
        )
    if isinstance(body, bodies.WatchedSupervised):
        return judge_deadline(body.deadline, header)
    if not state.row["supervised_until"]:
        return Objection(reason=Reason.WRONG_STATE, detail={"state": state.row["state"]})
    return None


def _note(state: WatchedStanding, body: WatchedNoted, at: str) -> None:
    """The school's side: columns as they stand there, steps that are new."""
    if not state.row:
        state.row = _new_row(state, body, at)
    row, detail = state.row, state.row["detail"]
    detail["why"] = sorted({*detail["why"], *(why.value for why in body.why)})
    if body.told >= row["told"]:
        # A note that was overtaken brings no older columns back.
        row |= {
            "school_name": body.school_name,
            "number": body.number,
            "state": body.state.value,
            "grade": body.grade.value,
            "category": body.category.value,
            "place": body.place,
            "content": body.content,
            "responsible": body.responsible,
            "deadline": body.deadline,
            "reported_at": body.reported_at,
            "closed_at": body.closed_at,
            "told": body.told,
        }
        detail |= {
            "source": body.source.value,
            "condition": body.condition,
            "unit": body.unit,
            "measure": body.measure,
            "protection": body.protection,
        }
    known = {line["entry"] for line in detail["history"]}
    for step in body.steps:
        if step.entry not in known:
            _add_step(state, step)
    row["listed_at"] = min(row["listed_at"], at)


def _add_step(state: WatchedStanding, step: WatchedStep) -> None:
    row, detail = state.row, state.row["detail"]
    at = step.at
    line = _line(step.entry, step.kind, "", step.by, at, dict(step.said))
    line["photos"] = [photo.hash for photo in step.photos]
    line["device_at"] = step.device_at
    detail["history"].append(line)
    detail["photos"] += [
        {
            "hash": photo.hash,
            "use": photo.use.value,
            "origin": photo.origin.value,
            "entry": step.entry,
            "by": step.by,
            "at": at,
        }
        for photo in step.photos
    ]
    row["changed_at"] = max(row["changed_at"], at)
    if at >= detail["last"]["at"]:
        detail["last"] = {"by_name": step.by, "at": at}
    if step.kind == "hazard.withdrawn":
        for one in detail["history"]:
            one["withdrawn"] = one["withdrawn"] or one["entry"] == step.said.get("entry")
    if step.kind in _ARRIVED:
        detail["arrived"][step.said.get("order", "")] = at
        for order in detail["orders"]:
            order["arrived_at"] = order["arrived_at"] or detail["arrived"].get(order["entry"], "")


def _say(state: WatchedStanding, submission: Submission, at: str) -> None:
    """The district's side."""
    header, body = submission.entry.header, submission.body
    row, detail = state.row, state.row["detail"]
    said = body.model_dump(mode="json", exclude={"salt"}, exclude_defaults=True)
    line = _line(header.id, header.kind, header.actor, "", at, said)
    line["seq"] = submission.seq
    detail["history"].append(line)
    arrived_at = detail["arrived"].get(header.id, "")
    detail["orders"].append({"entry": header.id, "kind": header.kind, "arrived_at": arrived_at})
    if isinstance(body, bodies.WatchedSupervised):
        row["supervised_until"] = body.deadline
        detail["demand"], detail["supervised_by"] = body.demand, header.actor
        detail["supervised_at"] = at
    elif isinstance(body, bodies.WatchedLifted):
        row["supervised_until"] = detail["demand"] = detail["supervised_by"] = ""
        detail["supervised_at"] = ""
    row["changed_at"] = max(row["changed_at"], at)


def _line(
    entry: str, kind: str, by: str, by_name: str, at: str, said: dict[str, Any]
) -> dict[str, Any]:
    """One line of the history; `by` is an officer's staff id, `by_name` a name at the school."""
    return {
        "entry": entry,
        "kind": kind,
        "by": by,
        "by_name": by_name,
        "at": at,
        "device_at": "",
        "said": said,
        "photos": [],
        "withdrawn": False,
        "seq": 0,
    }


def _new_row(state: WatchedStanding, body: WatchedNoted, at: str) -> dict[str, Any]:
    """The columns of `ledger.tables.district.WatchedRow`; `_note` fills in what the school says."""
    return {
        "school": state.school,
        "id": state.id,
        "subject": state.subject,
        "of_school": body.school,
        "listed_at": at,
        "changed_at": "",
        "supervised_until": "",
        "on_the_way": 0,
        "told": 0,
        "pending": False,
        "seen": 0,
        "detail": {
            "why": [],
            "demand": "",
            "supervised_by": "",
            "supervised_at": "",
            "orders": [],
            "arrived": {},
            "last": {"by_name": "", "at": ""},
            "history": [],
            "photos": [],
        },
    }
