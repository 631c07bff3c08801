"""A hazard opened: a phone shows all of it."""

from functools import partial

import pytest

from client.ui.hazards.detail import hazard_detail
from client.ui.layout import Layout
from ledger.rules.hazards.overdue import Climbed
from tests.client.ui.hand_made import LONG, show
from tests.client.ui.hand_made_hazards import BATTERY, line, opened, photo, principal

pytestmark = pytest.mark.asyncio


async def test_a_phone_reads_the_whole_hazard() -> None:
    shown = line(content=LONG, overdue=True, days_left=-3, climbed=Climbed.PRINCIPAL)
    detail = opened(shown, condition=BATTERY, basis="GB 50016", other=(photo("c" * 64),))
    drawn = await show(principal(), partial(hazard_detail, detail), Layout.PHONE)
    words = drawn.words()
    for said in (
        LONG,
        BATTERY.text,
        BATTERY.basis,
        "GB 50016",
        "逾期 3 天",
        "校长督促",
        "总务处",
        "1200",
    ):
        assert said in words, said
