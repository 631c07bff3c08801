"""What time it was can be known as long as the device knows how long it has been running."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.clock import estimated_offset, meet, stamp

CHINA = timezone(timedelta(hours=8))
TRUE = datetime(2026, 3, 2, 7, 0, tzinfo=CHINA)
YEAR_S = 365 * 86400.0

seconds = st.floats(-3 * YEAR_S, 3 * YEAR_S).map(lambda value: round(value, 3))
uptimes = st.floats(0, YEAR_S).map(lambda value: round(value, 3))
passing = st.floats(0, YEAR_S).map(lambda value: round(value, 3))


def later(value: float) -> datetime:
    return TRUE + timedelta(seconds=value)


@given(seconds, uptimes, passing, seconds)
def test_true_time_is_known_until_the_restart_however_the_clock_is_set(
    wrong_by: float, uptime: float, passed: float, set_by: float
) -> None:
    contact = meet(TRUE.isoformat(), later(wrong_by), uptime, "boot")
    now = later(passed + wrong_by + set_by)
    offset = estimated_offset(now, uptime + passed, "boot", contact)
    assert abs((now + timedelta(seconds=offset) - later(passed)).total_seconds()) < 0.01


@given(seconds, uptimes, passing, uptimes)
def test_after_a_restart_the_old_offset_holds(
    wrong_by: float, uptime: float, passed: float, rebooted_for: float
) -> None:
    contact = meet(TRUE.isoformat(), later(wrong_by), uptime, "boot")
    now = later(passed + wrong_by)
    offset = estimated_offset(now, rebooted_for, "next boot", contact)
    assert abs((now + timedelta(seconds=offset) - later(passed)).total_seconds()) < 0.01


@given(seconds, uptimes, passing, seconds, uptimes)
def test_it_is_never_earlier_than_the_last_contact(
    wrong_by: float, uptime: float, passed: float, set_by: float, running: float
) -> None:
    """Set back a year after a restart: all that is sure is that time does not run backwards."""
    contact = meet(TRUE.isoformat(), later(wrong_by), uptime, "boot")
    now = later(passed + wrong_by + set_by)
    offset = estimated_offset(now, running, "next boot", contact)
    assert now + timedelta(seconds=offset) >= TRUE - timedelta(milliseconds=2)


def test_a_clock_set_back_a_year_while_running_costs_nothing() -> None:
    contact = meet(TRUE.isoformat(), TRUE, 100.0, "boot")
    now = TRUE + timedelta(hours=2) - timedelta(days=365)
    made = stamp(now, 100.0 + 7200, "boot", contact)
    assert made.at == "2025-03-02T09:00:00.000+08:00", "what the device said stays as it was"
    assert made.clock.offset == pytest.approx(YEAR_S)
    assert made.clock.server == TRUE.isoformat()


def test_an_uptime_that_ran_backwards_is_a_restart() -> None:
    contact = meet(TRUE.isoformat(), TRUE, 5000.0, "boot")
    now = TRUE + timedelta(hours=2)
    assert estimated_offset(now, 10.0, "boot", contact) == 0.0


def test_without_any_contact_nothing_is_claimed() -> None:
    made = stamp(TRUE, 12.3456, "boot", None)
    assert made.clock.offset is None
    assert made.clock.server is None
    assert made.clock.uptime == 12.346
    assert made.clock.boot == "boot"


def test_a_server_in_another_time_zone_says_the_same_moment() -> None:
    contact = meet(TRUE.astimezone(UTC).isoformat(), later(-30), 0.0, "boot")
    assert contact.offset == 30.0


@pytest.mark.parametrize("text", ["", "now", "2026-13-01T00:00:00+08:00", "1 o'clock"])
def test_a_server_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        meet(text, TRUE, 0.0, "boot")


def test_a_server_time_without_an_offset_is_refused_too() -> None:
    with pytest.raises(ValueError):
        meet("2026-03-02T07:00:00", TRUE, 0.0, "boot")
