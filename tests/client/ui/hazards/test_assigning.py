"""Assigning: who, what, until when, with the condition of the list and the money."""

from functools import partial
from typing import Any

import pytest

from client.actions.decide_hazard import Assignment
from client.ui.hazards.amounts import amount_of, amount_text
from client.ui.hazards.assigning import assign_form
from ledger.rules.hazards.bodies import HazardGrade
from ledger.rules.hazards.conditions import national_list
from ledger.rules.hazards.states import HazardState
from tests.client.ui.hand_made import NOW, HandMade, show
from tests.client.ui.hand_made_hazards import BATTERY, line, opened, principal

pytestmark = pytest.mark.asyncio


def assigning(client: HandMade, answers: list[Assignment], **changes: Any) -> Any:
    async def assign(wanted: Assignment) -> None:
        answers.append(wanted)

    detail = opened(line(state=HazardState.REGISTERED), "graded", **changes)
    people, today = client.state.desk.people, NOW.date()
    return partial(
        assign_form, detail, people, national_list(), today, "", False, assign, lambda: None
    )


async def test_assigning_takes_unit_funds_and_the_condition() -> None:
    client, answers = principal(), list[Assignment]()
    drawn = await show(client, assigning(client, answers))
    await drawn.press("对照重大隐患清单")
    await drawn.press(BATTERY.text)
    await drawn.write("临时防护措施（必填）", "停用")
    await drawn.write("责任单位", "后勤处")
    await drawn.write("资金（元）", "1,500.50")
    await drawn.press("交办")
    (wanted,) = answers
    assert (wanted.condition, wanted.grade) == (BATTERY.id, HazardGrade.MAJOR)
    assert (wanted.unit, wanted.funds, wanted.protection) == ("后勤处", 1500.5, "停用")


@pytest.mark.parametrize("said", ["很多", "-3", "1e12", "12..5"])
async def test_what_is_no_amount_is_told_and_nothing_is_sent(said: str) -> None:
    client, answers = principal(), list[Assignment]()
    drawn = await show(client, assigning(client, answers))
    await drawn.write("资金（元）", said)
    await drawn.press("交办")
    assert answers == [] and "金额请写数字" in drawn.words()


@pytest.mark.parametrize(
    ("said", "yuan"),
    [("", 0.0), ("1200", 1200.0), ("1,200.5", 1200.5), ("¥80", 80.0), ("３００元", 300.0)],
)
async def test_amounts_are_read_as_people_write_them(said: str, yuan: float) -> None:
    assert amount_of(said) == yuan
    assert amount_of(amount_text(yuan)) == yuan
