"""Rules of the small parts that need no browser to be seen."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast

import flet as ft
import pytest

from client.ui.guarded import guarded
from client.ui.kit.badges import State, risk_badge, state_badge
from client.ui.kit.dialogs import Question, use_confirm
from client.ui.kit.lists import PAGE_ROWS, paged_list
from client.ui.kit.search import Choice, filter_chips
from client.ui.kit.sync_chip import SyncStatus, sync_chip
from client.ui.layout import Layout, layout_for
from ledger.rules.places import Risk
from tests.client.ui.flet_tree import draw, settle

pytestmark = pytest.mark.asyncio


async def test_no_state_is_colour_alone() -> None:
    looks = [state.look for state in State]
    assert len({icon for icon, _ in looks}) == len(State)
    assert len({state.word for state in State}) == len(State)
    for part in [*map(state_badge, State), *map(risk_badge, Risk)]:
        drawn = await draw(guarded(lambda part=part: part))
        assert list(drawn.controls(ft.Icon))
        assert drawn.words()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (SyncStatus(), "已同步"),
        (SyncStatus(waiting=3), "待上传 3"),
        (SyncStatus(photos=3), "照片待传 3"),
        (SyncStatus(waiting=3, offline_for=timedelta(minutes=12)), "离线 12 分钟"),
        (SyncStatus(waiting=3, attention=1, offline_for=timedelta(minutes=12)), "需处理 1"),
    ],
)
async def test_the_chip_says_the_most_useful_thing(status: SyncStatus, said: str) -> None:
    opened: list[bool] = []
    drawn = await draw(guarded(lambda: sync_chip(status, lambda: opened.append(True))))
    await drawn.press(said)
    assert opened


async def test_a_question_closed_in_any_way_is_a_no() -> None:
    answers: list[bool] = []

    @guarded
    def screen() -> ft.Control:
        ask = use_confirm()

        async def press() -> None:
            answers.append(await ask(Question("结束？", "还有 6 个点。", "结束")))

        return ft.Button("问", on_click=lambda: ft.context.page.run_task(press))

    drawn = await draw(screen)
    for way in ("结束", "取消", None):
        await drawn.press("问")
        dialog = next(d for d in drawn.controls(ft.AlertDialog) if d.open)
        if way:
            button = next(b for b in dialog.actions if getattr(b, "content", None) == way)
            await drawn.send(button, "click")
        else:
            await drawn.send(dialog, "dismiss")
        await settle()
    assert answers == [True, False, False]


@guarded
def _row(number: int, press: Callable[[int], None], chosen: bool) -> ft.Control:
    return ft.Button(f"{number:03}{'*' if chosen else ''}", on_click=lambda: press(number))


async def test_lists_load_stay_empty_and_turn_pages() -> None:
    pressed: list[int] = []

    @guarded
    def screen() -> ft.Control:
        items, set_items = ft.use_state(cast(tuple[int, ...] | None, None))

        def fill(count: int) -> None:
            set_items(lambda _: tuple(range(count)))

        return ft.Column(
            [
                ft.Button("清零", on_click=lambda: fill(0)),
                ft.Button("填满", on_click=lambda: fill(120)),
                paged_list(items, _row, str, pressed.append, ft.Text("这里还没有"), chosen="1"),
            ]
        )

    drawn = await draw(screen)
    assert any(s.label == "正在加载" for s in drawn.controls(ft.Semantics))
    await drawn.press("清零")
    assert "这里还没有" in drawn.words()
    await drawn.press("填满")
    assert "001*" in drawn.words()
    assert "049" in drawn.words()
    assert "050" not in drawn.words()
    await drawn.press("下一页")
    await drawn.press("下一页")
    assert f"{2 * PAGE_ROWS:03}" in drawn.words()
    await drawn.press("119")
    assert pressed == [119]


async def test_filter_chips_add_and_remove() -> None:
    chosen: list[frozenset[str]] = []
    choices = (Choice("a", "正常", 2), Choice("b", "迟到"))
    drawn = await draw(guarded(lambda: filter_chips(choices, frozenset({"a"}), chosen.append)))
    for chip in list(drawn.controls(ft.Chip)):
        await drawn.send(chip, "select", True)
    assert chosen == [frozenset(), frozenset({"a", "b"})]


@pytest.mark.parametrize(
    ("width", "layout"),
    [
        (None, Layout.PHONE),
        (390, Layout.PHONE),
        (839, Layout.PHONE),
        (840, Layout.DESKTOP),
        (1400, Layout.WIDE),
    ],
)
async def test_layout_follows_the_width(width: float | None, layout: Layout) -> None:
    assert layout_for(width) is layout
