"""Rectifying: what it cost, and why it is late."""

import pytest

from client.actions.decide_hazard import HazardDone
from client.state.views import Picture, RectifyDraft
from client.ui.hazards.rectify import rectify_view
from ledger.rules.hazards.states import HazardState
from tests.client.ui.hand_made import show_view
from tests.client.ui.hand_made_hazards import form_button, line, opened, principal

pytestmark = pytest.mark.asyncio


async def test_rectifying_says_what_it_cost_and_why_it_is_late() -> None:
    # Without a router around it the route names no hazard.
    late = line("", state=HazardState.ASSIGNED, overdue=True, days_left=-2, funds=0.0)
    draft = RectifyDraft(pictures=(Picture("after-picture"),))
    client = principal(
        rectify_draft=lambda *_: draft, rectify=lambda *_: HazardDone((("h1", "e1"),))
    )
    client.state.hazards.opened = opened(late, "rectified", needs_reason=True)
    drawn = await show_view(client, rectify_view)
    assert "已经逾期，请说明原因和临时防护" in drawn.words()
    await drawn.write("做了什么整改", "换了阀门")
    await drawn.write("逾期原因", "等配件")
    await drawn.write("临时防护措施", "关总阀")
    await drawn.write("花费（元，可不写）", "八十")
    await drawn.send(form_button(drawn, "上报整改"), "click")
    assert client.calls.of("rectify") == [] and "金额请写数字" in drawn.words()
    await drawn.write("花费（元，可不写）", "80")
    await drawn.send(form_button(drawn, "上报整改"), "click")
    (_, sent) = client.calls.of("rectify")[0]
    assert (sent.done, sent.funds, sent.overdue_because) == ("换了阀门", 80.0, "等配件")
    assert sent.protection == "关总阀"
