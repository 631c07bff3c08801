"""An address that leads nowhere says so, and shows the way back."""

import pytest

from client.ui.app import nowhere
from client.ui.layout import Layout
from tests.client.ui.hand_made import HandMade, show

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("layout", Layout)
async def test_it_is_said_in_words(layout: Layout) -> None:
    words = (await show(HandMade(), nowhere, layout)).words()
    assert "没有这个页面" in words
    assert "回到首页" in words
