"""A checklist's three answers stand beside each other on a phone, in either language."""

import flet as ft
import pytest

from client import words
from client.state.views import ItemView
from client.ui.guarded import guarded
from client.ui.scan.sheet import answer
from ledger.rules.checkins import Result
from tests.client.ui.flet_tree import draw

pytestmark = pytest.mark.asyncio
ITEM = ItemView("1", "灭火器压力正常", "")
LETTERS = 8
"""Beside its sign, in a third of 390 dp."""


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("result", Result)
async def test_an_answer_is_short_to_read_and_said_in_full(language: str, result: Result) -> None:
    chosen: list[tuple[str, Result]] = []

    @guarded
    def part() -> ft.Control:
        return answer(result, ITEM, False, lambda id, given: chosen.append((id, given)))

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
