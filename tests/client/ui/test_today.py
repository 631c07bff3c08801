"""What the clock says about a round is true of it."""

from datetime import timedelta

import pytest

from client.state.views import PointState, RoundStanding
from client.ui.today import time_line
from tests.client.ui.hand_made import NOW, round_, stop


@pytest.mark.parametrize(
    ("closed", "after", "said"),
    [
        (True, timedelta(), "已结束，漏检 1 处"),
        (True, timedelta(hours=3), "已结束，漏检 1 处"),
        (False, timedelta(hours=3), "已过时间，漏检 1 处"),
        (False, timedelta(), "还剩 1 小时"),
    ],
)
def test_a_round_that_was_ended_has_not_run_out_of_time(
    closed: bool, after: timedelta, said: str
) -> None:
    ended = round_(
        stop("p1", PointState.DONE),
        stop("p2", PointState.MISSED),
        closed=closed,
        standing=RoundStanding.INCOMPLETE if closed else RoundStanding.OPEN,
    )
    assert said in time_line(ended, NOW + after)
