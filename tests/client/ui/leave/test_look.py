"""A leave says how it stands, and whether somebody came back later than they were to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from client.state.views import LeaveDetail, LeaveLine
from client.ui.guarded import guarded
from client.ui.leave.detail import leave_detail
from ledger.rules.dorms.bodies import LeaveSort
from ledger.rules.dorms.leave import LeaveState
from tests.client.ui.hand_made import NOW, HandMade, show

pytestmark = pytest.mark.asyncio
LINE = LeaveLine(
    id="l1",
    subject="leave:b1:701:l1",
    student="s1",
    name="林小雨",
    class_id="701",
    building="女生公寓",
    where="101-1",
    sort=LeaveSort.HOME,
    state=LeaveState.RETURNED,
    starts=NOW - timedelta(hours=30),
    ends=NOW - timedelta(hours=12),
    returned=NOW - timedelta(hours=8),
    requested_by="何秀兰",
    decided_by="王敏",
    pending=False,
    late=False,
    may_decide=False,
    may_cancel=False,
    may_return=False,
)
DETAIL = LeaveDetail(LINE, "王女士", "15400001234", "林女士", "15400000001", None, ())


async def words_of(line: LeaveLine) -> str:
    shown = replace(DETAIL, line=line)
    screen = await show(HandMade(), guarded(lambda: leave_detail(shown)))
    return screen.words()


async def test_who_came_back_late_is_said_to_have_and_by_how_much() -> None:
    assert "晚返 4 小时" in await words_of(LINE)


@pytest.mark.parametrize("early", [timedelta(), timedelta(hours=1)])
async def test_who_came_back_in_time_is_not(early: timedelta) -> None:
    assert "晚返" not in await words_of(replace(LINE, returned=LINE.ends - early))


@pytest.mark.parametrize(
    ("hours", "said"),
    [(24, "由班主任、年级主任或校长批。"), (25, "超过一天，由年级主任或校长批。")],
)
async def test_who_may_not_decide_reads_who_does(hours: int, said: str) -> None:
    ends = LINE.starts + timedelta(hours=hours)
    asked = replace(LINE, state=LeaveState.REQUESTED, ends=ends, returned=None)
    assert said in await words_of(asked)
    assert said not in await words_of(replace(asked, may_decide=True))


async def test_numbers_to_call_are_written_as_people_say_them() -> None:
    assert "王女士 154 0000 1234" in await words_of(LINE)
