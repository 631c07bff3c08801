"""The usual lengths of leave begin and end where people mean them, and typed times are read."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.ui.leave.times import Usual, read, usual, written

SHANGHAI = timezone(timedelta(hours=8))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)


@given(st.sampled_from(Usual), MOMENTS)
def test_every_usual_leave_ends_after_it_begins_within_nine_days(
    which: Usual, now: datetime
) -> None:
    begin, end = usual(which, now)
    assert begin < end
    assert now - timedelta(minutes=1) <= begin <= now + timedelta(days=7)
    assert end - begin <= timedelta(days=3)


def test_a_weekend_runs_from_friday_afternoon_to_sunday_evening() -> None:
    tuesday = datetime(2026, 11, 24, 21, 5, tzinfo=SHANGHAI)
    begin, end = usual(Usual.WEEKEND, tuesday)
    assert (written(begin), written(end)) == ("2026-11-27 17:00", "2026-11-29 18:00")


@given(MOMENTS)
def test_what_is_written_is_read_again(moment: datetime) -> None:
    whole = moment.replace(second=0, microsecond=0)
    assert read(written(whole), whole) == whole


@pytest.mark.parametrize(
    "typed", ["2026-11-24 18:00", "11-24 18:00", "2026/11/24 18：00", " ２０２６-11-24 18:00 "]
)
def test_how_people_type_a_time(typed: str) -> None:
    like = datetime(2026, 11, 20, tzinfo=SHANGHAI)
    assert read(typed, like) == datetime(2026, 11, 24, 18, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize("typed", ["", "明天", "2026-02-30 10:00", "18:00", "2026-11-24"])
def test_what_is_no_time_is_said_to_be_none(typed: str) -> None:
    assert read(typed, datetime(2026, 11, 20, tzinfo=SHANGHAI)) is None
