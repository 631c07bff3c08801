"""A checklist's three answers stand beside each other on a phone, in either language."""

import flet as ft
import pytest

from client import words
from client.state.views import ItemView
from client.ui.guarded import guarded
from client.ui.scan.sheet import answer, item_row, third_of
from ledger.rules.checkins import Result
from tests.client.ui.flet_tree import draw

pytestmark = pytest.mark.asyncio
ITEM = ItemView("1", "灭火器压力正常", "")
LETTERS = 8
"""Beside its sign, in a third of 390 dp."""


@pytest.mark.parametrize("page_dp", [320.0, 360.0, 390.0, 411.4, 1440.0, None])
async def test_three_answers_fill_a_row_and_never_more(page_dp: float | None) -> None:
    room = (page_dp or 360) - 2 * 16
    assert room - 4 < 3 * third_of(page_dp) + 2 * 8 < room


async def test_answers_too_wide_for_a_row_take_two() -> None:
    drawn = await draw(guarded(lambda: item_row(ITEM, Result.NORMAL, lambda id, given: None)))
    answers = [one for one in drawn.controls(ft.Semantics) if one.button]
    (row,) = [one for one in drawn.controls(ft.Row) if one.controls == answers]
    assert len(answers) == 3 and row.wrap
    assert not any(one.expand for one in answers)


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("result", Result)
async def test_an_answer_is_short_to_read_and_said_in_full(language: str, result: Result) -> None:
    chosen: list[tuple[str, Result]] = []

    @guarded
    def part() -> ft.Control:
        return answer(result, ITEM, False, lambda id, given: chosen.append((id, given)), 113)

    words.use(language)
    try:
        drawn = await draw(part)
        (seen,) = (text.value for text in drawn.controls(ft.Text))
        assert len(seen) <= LETTERS, seen
        (spoken,) = (one.label for one in drawn.controls(ft.Semantics) if one.label)
        assert ITEM.text in spoken
        assert "N/A" not in spoken
        await drawn.press(seen)
        assert chosen == [("1", result)]
    finally:
        words.use("zh_CN")
