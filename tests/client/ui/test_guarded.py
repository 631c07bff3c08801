"""The guard: a card instead of a dead screen, fresh hooks after it, and errors that are told."""

import asyncio
import logging
from collections.abc import Callable

import flet as ft
import pytest

from client.ui.guarded import guarded, use_latest, use_task, watch_over
from client.words import t
from tests.client.ui.flet_tree import draw, settle

pytestmark = pytest.mark.asyncio


async def test_a_part_that_fails_shows_a_card_and_the_rest_stays() -> None:
    @guarded
    def bad() -> ft.Control:
        raise RuntimeError("on purpose")

    @guarded
    def screen() -> ft.Control:
        return ft.Column([ft.Text("旁边"), bad()])

    drawn = await draw(screen)
    assert "旁边" in drawn.words()
    for line in ("happened", "safe", "todo"):
        assert t(f"kit.failed_{line}") in drawn.words()


async def test_a_failure_after_the_first_drawing_does_not_stop_the_drawing() -> None:
    @guarded
    def fragile() -> ft.Control:
        count, set_count = ft.use_state(0)
        if count == 1:
            raise RuntimeError("on purpose")
        return ft.Button(f"第 {count}", on_click=lambda: set_count(count + 1))

    @guarded
    def screen() -> ft.Control:
        other, set_other = ft.use_state(0)
        return ft.Column(
            [fragile(), ft.Button(f"另 {other}", on_click=lambda: set_other(other + 1))]
        )

    drawn = await draw(screen)
    await drawn.press("第 0")
    assert t("kit.failed_happened") in drawn.words()
    await drawn.press("另 0")
    assert "另 1" in drawn.words()


async def test_trying_again_starts_with_hooks_and_effects_of_its_own() -> None:
    failing = [True]
    mounted: list[str] = []

    @guarded
    def screen() -> ft.Control:
        ft.use_state("first")
        if failing[0]:
            raise RuntimeError("on purpose")
        word, _ = ft.use_state("second")
        ft.use_effect(lambda: mounted.append(word), [])
        return ft.Text(word)

    drawn = await draw(screen)
    failing[0] = False
    await drawn.press(t("kit.failed_again"))
    assert "second" in drawn.words()
    assert mounted == ["second"]


async def test_a_view_that_fails_is_still_a_view() -> None:
    @guarded
    def screen() -> ft.View:
        raise RuntimeError("on purpose")

    drawn = await draw(screen)
    assert [type(view) for view in drawn.controls(ft.View)] == [ft.View]
    assert t("kit.failed_happened") in drawn.words()


async def test_a_failing_handler_is_told_instead_of_crashing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise RuntimeError("on purpose")

    @guarded
    def screen() -> ft.Control:
        return ft.Button("出错", on_click=fail)

    drawn = await draw(screen)
    watch_over(drawn.page)
    with caplog.at_level(logging.ERROR):
        await drawn.press("出错")
    assert "on purpose" in caplog.text
    assert t("kit.action_failed") in drawn.words()


async def test_background_work_ends_with_its_part() -> None:
    ended = asyncio.Event()

    @guarded
    def worker() -> ft.Control:
        async def work() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        use_task(work)
        return ft.Text("忙")

    @guarded
    def screen() -> ft.Control:
        shown, set_shown = ft.use_state(True)
        return ft.Column(
            [*([worker()] if shown else []), ft.Button("收起", on_click=lambda: set_shown(False))]
        )

    drawn = await draw(screen)
    await drawn.press("收起")
    await settle()
    assert ended.is_set()


async def test_failing_background_work_is_told() -> None:
    @guarded
    def screen() -> ft.Control:
        async def work() -> None:
            raise RuntimeError("on purpose")

        use_task(work)
        return ft.Text("忙")

    drawn = await draw(screen)
    assert t("kit.action_failed") in drawn.words()


async def test_a_stopped_renderer_is_started_again() -> None:
    @guarded
    def screen() -> ft.Control:
        count, set_count = ft.use_state(0)
        return ft.Button(f"数 {count}", on_click=lambda: set_count(count + 1))

    drawn = await draw(screen)
    watch_over(drawn.page)

    class Unsendable(ft.Text):
        def update(self) -> None:
            raise RuntimeError("flet's own loop dies of this")

    drawn.session.schedule_update(Unsendable("x"))
    await asyncio.sleep(0.7)
    await drawn.press("数 0")
    assert "数 1" in drawn.words()


async def test_memoised_rows_are_not_drawn_again() -> None:
    drawings: list[int] = []

    @guarded
    def row(number: int, press: Callable[[int], None]) -> ft.Control:
        drawings.append(number)
        return ft.Button(f"行 {number}", on_click=lambda: press(number))

    @guarded
    def screen() -> ft.Control:
        pressed, set_pressed = ft.use_state(0)
        press = use_latest(lambda number: set_pressed(pressed + number))
        return ft.Column([ft.Text(f"和 {pressed}"), *(ft.memo(row)(n, press) for n in (1, 2))])

    drawn = await draw(screen)
    await drawn.press("行 1")
    await drawn.press("行 2")
    assert "和 3" in drawn.words()
    assert drawings == [1, 2]
