"""A round: every point seen or named with a reason, and nothing ever disappears."""

from dataclasses import replace
from typing import Any

import pytest

from ledger.entry import Body
from ledger.rules.checkins import (
    CheckInRecorded,
    CheckInWithdrawn,
    ItemResult,
    LabelRead,
    Method,
    MissedPoint,
    Result,
    RoundClosed,
    WindowSeen,
)
from ledger.rules.rule import Labels
from ledger.verdicts import Reason, Verdict
from tests.ledger.rules.telling import Story, reason

DAY = "2026-03-02"
TOKENS = {f"p{n}": f"AAAAAAAAA{n}" for n in range(1, 5)}
LABELS = Labels(
    by_token={token: point for point, token in TOKENS.items()},
    by_typed={f"1234567{n}": f"p{n}" for n in range(1, 5)},
    points=frozenset(TOKENS),
)
WINDOW = WindowSeen(
    plan="daily",
    day=DAY,
    slot=0,
    opens=f"{DAY}T05:30:00+08:00",
    closes=f"{DAY}T08:30:00+08:00",
)


def seen(point: str, **fields: Any) -> CheckInRecorded:
    label = LabelRead(method=Method.SCAN, token=TOKENS.get(point, ""))
    return CheckInRecorded(**{"label": label, "point": point, "window": WINDOW, **fields})


def closed(*points: str, missed: dict[str, str] | None = None, early: bool = False) -> RoundClosed:
    reasons = [MissedPoint(point=point, because=why) for point, why in (missed or {}).items()]
    return RoundClosed(window=WINDOW, points=points, missed=tuple(reasons), early=early)


class Round(Story):
    def check_in(self, point: str, **header: Any) -> str:
        assert self.tell("checkin.recorded", seen(point), **header) is None
        return self.history[-1].entry.header.id

    def withdraw(self, id: str, **header: Any) -> Reason | None:
        return reason(self.tell("checkin.withdrawn", CheckInWithdrawn(entry=id), **header))

    def close(self, body: Body, **header: Any) -> Reason | None:
        return reason(self.tell("round.closed", body, **header))

    @property
    def summary(self) -> dict[str, Any]:
        (row,) = self.records("round")
        return row


@pytest.fixture
def round_() -> Round:
    return Round(f"round:daily:{DAY}:0", LABELS)


def test_a_check_in_becomes_a_record(round_: Round) -> None:
    id = round_.check_in("p1", actor="t7")
    (row,) = round_.records("checkin")
    assert (row["id"], row["point"], row["actor"], row["day"]) == (id, "p1", "t7", DAY)
    assert (row["plan"], row["slot"], row["result"]) == ("daily", 0, "normal")
    assert (row["late"], row["withdrawn"], row["seq"]) == (False, False, 1)
    assert row["at"] == "2026-03-01T23:00:00.000+00:00"


def test_one_abnormal_item_makes_it_abnormal(round_: Round) -> None:
    items = (
        ItemResult(item="1", result=Result.NORMAL),
        ItemResult(item="2", result=Result.ABNORMAL, note="压力不足"),
        ItemResult(item="3", result=Result.NOT_APPLICABLE),
    )
    assert round_.tell("checkin.recorded", seen("p1", items=items)) is None
    (row,) = round_.records("checkin")
    assert row["result"] == "abnormal"


def test_two_teachers_walk_one_round_together(round_: Round) -> None:
    round_.check_in("p1", actor="t1", device="phone")
    round_.check_in("p2", actor="t2", device="other")
    assert {row["actor"] for row in round_.records("checkin")} == {"t1", "t2"}


def test_a_point_the_phone_did_not_know_is_found_by_its_label(round_: Round) -> None:
    body = seen("").model_copy(update={"label": LabelRead(method=Method.SCAN, token=TOKENS["p3"])})
    assert round_.tell("checkin.recorded", body) is None
    assert round_.records("checkin")[0]["point"] == "p3"
    typed = seen("").model_copy(update={"label": LabelRead(method=Method.TYPED, typed="12345672")})
    assert round_.tell("checkin.recorded", typed) is None
    assert round_.records("checkin")[1]["point"] == "p2"


def test_an_unknown_point_is_held_until_it_is_known(round_: Round) -> None:
    body = seen("").model_copy(update={"label": LabelRead(method=Method.SCAN, token="NEWTOKEN01")})
    objection = round_.tell("checkin.recorded", body)
    assert objection is not None
    assert (objection.reason, objection.verdict) == (Reason.UNKNOWN_POINT, Verdict.HELD)
    assert objection.detail == {"label": "NEWTOKEN01"}
    round_.labels = Labels(by_token={"NEWTOKEN01": "p9"}, points=frozenset({"p9"}))
    assert round_.tell("checkin.recorded", body) is None
    assert round_.records("checkin")[0]["point"] == "p9"


@pytest.mark.parametrize(
    "other", [{"plan": "weekly"}, {"day": "2026-03-03"}, {"slot": 1}, {"slot": -1}]
)
def test_a_window_of_another_round_is_refused(round_: Round, other: dict[str, Any]) -> None:
    window = replace(WINDOW, **other)
    objection = round_.tell("checkin.recorded", seen("p1", window=window))
    assert reason(objection) is Reason.RULE_BROKEN


@pytest.mark.parametrize("field", ["opens", "closes"])
def test_a_window_at_a_time_that_is_none_is_unreadable(round_: Round, field: str) -> None:
    window = replace(WINDOW, **{field: "2026-02-31T05:30:00+08:00"})
    objection = round_.tell("checkin.recorded", seen("p1", window=window))
    assert reason(objection) is Reason.UNREADABLE


@pytest.mark.parametrize("at", ["2026-02-31T07:00:00+08:00", "2026-03-02T29:00:00+08:00"])
def test_a_time_that_is_none_is_unreadable(round_: Round, at: str) -> None:
    assert reason(round_.tell("checkin.recorded", seen("p1"), at=at)) is Reason.UNREADABLE


def test_a_body_that_is_none_is_unreadable_and_says_where(round_: Round) -> None:
    objection = round_.tell("checkin.recorded", CheckInWithdrawn(entry="x"))
    assert objection is not None
    assert (objection.reason, objection.detail) == (Reason.UNREADABLE, {"field": "label"})


def test_taking_back_leaves_both_in_the_history(round_: Round) -> None:
    id = round_.check_in("p1")
    body = CheckInWithdrawn(entry=id, because="扫错了")
    assert round_.tell("checkin.withdrawn", body) is None
    (row,) = round_.records("checkin")
    assert row["withdrawn"]
    assert row["detail"]["withdrawn_because"] == "扫错了"
    assert len(round_.history) == 2


def test_only_its_author_takes_a_check_in_back(round_: Round) -> None:
    id = round_.check_in("p1", actor="t1")
    assert round_.withdraw(id, actor="principal", device="desk") is Reason.NOT_YOURS
    assert round_.withdraw(id, actor="t1", device="another phone of hers") is None


def test_what_is_not_there_is_not_taken_back(round_: Round) -> None:
    assert round_.withdraw("no such entry") is Reason.NOT_FOUND


def test_a_round_ends_when_every_point_was_seen(round_: Round) -> None:
    for point in ("p1", "p2"):
        round_.check_in(point)
    assert not round_.summary["closed"]
    assert round_.close(closed("p1", "p2"), actor="t1") is None
    assert round_.summary["closed"]
    assert round_.summary["detail"]["by"] == "t1"


def test_ending_early_names_every_missed_point(round_: Round) -> None:
    round_.check_in("p1")
    assert round_.close(closed("p1", "p2", "p3", missed={"p2": "施工"})) is Reason.RULE_BROKEN
    missed = {"p2": "施工", "p3": "锁门"}
    assert round_.close(closed("p1", "p2", "p3", missed=missed, early=True)) is None
    detail = round_.summary["detail"]
    assert detail["early"]
    assert {one["point"]: one["because"] for one in detail["missed"]} == missed


def test_a_missed_point_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="because"):
        MissedPoint(point="p1", because="")


def test_a_check_in_that_was_taken_back_does_not_count_at_the_end(round_: Round) -> None:
    round_.withdraw(round_.check_in("p1"))
    assert round_.close(closed("p1")) is Reason.RULE_BROKEN
    assert round_.close(closed("p1", missed={"p1": "扫错了"})) is None


def test_who_ends_it_second_learns_who_was_first(round_: Round) -> None:
    round_.check_in("p1")
    assert round_.close(closed("p1"), actor="t1") is None
    objection = round_.tell("round.closed", closed("p1"), actor="t2", device="other")
    assert objection is not None
    assert objection.reason is Reason.ALREADY_CLOSED
    assert objection.detail["who"] == "t1"


def test_a_check_in_that_arrives_after_the_end_is_kept(round_: Round) -> None:
    """A second phone had no network: what it saw is a fact."""
    round_.check_in("p1")
    round_.close(closed("p1", "p2", missed={"p2": "没时间"}))
    round_.check_in("p2", device="other", actor="t2")
    assert len(round_.records("checkin")) == 2


def test_a_round_outside_any_plan_keeps_the_day(round_: Round) -> None:
    free = Round(f"round:free:t1:{DAY}", LABELS)
    assert free.tell("checkin.recorded", seen("p1", window=None)) is None
    (row,) = free.records("checkin")
    assert (row["day"], row["plan"], row["slot"]) == (DAY, "", -1)


@pytest.mark.parametrize(
    "subject",
    [
        "round:daily",
        "round:daily:someday:0",
        f"round:daily:{DAY}:x",
        f"round:daily:{DAY}:-1",
        f"round:daily:{DAY}:0:more",
        f"round:daily:{DAY}:٢",
        f"round::{DAY}:0",
        "round:free:t1:2026-02-31",
        f"round:free::{DAY}",
        "round:",
    ],
)
def test_a_round_that_no_plan_can_mean_is_refused(subject: str) -> None:
    """Else a single phone could put a day that is none at the head of everybody's list."""
    story = Round(subject, LABELS)
    assert reason(story.tell("checkin.recorded", seen("p1", window=None))) is Reason.RULE_BROKEN
