"""After a repair the person learns what was saved and what is missing, until they have read it."""

import pytest

from client.state.views import Missing, RescueNote
from client.ui.layout import Layout
from client.ui.rescue import rescue_notice
from tests.client.ui.hand_made import NOW, HandMade, show

pytestmark = pytest.mark.asyncio
AT = NOW.isoformat()


@pytest.mark.parametrize("layout", Layout)
async def test_it_says_what_is_there_and_what_is_not(layout: Layout) -> None:
    client = HandMade()
    gap = (Missing(118, 120, AT, AT),)
    note = RescueNote(AT, rescued=12_000, own=1_300, unsent=12, missing=gap, settled=True)
    drawn = await show(client, lambda: rescue_notice(note), layout)
    for said in ("12,000 条", "1,300 条", "从第 118 条起缺 3 条"):
        assert said in drawn.words()
    await drawn.press("我知道了")
    assert client.calls.of("rescue_read")


async def test_where_nothing_is_missing_it_says_so() -> None:
    note = RescueNote(AT, rescued=1, own=1, unsent=0, settled=True)
    drawn = await show(HandMade(), lambda: rescue_notice(note))
    assert "一条不缺" in drawn.words()
