"""A plan means the same rounds on every phone, over midnight too."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ledger.rules.plans import (
    PlanSet,
    Rhythm,
    Window,
    free_round_subject,
    round_subject,
    rounds_on,
    school_zone,
)

CHINA = school_zone(480)
MONDAY = date(2026, 3, 2)
times = st.times().map(lambda time: time.strftime("%H:%M"))


def plan(*windows: tuple[str, str], **fields: object) -> tuple[str, dict[str, object]]:
    named = [
        {"name": f"第{slot}轮", "opens": opens, "closes": closes}
        for slot, (opens, closes) in enumerate(windows, start=1)
    ]
    return "daily", {"name": "日巡查", "windows": named, "points": ["p1", "p2"], **fields}


def test_a_round_for_every_window_by_opening_time() -> None:
    rounds = rounds_on(MONDAY, [plan(("14:00", "18:00"), ("07:00", "08:30"))], CHINA)
    assert [(one.name, one.slot) for one in rounds] == [("第2轮", 1), ("第1轮", 0)]
    first = rounds[0]
    assert first.subject == "round:daily:2026-03-02:1" == round_subject("daily", first.day, 1)
    assert first.opens == datetime(2026, 3, 2, 7, 0, tzinfo=CHINA)
    assert first.closes == datetime(2026, 3, 2, 8, 30, tzinfo=CHINA)
    assert first.points == ("p1", "p2")


def test_a_window_over_midnight_belongs_to_the_day_it_opens() -> None:
    (night,) = rounds_on(MONDAY, [plan(("22:30", "05:30"))], CHINA)
    assert night.day == "2026-03-02"
    assert night.closes == datetime(2026, 3, 3, 5, 30, tzinfo=CHINA)


def test_a_window_that_closes_when_it_opens_lasts_a_day() -> None:
    (whole,) = rounds_on(MONDAY, [plan(("07:00", "07:00"))], CHINA)
    assert whole.closes - whole.opens == timedelta(days=1)


@given(times, times, st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_a_round_opens_on_its_day_and_lasts_at_most_a_day(
    opens: str, closes: str, day: date
) -> None:
    (one,) = rounds_on(day, [plan((opens, closes))], CHINA)
    assert one.opens.date() == day
    assert timedelta(0) < one.closes - one.opens <= timedelta(days=1)
    assert one.closes.strftime("%H:%M") == closes


@given(st.sets(st.integers(1, 7)), st.integers(0, 13))
def test_a_plan_has_rounds_on_its_weekdays_alone(weekdays: set[int], after: int) -> None:
    day = MONDAY + timedelta(days=after)
    rounds = rounds_on(day, [plan(("07:00", "08:00"), weekdays=sorted(weekdays))], CHINA)
    assert bool(rounds) == (day.isoweekday() in weekdays)


@pytest.mark.parametrize(("starts_on", "many"), [("2026-03-03", 0), ("2026-03-02", 1)])
def test_a_plan_has_none_before_it_starts(starts_on: str, many: int) -> None:
    rounds = rounds_on(MONDAY, [plan(("07:00", "08:00"), starts_on=starts_on)], CHINA)
    assert len(rounds) == many


def test_a_plan_that_ended_has_none() -> None:
    assert rounds_on(MONDAY, [plan(("07:00", "08:00"), ended=True)], CHINA) == []


def test_no_plans_no_rounds() -> None:
    assert rounds_on(MONDAY, [], CHINA) == []


@pytest.mark.parametrize("time", ["24:00", "7:00", "07:60", "0700", "", "07:00:00"])
def test_a_window_at_a_time_that_is_none_is_refused(time: str) -> None:
    with pytest.raises(ValidationError):
        Window(name="晨间", opens=time, closes="08:00")


def test_a_plan_needs_a_window_and_its_weekdays_are_a_weeks() -> None:
    window = Window(name="晨间", opens="07:00", closes="08:00")
    with pytest.raises(ValidationError):
        PlanSet(name="空", windows=(), points=("p1",))
    with pytest.raises(ValidationError):
        PlanSet(name="八", windows=(window,), points=("p1",), weekdays=(8,))
    assert PlanSet(name="日", windows=(window,), points=()).rhythm is Rhythm.DAILY


def test_check_ins_outside_any_plan_are_kept_by_person_and_day() -> None:
    assert free_round_subject("t1", "2026-03-02") == "round:free:t1:2026-03-02"
