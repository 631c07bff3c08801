"""A building's night: marks are facts, closing is a decision, and nobody falls through."""

import random
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.projection import fold
from ledger.rules.dorms.bodies import (
    Mark,
    MarkCorrected,
    MarksWithdrawn,
    RollCallClosed,
    RollCallReopened,
    RoomMarked,
)
from ledger.rules.dorms.nights import night_of
from ledger.rules.dorms.rollcall import RollCallRule
from ledger.rules.dorms.statuses import ACCOUNTED, Status
from ledger.rules.registry import BY_KIND
from ledger.rules.rule import Author, Labels, Role, Submission
from ledger.verdicts import Reason
from tests.ledger.rules.dorms.night import EVENING, SUBJECT, Night
from tests.ledger.rules.telling import SCHOOL, write

P, M = Status.PRESENT, Status.MISSING


def closing(*expected: str) -> RollCallClosed:
    return RollCallClosed(expected=expected)


def test_a_night_closes_when_everybody_is_marked() -> None:
    night = Night("s1", "s2")
    night.mark("101", s1=P)
    assert night.do("rollcall.closed", closing("s1")) is Reason.RULE_BROKEN
    night.mark("102", s2=Status.LEAVE)
    assert night.do("rollcall.closed", closing("s1", "s2")) is None
    [row] = night.records("rollcall")
    assert (row["closed_by"], row["night"]) == ("t1", "2026-03-02")
    assert night.do("rollcall.closed", closing("s1", "s2"), actor="t2") is Reason.ALREADY_CLOSED


def test_a_roster_that_knows_more_than_the_phone_keeps_it_open() -> None:
    night = Night("s1", "moved in this afternoon")
    night.mark("101", s1=P)
    objection = night.tell("rollcall.closed", closing("s1"), at=EVENING)
    assert objection is not None
    assert objection.detail["students"] == ["moved in this afternoon"]


def test_a_missing_pupil_keeps_it_open_until_somebody_has_done_something() -> None:
    night = Night("s1")
    night.mark("101", s1=M)
    assert night.do("rollcall.closed", closing("s1")) is Reason.RULE_BROKEN
    night.roster.looked_for = {"s1"}
    assert night.do("rollcall.closed", closing("s1")) is None


def test_two_who_did_not_know_of_each_other_leave_two_marks_and_the_gravest_counts() -> None:
    night = Night("s1")
    first = night.mark("101", s1=P, actor="t1")
    second = night.mark("101", s1=M, actor="t2")
    assert night.state().contested("s1")
    assert night.standing("s1") is M
    night.roster.looked_for = {"s1"}
    assert night.do("rollcall.closed", closing("s1")) is Reason.RULE_BROKEN
    night.mark("101", s1=P, actor="t1", over=(first, second))
    assert not night.state().contested("s1")
    assert night.standing("s1") is P
    assert night.do("rollcall.closed", closing("s1")) is None


def test_ones_own_later_mark_takes_the_place_of_the_earlier() -> None:
    night = Night("s1")
    night.mark("101", s1=M)
    night.mark("101", s1=P)
    assert night.standing("s1") is P
    [room] = night.records("room_night")
    assert [one["status"] for one in room["detail"]["marks"]["s1"]] == ["present"]
    assert len(room["detail"]["saves"]) == 2


def test_a_mark_made_without_knowing_of_the_closing_reopens_it_when_it_says_otherwise() -> None:
    night = Night("s1")
    night.mark("101", s1=P, actor="t1")
    assert night.do("rollcall.closed", closing("s1")) is None
    night.mark("101", s1=P, actor="t2")
    assert night.records("rollcall")[0]["closed_at"], "it said the same"
    night.mark("101", s1=M, actor="t3")
    [row] = night.records("rollcall")
    assert not row["closed_at"]
    assert row["detail"]["history"][-1]["what"] == "reopened_by_mark"


def test_a_mark_that_contradicts_reopens_a_closed_night() -> None:
    night = Night("s1")
    night.mark("101", s1=Status.LATE, actor="t1")
    assert night.do("rollcall.closed", closing("s1")) is None
    night.mark("101", s1=P, actor="t2")
    assert night.standing("s1") is Status.LATE
    assert not night.records("rollcall")[0]["closed_at"]


def test_a_contradiction_the_phone_did_not_count_keeps_it_open() -> None:
    night = Night("s1", "s2")
    night.mark("101", s1=P, s2=P, actor="t1")
    night.mark("101", s2=Status.LATE, actor="t2")
    assert night.do("rollcall.closed", closing("s1")) is Reason.RULE_BROKEN


def test_undoing_a_save_lets_what_it_replaced_stand_again() -> None:
    night = Night("s1", "s2")
    first = night.mark("101", s1=Status.LATE)
    second = night.mark("101", s1=P, s2=P, over=(first,))
    assert night.do("marks.withdrawn", MarksWithdrawn(entry=second), actor="t2") is (
        Reason.NOT_ALLOWED
    )
    assert night.do("marks.withdrawn", MarksWithdrawn(entry=second)) is None
    assert (night.standing("s1"), night.standing("s2")) == (Status.LATE, None)
    [room] = night.records("room_night")
    assert len(room["detail"]["saves"]) == 1
    assert night.do("marks.withdrawn", MarksWithdrawn(entry=second)) is Reason.NOT_FOUND
    assert night.do("rollcall.closed", closing("s1", "s2")) is Reason.RULE_BROKEN


def test_undoing_never_takes_away_what_somebody_marked_since() -> None:
    night = Night("s1")
    first = night.mark("101", s1=P)
    night.mark("101", s1=Status.SICK, actor="t2", over=(first,))
    assert night.do("marks.withdrawn", MarksWithdrawn(entry=first)) is None
    assert night.standing("s1") is Status.SICK


def test_undoing_a_mark_of_a_closed_night_reopens_it() -> None:
    night = Night("s1")
    mark = night.mark("101", s1=P)
    assert night.do("rollcall.closed", closing("s1")) is None
    assert night.do("marks.withdrawn", MarksWithdrawn(entry=mark)) is None
    assert not night.records("rollcall")[0]["closed_at"]


def test_a_correction_keeps_it_closed_and_its_reason() -> None:
    night = Night("s1")
    mark = night.mark("101", s1=Status.LATE)
    assert night.do("rollcall.closed", closing("s1")) is None
    back = MarkCorrected(student="s1", room="101", status=P, over=(mark,), because="23:40 回寝")
    assert night.do("mark.corrected", back, actor="t2") is None
    [row] = night.records("rollcall")
    assert row["closed_at"] and night.standing("s1") is P
    assert row["detail"]["history"][-1]["because"] == "23:40 回寝"
    gone = MarkCorrected(student="s1", room="101", status=M, because="凌晨查房不在")
    assert night.do("mark.corrected", gone, actor="t2") is None
    assert not night.records("rollcall")[0]["closed_at"]


def test_reopening_needs_a_closed_night_and_a_reason() -> None:
    night = Night("s1")
    again = RollCallReopened(because="漏点一人")
    assert night.do("rollcall.reopened", again) is Reason.WRONG_STATE
    night.mark("101", s1=P)
    assert night.do("rollcall.closed", closing("s1")) is None
    assert night.do("rollcall.reopened", again) is None
    assert not night.records("rollcall")[0]["closed_at"]


def test_who_moved_out_is_named_and_counts_for_nothing() -> None:
    night = Night("s1")
    night.mark("101", s1=P, gone=P)
    [room] = night.records("room_night")
    assert room["detail"]["strangers"] == ["gone"]
    assert night.do("rollcall.closed", closing("s1")) is None


def test_yesterdays_night_can_be_closed_today_and_says_so() -> None:
    night = Night("s1")
    night.mark("101", s1=P, at="2026-03-03T14:00:00+08:00")
    [room] = night.records("room_night")
    assert room["detail"]["saves"][0]["later"]
    assert night.do("rollcall.closed", closing("s1"), at="2026-03-03T14:05:00+08:00") is None


@pytest.mark.parametrize("subject", ["rollcall:b1", "rollcall:b1:heute", "rollcall:b1:2026-3-2"])
def test_a_subject_nobody_can_mean_is_refused(subject: str) -> None:
    night = Night("s1")
    night.subject = subject
    marks = RoomMarked(room="101", marks=(Mark(student="s1", status=P),))
    assert night.do("room.marked", marks) is Reason.RULE_BROKEN


def test_a_supervisor_marks_their_own_buildings_and_leaders_all() -> None:
    rule, body = RollCallRule(), RoomMarked(room="101", marks=(Mark(student="s1", status=P),))
    entry = write("room.marked", SUBJECT, body, at=EVENING)

    def judged(author: Author) -> Reason | None:
        submission = Submission(entry, body, author=author)
        found = rule.judge(rule.start(SCHOOL, SUBJECT), submission, Labels())
        return found and found.reason

    supervisor = frozenset({Role.DORM_SUPERVISOR})
    assert judged(Author("t1", roles=supervisor, buildings=frozenset({"b1"}))) is None
    assert judged(Author("t1", roles=supervisor, buildings=frozenset({"b2"}))) is Reason.NOT_ALLOWED
    assert judged(Author("p", roles=frozenset({Role.DUTY_LEADER}))) is None


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        ("2026-03-02T22:00:00+08:00", "2026-03-02"),
        ("2026-03-03T00:30:00+08:00", "2026-03-02"),
        ("2026-03-03T11:59:00+08:00", "2026-03-02"),
        ("2026-03-03T12:00:00+08:00", "2026-03-03"),
    ],
)
def test_a_night_lasts_from_noon_to_noon(moment: str, night: str) -> None:
    assert night_of(datetime.fromisoformat(moment)) == night


STUDENTS = ("s1", "s2", "s3")


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 25))
def test_in_any_order_it_never_closes_with_a_gap_and_folds_alike(seed: int, count: int) -> None:
    rng = random.Random(seed)
    night = Night(*STUDENTS)
    for _ in range(count):
        actor = rng.choice(("t1", "t2", "t3"))
        entries = [stored.entry.header.id for stored in night.history]
        over = tuple(rng.sample(entries, min(len(entries), rng.randint(0, 4))))
        what = rng.random()
        if what < 0.6:
            pupils = rng.sample(STUDENTS, rng.randint(1, 3))
            marks = {one: rng.choice(list(Status)) for one in pupils}
            night.mark(rng.choice(("101", "102")), actor=actor, over=over, **marks)
        elif what < 0.7:
            night.roster.looked_for = set(rng.sample(STUDENTS, rng.randint(0, 3)))
        elif what < 0.9:
            closed = night.do("rollcall.closed", closing(*STUDENTS), actor=actor) is None
            if closed:
                state = night.state()
                assert all(state.standing(one) is not None for one in STUDENTS)
                assert not any(state.contested(one) for one in STUDENTS)
                assert all(
                    state.standing(one) in ACCOUNTED or one in night.roster.looked_for
                    for one in STUDENTS
                )
        else:
            night.do("rollcall.reopened", RollCallReopened(because="x"), actor=actor)
    rule = BY_KIND["room.marked"][0]
    shuffled = night.history[:]
    rng.shuffle(shuffled)
    again = fold(rule, SCHOOL, SUBJECT, shuffled, Labels())
    assert rule.records(again) == rule.records(night.state())
