"""Rounds and check-ins: what was seen at which point, when, and how sure that is.

A round's subject gathers every check-in of one occurrence of a plan, from all who walked it. A
check-in is a fact: it carries what its judgement needs (the window, the point's place), so that
the same entries mean the same on every device however old its reference data is.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from ledger.codes import typed_code
from ledger.entry import Body
from ledger.rules import evidence
from ledger.rules.checkins import (
    CheckInRecorded,
    CheckInWithdrawn,
    Method,
    Result,
    RoundClosed,
)
from ledger.rules.evidence import Doubt, Sighting, utc_text, utc_text_of
from ledger.rules.rule import Labels, Role, Submission
from ledger.scopes import school_scope
from ledger.verdicts import Objection, Reason

_SLOT = re.compile("[0-9]{1,3}")
# An enum's member costs a look-up in Python each time it is named; these are named per check-in.
_TYPED, _PHOTO, _ABNORMAL = Method.TYPED, Method.PHOTO, Result.ABNORMAL
WALKERS = frozenset(Role) - {Role.SERVER, Role.DISTRICT_OFFICER}


@dataclass(slots=True)
class CheckIn(Sighting):
    """A check-in with what was said in it."""

    actor: str
    utc: str
    """As corrected, for the records."""
    late: bool
    body: CheckInRecorded
    seq: int | None
    withdrawn_because: str | None = None
    """None while it stands."""


@dataclass(slots=True)
class RoundState:
    school: str
    subject: str
    plan: str = ""
    day: str = ""
    """Empty when the subject is none that a plan or a person could mean."""
    slot: int = -1
    check_ins: dict[str, CheckIn] = field(default_factory=dict)
    newest: dict[str, Sighting] = field(default_factory=dict)
    """Each device's check-in with the highest number."""
    at_point: dict[str, list[Sighting]] = field(default_factory=dict)
    closing: dict[str, Any] | None = None

    def standing_points(self) -> set[str]:
        """Points with a check-in that was not withdrawn."""
        return {one.point for one in self.check_ins.values() if one.withdrawn_because is None}


class RoundRule:
    prefix = "round"
    bodies: dict[str, type[Body]] = {
        "checkin.recorded": CheckInRecorded,
        "checkin.withdrawn": CheckInWithdrawn,
        "round.closed": RoundClosed,
    }
    writers = {kind: WALKERS for kind in bodies}

    def audience(self, school: str, subject: str, body: Body) -> str:
        return school_scope(school)

    def start(self, school: str, subject: str) -> RoundState:
        state = RoundState(school, subject)
        match subject.split(":"):
            case [_, "free", who, day] if who and _is_day(day):
                state.day = day
            case [_, plan, day, slot] if plan and _is_day(day) and _SLOT.fullmatch(slot):
                state.plan, state.day, state.slot = plan, day, int(slot)
        return state

    def judge(self, state: RoundState, submission: Submission, labels: Labels) -> Objection | None:
        body = submission.body
        if not state.day:
            return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "subject"})
        try:
            evidence.true_time(submission.entry.header).astimezone(UTC)
        except (ValueError, OverflowError):
            return Objection(reason=Reason.UNREADABLE, detail={"field": "at"})
        if isinstance(body, CheckInRecorded):
            return self._judge_check_in(body, state, labels)
        if isinstance(body, CheckInWithdrawn):
            return self._judge_withdrawal(body, state, submission)
        if isinstance(body, RoundClosed):
            return self._judge_closing(body, state)
        return None

    def _judge_check_in(
        self, body: CheckInRecorded, state: RoundState, labels: Labels
    ) -> Objection | None:
        if body.window is not None:
            named = (body.window.plan, body.window.day, body.window.slot)
            if named != (state.plan, state.day, state.slot):
                return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "window"})
            try:
                evidence.moment(body.window.opens)
                evidence.moment(body.window.closes)
            except ValueError:
                return Objection(reason=Reason.UNREADABLE, detail={"field": "window"})
        point = body.point or self._point_of(body, labels)
        if not point or point not in labels.points:
            shown = body.label.typed or body.label.token
            return Objection(reason=Reason.UNKNOWN_POINT, detail={"label": shown})
        return None

    def _judge_withdrawal(
        self, body: CheckInWithdrawn, state: RoundState, submission: Submission
    ) -> Objection | None:
        check_in = state.check_ins.get(body.entry)
        if check_in is None:
            return Objection(reason=Reason.NOT_FOUND)
        if check_in.actor != submission.entry.header.actor:
            return Objection(reason=Reason.NOT_YOURS)
        return None

    def _judge_closing(self, body: RoundClosed, state: RoundState) -> Objection | None:
        if state.closing is not None:
            detail = {"who": state.closing["by"], "at": state.closing["at"]}
            return Objection(reason=Reason.ALREADY_CLOSED, detail=detail)
        excused = {missed.point for missed in body.missed}
        if set(body.points) - state.standing_points() - excused:
            return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "every_point_named"})
        return None

    def remark(self, submission: Submission, labels: Labels) -> dict[str, Any]:
        body = submission.body
        if not isinstance(body, CheckInRecorded):
            return {}
        remarks: dict[str, Any] = {}
        if not body.point:
            remarks["point"] = self._point_of(body, labels)
        doubts = []
        if body.point and self._point_of(body, labels) != body.point:
            doubts.append(Doubt.LABEL_FOREIGN.value)
        if self._is_void(body, labels):
            doubts.append(Doubt.LABEL_VOID.value)
        if doubts:
            remarks["doubts"] = doubts
        return remarks

    def apply(self, state: RoundState, submission: Submission) -> None:
        body = submission.body
        if isinstance(body, CheckInRecorded):
            self._record(state, submission, body)
        elif isinstance(body, CheckInWithdrawn):
            # Absent when its body was erased by law, or when it has yet to arrive.
            check_in = state.check_ins.get(body.entry)
            if check_in is not None:
                check_in.withdrawn_because = body.because
        elif isinstance(body, RoundClosed):
            header = submission.entry.header
            state.closing = {
                "by": header.actor,
                "at": header.at,
                "early": body.early,
                "points": list(body.points),
                "missed": [missed.model_dump() for missed in body.missed],
            }

    def _record(self, state: RoundState, submission: Submission, body: CheckInRecorded) -> None:
        header, remarks = submission.entry.header, submission.remarks
        device_at, device, clock, window = header.at, header.device, header.clock, body.window
        # Not through `moment`'s memory: no two check-ins share their time.
        at = datetime.fromisoformat(device_at)
        true = evidence.corrected(at, clock)
        doubts = evidence.doubts_of_clock(at, clock)
        late = False
        if window is None:
            doubts.add(Doubt.NO_PLAN)
        else:
            late = true > evidence.moment(window.closes)
            if late or true < evidence.moment(window.opens):
                doubts.add(Doubt.OUTSIDE_WINDOW)
        method = body.label.method
        if method is _TYPED:
            doubts.add(Doubt.TYPED)
        elif method is _PHOTO:
            doubts.add(Doubt.PHOTO_OF_CODE)
        if remarks:
            doubts |= {Doubt(name) for name in remarks.get("doubts", ())}
        check_in = CheckIn(
            header.id,
            body.point or remarks.get("point", ""),
            device,
            header.number,
            at,
            true,
            clock,
            body.spot,
            doubts,
            header.actor,
            utc_text_of(device_at) if true is at else utc_text(true),
            late,
            body,
            submission.seq,
        )
        self._compare(state, check_in)
        state.check_ins[check_in.id] = check_in

    def _compare(self, state: RoundState, check_in: CheckIn) -> None:
        """With its device's check-ins before and after it, and with others at the same point."""
        before, after = state.newest.get(check_in.device), None
        if before is None or before.number < check_in.number:
            state.newest[check_in.device] = check_in
        else:
            before, after = evidence.neighbours(check_in, state.check_ins.values())
        if before is not None:
            check_in.doubts |= evidence.doubts_between(before, check_in)
        if after is not None:
            after.doubts |= evidence.doubts_between(check_in, after)
        here = state.at_point.get(check_in.point)
        if here is None:
            state.at_point[check_in.point] = [check_in]
            return
        for other in here:
            if evidence.on_two_phones(check_in, other):
                check_in.doubts.add(Doubt.TWO_PHONES)
                other.doubts.add(Doubt.TWO_PHONES)
        here.append(check_in)

    def records(self, state: RoundState) -> dict[str, list[dict[str, Any]]]:
        summary = {
            "school": state.school,
            "subject": state.subject,
            "plan": state.plan,
            "day": state.day,
            "slot": state.slot,
            "closed": state.closing is not None,
            "detail": state.closing or {},
        }
        rows = [self._row(state, check_in) for check_in in state.check_ins.values()]
        return {"round": [summary], "checkin": rows}

    @staticmethod
    def _row(state: RoundState, check_in: CheckIn) -> dict[str, Any]:
        # What the entry says is read from the entry: only what follows from others stands here.
        # Plain texts: a serializer takes five times as long over an enum's member.
        body, doubts = check_in.body, check_in.doubts
        detail: dict[str, Any] = {"doubts": sorted(map(str, doubts)) if doubts else []}
        taken_back = check_in.withdrawn_because
        if taken_back is not None:
            detail["withdrawn_because"] = taken_back
        abnormal = any(item.result is _ABNORMAL for item in body.items)
        return {
            "school": state.school,
            "subject": state.subject,
            "id": check_in.id,
            "day": state.day,
            "plan": state.plan,
            "slot": state.slot,
            "area": body.area,
            "point": check_in.point,
            "actor": check_in.actor,
            "at": check_in.utc,
            "result": str(_ABNORMAL if abnormal else Result.NORMAL),
            "grade": str(evidence.grade(doubts)),
            "late": check_in.late,
            "withdrawn": taken_back is not None,
            "seq": check_in.seq,
            "detail": detail,
        }

    @staticmethod
    def _point_of(body: CheckInRecorded, labels: Labels) -> str:
        token, typed = body.label.token, body.label.typed
        return labels.by_token.get(token, "") or labels.by_typed.get(typed, "")

    @staticmethod
    def _is_void(body: CheckInRecorded, labels: Labels) -> bool:
        if body.label.token:
            return body.label.token in labels.void
        # Digits typed on a phone that did not know them yet: rare, so they are looked for.
        return any(typed_code(token) == body.label.typed for token in labels.void)


def _is_day(text: str) -> bool:
    """An ISO date in its one usual form: subjects are compared as texts."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
