"""Leave: who may decide it, and that nobody decides what they asked for themselves."""

from datetime import timedelta
from typing import Any

import pytest

from ledger.entry import Body
from ledger.projection import StoredEntry
from ledger.rules.dorms import bodies
from ledger.rules.dorms.leave import LeaveRule, LeaveState, leave_subject, may_decide
from ledger.rules.rule import Author, Labels, Role, Submission
from ledger.verdicts import Reason, Verdict
from tests.ledger.rules.telling import Story

CLASS = "七(1)班"
HOMEROOM = Author("h1", roles=frozenset({Role.HOMEROOM_TEACHER}), classes=frozenset({CLASS}))
OTHER = Author("h2", roles=frozenset({Role.HOMEROOM_TEACHER}), classes=frozenset({"八(2)班"}))
HEAD = Author("g1", roles=frozenset({Role.GRADE_HEAD}), classes=frozenset({CLASS}))
PRINCIPAL = Author("p1", roles=frozenset({Role.PRINCIPAL}))
SUPERVISOR = Author("d1", roles=frozenset({Role.DORM_SUPERVISOR}), buildings=frozenset({"b1"}))
DAY, LONG = "2026-03-03T18:00:00+08:00", "2026-03-06T18:00:00+08:00"


def request(ends: str = DAY) -> bodies.LeaveRequested:
    return bodies.LeaveRequested(student="s1", starts="2026-03-02T18:00:00+08:00", ends=ends)


class Leave(Story):
    def __init__(self) -> None:
        super().__init__(leave_subject("b1", CLASS, "l1"))

    def do(self, author: Author, kind: str, body: Body, **header: Any) -> Reason | None:
        header.setdefault("seen", len(self.history))
        device = f"phone of {author.id}"
        entry = self.write(f"leave.{kind}", body, actor=author.id, device=device, **header)
        rule = LeaveRule()
        objection = rule.judge(self.state(), Submission(entry, body, author=author), Labels())
        if objection is None:
            seq = len(self.history) + 1
            self.history.append(StoredEntry(entry, Verdict.ACCEPTED, seq, {}))
        return objection and objection.reason


def test_a_days_leave_is_the_homeroom_teachers_own_to_enter_and_approve() -> None:
    leave = Leave()
    assert leave.do(HOMEROOM, "requested", request()) is None
    assert leave.do(HOMEROOM, "approved", bodies.LeaveApproved()) is None
    [row] = leave.records("leave")
    assert (row["state"], row["decided_by"]) == ("approved", "h1")
    assert row["ends_at"] == "2026-03-03T10:00:00.000+00:00"


def test_a_longer_one_waits_for_the_grade_head_or_the_principal() -> None:
    leave = Leave()
    assert leave.do(HOMEROOM, "requested", request(LONG)) is None
    assert leave.do(HOMEROOM, "approved", bodies.LeaveApproved()) is Reason.NOT_ALLOWED
    assert leave.do(HEAD, "approved", bodies.LeaveApproved()) is None


@pytest.mark.parametrize("who", [HEAD, PRINCIPAL])
def test_nobody_approves_what_they_asked_for_themselves(who: Author) -> None:
    leave = Leave()
    assert leave.do(who, "requested", request()) is None
    assert leave.do(who, "approved", bodies.LeaveApproved()) is Reason.OWN_WORK
    assert leave.do(HOMEROOM, "approved", bodies.LeaveApproved()) is None


def test_another_classs_teacher_and_a_supervisor_decide_nothing() -> None:
    leave = Leave()
    assert leave.do(SUPERVISOR, "requested", request()) is None
    assert leave.do(OTHER, "approved", bodies.LeaveApproved()) is Reason.NOT_ALLOWED
    assert not may_decide(SUPERVISOR, CLASS, timedelta(hours=2))


def test_who_comes_second_hears_who_was_first() -> None:
    leave = Leave()
    leave.do(SUPERVISOR, "requested", request())
    assert leave.do(PRINCIPAL, "declined", bodies.LeaveDeclined(because="家长未确认")) is None
    assert leave.do(HOMEROOM, "approved", bodies.LeaveApproved(), seen=1) is Reason.LOST_RACE
    assert leave.do(HOMEROOM, "approved", bodies.LeaveApproved()) is Reason.WRONG_STATE


def test_it_ends_by_coming_back_or_by_being_cancelled() -> None:
    leave = Leave()
    leave.do(HOMEROOM, "requested", request())
    back = bodies.LeaveReturned(at="2026-03-03T19:20:00+08:00")
    assert leave.do(SUPERVISOR, "returned", back) is Reason.WRONG_STATE
    leave.do(HOMEROOM, "approved", bodies.LeaveApproved())
    assert leave.do(SUPERVISOR, "returned", back) is None
    [row] = leave.records("leave")
    assert row["returned_at"] > row["ends_at"], "late, and visible"
    assert leave.do(HOMEROOM, "cancelled", bodies.LeaveCancelled()) is Reason.WRONG_STATE


def test_times_that_make_no_sense_are_refused() -> None:
    leave = Leave()
    early = request("2026-03-02T17:00:00+08:00")
    assert leave.do(HOMEROOM, "requested", early) is Reason.RULE_BROKEN
    never = request("2026-02-31T17:00:00+08:00")
    assert leave.do(HOMEROOM, "requested", never) is Reason.UNREADABLE


@pytest.mark.parametrize("end", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_times_that_some_readers_clock_cannot_show_are_refused(end: str) -> None:
    """One of them in the list would keep every other out of sight."""
    leave = Leave()
    asked = bodies.LeaveRequested(student="s1", starts=DAY, ends=LONG)
    for field in ("starts", "ends"):
        wrong = asked.model_copy(update={field: end})
        assert leave.do(HOMEROOM, "requested", wrong) is Reason.UNREADABLE
    assert leave.do(HOMEROOM, "requested", request(), at=end) is Reason.UNREADABLE
    leave.do(HOMEROOM, "requested", request())
    leave.do(HOMEROOM, "approved", bodies.LeaveApproved())
    assert leave.do(SUPERVISOR, "returned", bodies.LeaveReturned(at=end)) is Reason.UNREADABLE


def test_its_states_are_the_words_of_the_screens() -> None:
    assert {one.value for one in LeaveState} == {
        "requested",
        "approved",
        "declined",
        "cancelled",
        "returned",
    }
