"""A building's night: rooms as they were seen, closed when nobody is unaccounted for.

A mark is a fact and is never refused because somebody else was quicker: two people who mark one
bed differently without knowing of each other leave two marks, both shown, until one is chosen by
somebody who has seen both. Closing is a decision: it is refused while there is a gap.
"""

import re
from datetime import UTC, date, datetime
from typing import Any

from ledger.entry import Body, Header
from ledger.rules import evidence
from ledger.rules.dorms.bodies import (
    Mark,
    MarkCorrected,
    MarksWithdrawn,
    RollCallClosed,
    RollCallReopened,
    RoomMarked,
)
from ledger.rules.dorms.nights import RollCallState, RoomSaves, Saved, Seen, night_of
from ledger.rules.dorms.statuses import ACCOUNTED
from ledger.rules.rule import Labels, Role, Submission
from ledger.scopes import dorm_scope
from ledger.verdicts import Objection, Reason

MARKERS = frozenset({Role.DORM_SUPERVISOR, Role.DUTY_LEADER, Role.SAFETY_OFFICER, Role.PRINCIPAL})
_WARD = re.compile(r"[^:*\x00-\x1f\x7f]{1,40}")


class RollCallRule:
    prefix = "rollcall"
    bodies: dict[str, type[Body]] = {
        "room.marked": RoomMarked,
        "marks.withdrawn": MarksWithdrawn,
        "rollcall.closed": RollCallClosed,
        "rollcall.reopened": RollCallReopened,
        "mark.corrected": MarkCorrected,
    }
    writers = {kind: MARKERS for kind in bodies}

    def audience(self, school: str, subject: str, body: Body) -> str:
        return dorm_scope(school, subject.split(":")[1])

    def start(self, school: str, subject: str) -> RollCallState:
        state = RollCallState(school, subject)
        match subject.split(":"):
            case [_, building, night] if _WARD.fullmatch(building) and _is_day(night):
                state.building, state.night = building, night
        return state

    def judge(
        self, state: RollCallState, submission: Submission, labels: Labels
    ) -> Objection | None:
        header, body = submission.entry.header, submission.body
        if not state.night:
            return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "subject"})
        try:
            evidence.true_time(header).astimezone(UTC)
        except (ValueError, OverflowError):
            return Objection(reason=Reason.UNREADABLE, detail={"field": "at"})
        if not _looks_after(submission, state.building):
            return Objection(reason=Reason.NOT_ALLOWED, detail={"kind": header.kind})
        if isinstance(body, MarksWithdrawn):
            saved = state.saved.get(body.entry)
            if saved is None:
                return Objection(reason=Reason.NOT_FOUND)
            if saved.by != header.actor:
                return Objection(reason=Reason.NOT_ALLOWED, detail={"kind": header.kind})
        if isinstance(body, RollCallClosed):
            return self._judge_closing(body, state, labels)
        if isinstance(body, RollCallReopened) and state.closing is None:
            return Objection(reason=Reason.WRONG_STATE, detail={"state": "open"})
        return None

    def _judge_closing(
        self, body: RollCallClosed, state: RollCallState, labels: Labels
    ) -> Objection | None:
        if state.closing is not None:
            detail = {"who": state.closing["by"], "at": state.closing["at"]}
            return Objection(reason=Reason.ALREADY_CLOSED, detail=detail)
        residents = labels.dorms.residents(state.building, state.night)
        expected = set(body.expected) | (residents or set())
        unmarked = [one for one in expected if one not in state.marks]
        if unmarked:
            return _gap("nobody_unmarked", unmarked)
        contested = [one for one in expected if state.contested(one)]
        if contested:
            return _gap("one_mark_each", contested)
        missing = {one for one in state.marks if state.standing(one) not in ACCOUNTED}
        followed = labels.dorms.followed(state.building, state.night)
        if followed is not None and missing - followed:
            return _gap("missing_followed", sorted(missing - followed))
        return None

    def remark(self, submission: Submission, labels: Labels) -> dict[str, Any]:
        body, subject = submission.body, submission.entry.header.subject
        if not isinstance(body, RoomMarked):
            return {}
        _, building, night = subject.split(":")
        residents = labels.dorms.residents(building, night)
        if not residents:
            return {}
        strangers = [one.student for one in body.marks if one.student not in residents]
        return {"strangers": strangers} if strangers else {}

    def apply(self, state: RollCallState, submission: Submission) -> None:
        header, body = submission.entry.header, submission.body
        state.count += 1
        state.pending |= submission.seq is None
        at = evidence.true_time(header).astimezone(UTC).isoformat(timespec="milliseconds")
        if isinstance(body, RoomMarked):
            self._mark(state, submission, body, at)
        elif isinstance(body, MarksWithdrawn):
            self._withdraw(state, header, body.entry, at)
        elif isinstance(body, MarkCorrected):
            mark = Mark(student=body.student, status=body.status, where=body.where)
            self._put(state, header, at, body.room, mark, set(body.over))
            state.history.append(
                _told(header, at, student=body.student, status=body.status.value)
                | {"because": body.because}
            )
            if body.status not in ACCOUNTED or state.contested(body.student):
                self._reopen_by_mark(state, header, at)
        elif isinstance(body, RollCallClosed):
            state.closing = {
                "by": header.actor,
                "at": at,
                "expected": list(body.expected),
                "note": body.note,
            }
            state.history.append(_told(header, at, count=len(body.expected)))
        elif isinstance(body, RollCallReopened):
            state.closing = None
            state.history.append(_told(header, at) | {"because": body.because})

    def _mark(
        self, state: RollCallState, submission: Submission, body: RoomMarked, at: str
    ) -> None:
        header = submission.entry.header
        closed = state.closing is not None
        before = {one.student: state.settled(one.student) for one in body.marks} if closed else {}
        room = state.rooms.setdefault(body.room, RoomSaves())
        saved = state.saved[header.id] = Saved(header.actor, body.room)
        for mark in body.marks:
            gone = self._put(state, header, at, body.room, mark, set(body.over))
            saved.replaced.setdefault(mark.student, gone)
        save: dict[str, Any] = {"entry": header.id, "by": header.actor, "at": at}
        if body.because:
            save["because"] = body.because
        if _elsewhen(header, state.night):
            save["later"] = True
        room.saves.append(save)
        strangers = submission.remarks.get("strangers", ())
        room.strangers = list(dict.fromkeys([*room.strangers, *strangers]))
        room.pending |= submission.seq is None
        if closed and (
            any(state.settled(one) != was for one, was in before.items())
            or any(one.status not in ACCOUNTED for one in body.marks)
        ):
            # Its author could not know of the closing: what they saw counts, and it reopens. So it
            # does when somebody is missing again: whether that is followed is judged anew.
            self._reopen_by_mark(state, header, at)

    def _withdraw(self, state: RollCallState, header: Header, entry: str, at: str) -> None:
        saved = state.saved.pop(entry, None)
        if saved is None:
            return
        changed = False
        for student, replaced in saved.replaced.items():
            was, marks = state.settled(student), state.marks.get(student, [])
            if all(one.entry != entry for one in marks):
                continue  # Somebody has marked anew since.
            standing = [*replaced, *(one for one in marks if one.entry != entry)]
            if standing:
                state.marks[student] = standing
            else:
                del state.marks[student]
            changed |= state.settled(student) != was
        room = state.rooms[saved.room]
        room.saves = [one for one in room.saves if one["entry"] != entry]
        state.history.append(_told(header, at, room=saved.room))
        if changed:
            self._reopen_by_mark(state, header, at)

    @staticmethod
    def _put(
        state: RollCallState, header: Header, at: str, room: str, mark: Mark, over: set[str]
    ) -> list[Seen]:
        """Returns the marks it takes the place of."""
        marks = state.marks.get(mark.student, [])
        gone = [one for one in marks if one.device == header.device or one.entry in over]
        seen = Seen(header.id, header.device, header.actor, at, room, mark)
        state.marks[mark.student] = [*(one for one in marks if one not in gone), seen]
        return gone

    @staticmethod
    def _reopen_by_mark(state: RollCallState, header: Header, at: str) -> None:
        if state.closing is not None:
            state.closing = None
            state.history.append(_told(header, at) | {"what": "reopened_by_mark"})

    def records(self, state: RollCallState) -> dict[str, list[dict[str, Any]]]:
        if not state.count:
            return {}
        by_room: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for student, marks in state.marks.items():
            for one in marks:
                by_room.setdefault(one.room, {}).setdefault(student, []).append(one.as_row())
        rooms = [
            {
                "school": state.school,
                "building": state.building,
                "night": state.night,
                "room": room,
                "subject": state.subject,
                "marked_at": saves.saves[-1]["at"] if saves.saves else "",
                "marked_by": saves.saves[-1]["by"] if saves.saves else "",
                "pending": saves.pending,
                "detail": {
                    "marks": by_room.get(room, {}),
                    "saves": saves.saves,
                    "strangers": saves.strangers,
                },
            }
            for room, saves in (
                (room, state.rooms.get(room, RoomSaves()))
                for room in dict.fromkeys([*state.rooms, *by_room])
            )
        ]
        closing = state.closing or {}
        row = {
            "school": state.school,
            "subject": state.subject,
            "building": state.building,
            "night": state.night,
            "closed_at": closing.get("at", ""),
            "closed_by": closing.get("by", ""),
            "seen": state.count,
            "pending": state.pending,
            "detail": {"closing": closing, "history": state.history},
        }
        return {"rollcall": [row], "room_night": rooms}


def _gap(rule: str, students: list[str]) -> Objection:
    detail = {"rule": rule, "count": len(students), "students": sorted(students)[:20]}
    return Objection(reason=Reason.RULE_BROKEN, detail=detail)


def _told(header: Header, at: str, **more: Any) -> dict[str, Any]:
    return {"what": header.kind, "by": header.actor, "at": at, **more}


def _looks_after(submission: Submission, building: str) -> bool:
    """A supervisor marks their own buildings; leaders of the night all."""
    author = submission.author
    if author is None or author.roles & (MARKERS - {Role.DORM_SUPERVISOR}):
        return True
    return building in author.buildings


def _elsewhen(header: Header, night: str) -> bool:
    """True when it was written outside of its night: yesterday's, made up for today."""
    true = evidence.true_time(header)
    local = true.astimezone(datetime.fromisoformat(header.at).tzinfo)
    return night_of(local) != night


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
