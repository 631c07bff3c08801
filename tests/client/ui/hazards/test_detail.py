"""A hazard opened: a phone shows all of it."""

from datetime import date
from functools import partial

import pytest

from client.state.views import HazardStep
from client.ui.hazards.detail import hazard_detail
from client.ui.layout import Layout
from ledger.rules.hazards.overdue import Climbed
from ledger.verdicts import Verdict
from tests.client.ui.hand_made import LONG, NOW, show
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


async def test_a_deadline_is_said_as_every_other_day_is() -> None:
    far = date(date.today().year + 1, 3, 5)
    step = HazardStep(
        entry="e1",
        kind="hazard.assigned",
        by="s1",
        by_name="林静",
        at=NOW,
        said={"deadline": far.isoformat()},
        photos=(),
        verdict=Verdict.ACCEPTED,
    )
    detail = opened(line(deadline=far), steps=(step,))
    drawn = await show(principal(), partial(hazard_detail, detail), Layout.PHONE)
    assert f"{far.year}年3月5日" in drawn.words()
    assert far.isoformat() not in drawn.words()
