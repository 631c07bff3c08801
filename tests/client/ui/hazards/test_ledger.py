"""The ledger: every number with its list, every column sorted, exported as shown."""

from dataclasses import replace
from typing import Any

import flet as ft
import pytest

from client.state.views import HazardColumn, HazardFilter, Shown
from client.ui.hazards.ledger import ledger_screen
from client.ui.hazards.table import USUAL, as_text, cell_text, column_word
from ledger.rules.hazards.bodies import Category, HazardGrade
from tests.client.ui.hand_made import NOW, HandMade, show
from tests.client.ui.hand_made_hazards import chip, in_figures, line, listed, principal

pytestmark = pytest.mark.asyncio


def ledger(*lines: Any) -> HandMade:
    client = principal(hazard_ledger=lambda *_: b"a workbook")
    client.state.hazards.page = listed(*lines)
    client.state.hazards.wanted = HazardFilter(shown=Shown.ALL, school_year=2025)
    client.state.hazards.figures = in_figures()
    return client


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("整改率", HazardFilter(shown=Shown.DONE, school_year=2025)),
        ("过了整改期限", HazardFilter(shown=Shown.OVERDUE, school_year=2025)),
        ("还没有销号", HazardFilter(shown=Shown.OPEN, school_year=2025)),
        ("等校长或安全干事", HazardFilter(shown=Shown.DECIDE, school_year=2025)),
    ],
)
async def test_every_figure_opens_its_list(name: str, wanted: HazardFilter) -> None:
    client = ledger(line())
    drawn = await show(client, ledger_screen)
    await drawn.press(name)
    assert client.calls.of("show_hazards")[-1] == (wanted, 0)


async def test_every_bar_opens_its_list() -> None:
    client = ledger()
    drawn = await show(client, ledger_screen)
    bars = {s.label: s.content for s in drawn.controls(ft.Semantics) if "项" in str(s.label or "")}
    for label, wanted in (
        ("重大：1 项", HazardFilter(school_year=2025, grade=HazardGrade.MAJOR)),
        ("食品：2 项", HazardFilter(school_year=2025, category=Category.FOOD)),
    ):
        bar = bars[label]
        assert isinstance(bar, ft.Container)
        await drawn.send(bar, "click")
        assert client.calls.of("show_hazards")[-1] == (wanted, 0)


async def test_a_column_sorts_up_then_down_then_as_before() -> None:
    client = ledger(line("h1"), line("h2"))
    drawn = await show(client, ledger_screen)
    client.calls.done.clear()
    for order, down in (
        (HazardColumn.DEADLINE, False),
        (HazardColumn.DEADLINE, True),
        (None, False),
    ):
        await drawn.press("整改期限")
        (wanted, number) = client.calls.of("show_hazards")[-1]
        assert (wanted.order, wanted.descending, number) == (order, down, 0)
        client.state.hazards.wanted = wanted
        await drawn.settle()


async def test_columns_are_chosen_and_kept() -> None:
    client = ledger(line(measure="更换阀门和管道"))
    drawn = await show(client, ledger_screen)
    assert "更换阀门和管道" not in drawn.words()
    await drawn.press("选列")
    await drawn.send(chip(drawn, "整改措施"), "select", True)
    (name, kept) = client.calls.of("choose")[-1]
    assert name == "ledger_columns"
    assert kept.split() == [
        one.value for one in HazardColumn if one in USUAL or one is HazardColumn.MEASURE
    ]
    client.state.hazards.columns = tuple(HazardColumn(one) for one in kept.split())
    await drawn.settle()
    assert "更换阀门和管道" in drawn.words()


async def test_exported_is_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[bytes] = []

    async def save_file(_self: ft.FilePicker, **told: Any) -> None:
        saved.append(told["src_bytes"])

    monkeypatch.setattr(ft.FilePicker, "save_file", save_file)
    client = ledger(line())
    client.state.hazards.wanted = HazardFilter(
        shown=Shown.OPEN, school_year=2025, category=Category.FIRE, order=HazardColumn.PLACE
    )
    client.state.hazards.columns = (HazardColumn.NUMBER, HazardColumn.PHOTOS)
    drawn = await show(client, ledger_screen)
    client.state.hazards.wanted = replace(client.state.hazards.wanted)
    await drawn.press("导出 Excel")
    wanted, columns, ending = client.calls.of("hazard_ledger")[0]
    assert wanted == client.state.hazards.wanted and ending == "xlsx"
    assert columns == client.state.hazards.columns
    assert saved == [b"a workbook"]


async def test_a_table_is_copied_as_cells() -> None:
    text = as_text((line(content="两行\n文字\t列"),), (HazardColumn.NUMBER, HazardColumn.CONTENT))
    assert text == "编号\t隐患内容\n2026-0012\t两行 文字 列"


async def test_every_column_has_its_word_and_says_something() -> None:
    full = line(
        basis="《指南》",
        protection="围挡",
        done_at=NOW,
        accepted_by_name="林静",
        closed_at=NOW,
        photos=2,
    )
    for column in HazardColumn:
        assert column_word(column) and cell_text(full, column), column
        empty = cell_text(replace(full, funds=0.0, deadline=None), column)
        assert "None" not in empty
