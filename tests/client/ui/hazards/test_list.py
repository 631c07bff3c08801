"""Lists of hazards: one's own on the day's screen, and a word where there are none."""

import pytest

from client.state.views import HazardFilter, Shown
from client.ui.hazards.list import hazards_screen
from client.ui.layout import Layout
from client.ui.today import today_screen
from ledger.rules.hazards.states import HazardState
from ledger.rules.rule import Role
from tests.client.ui.hand_made import HandMade, show
from tests.client.ui.hand_made_hazards import line, listed, principal

pytestmark = pytest.mark.asyncio


async def test_the_day_shows_what_one_has_to_rectify() -> None:
    client = HandMade(Role.TEACHER)
    client.state.patrol.rounds = ()
    mine = line(state=HazardState.RETURNED, responsible="s1", content="我的那处")
    others = line("h2", state=HazardState.ASSIGNED, responsible="t9", content="别人的那处")
    client.state.hazards.mine = listed(mine, others)
    drawn = await show(client, today_screen, Layout.PHONE)
    assert "我的整改" in drawn.words() and "我的那处" in drawn.words()
    assert "别人的那处" not in drawn.words()


@pytest.mark.parametrize("shown", [Shown.MINE, Shown.OPEN, Shown.OVERDUE, Shown.DONE])
async def test_an_empty_list_says_what_will_be_there(shown: Shown) -> None:
    client = principal()
    client.state.hazards.page = listed()
    client.state.hazards.wanted = HazardFilter(shown=shown)
    drawn = await show(client, hazards_screen, Layout.PHONE)
    assert "隐患" in drawn.words() and "随手拍" in drawn.words()
