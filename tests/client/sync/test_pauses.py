"""A school's phones come back one after the other: soon after a short outage, later after long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.sync.pauses import FIRST_PAUSE_S, LONGEST_PAUSE_S, QUIET_PAUSE_S, pause_after


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_pauses_after_failures_grow_up_to_a_bound(failures: int, chance: float) -> None:
    pause = pause_after(failures, lambda: chance)
    assert FIRST_PAUSE_S / 2 <= pause <= LONGEST_PAUSE_S
    assert pause <= FIRST_PAUSE_S * 2 ** min(failures - 1, 16)


@given(st.integers(1, 30))
def test_the_same_chance_never_shortens_a_pause(failures: int) -> None:
    assert pause_after(failures, lambda: 0.5) <= pause_after(failures + 1, lambda: 0.5)


@given(st.floats(0, 1))
def test_a_quiet_pause_is_about_two_minutes(chance: float) -> None:
    assert 0.75 * QUIET_PAUSE_S <= pause_after(0, lambda: chance) <= 1.25 * QUIET_PAUSE_S


@pytest.mark.parametrize("failures", [1, 3, 12])
def test_a_schools_phones_do_not_come_back_in_the_same_second(failures: int) -> None:
    pauses = {round(pause_after(failures), 3) for _ in range(200)}
    assert len(pauses) > 50
