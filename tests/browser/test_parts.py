"""What the parts do when touched: undo, questions, search, pages, refresh, and failing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.app_process import AppProcess, app_process
from tests.browser.chromium import flet_page
from tests.browser.flet_page import FletPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def phone(browser: Browser, gallery: AppProcess) -> Iterator[FletPage]:
    with flet_page(browser, gallery.url) as app:
        yield app


@pytest.fixture
def desktop(browser: Browser, gallery: AppProcess) -> Iterator[FletPage]:
    with flet_page(browser, gallery.url, phone=False) as app:
        yield app


def test_a_save_can_be_undone(phone: FletPage) -> None:
    phone.press("扫码打卡")
    phone.press("撤销")
    phone.scroll(900)
    phone.see("已撤销")


def test_a_question_is_asked_before_what_is_final(desktop: FletPage) -> None:
    desktop.press("结束这一轮")
    desktop.see("还有 6 个点没有巡。")
    desktop.press("取消")
    desktop.see("已取消")
    desktop.press("结束这一轮")
    desktop.press("结束", exact=True)
    desktop.see("已结束")


def test_a_failing_handler_is_told_and_survived(desktop: FletPage) -> None:
    desktop.press("出错的按钮")
    desktop.see("刚才的操作没有完成")
    desktop.press("结束这一轮")
    desktop.see("还有 6 个点没有巡。")


def test_a_broken_part_recovers_afresh(browser: Browser) -> None:
    with (
        app_process(["-m", "tests.browser.gallery"]) as gallery,
        flet_page(browser, gallery.url) as app,
    ):
        app.go("故障")
        app.see("这一部分没能显示出来")
        app.press("再试一次")
        # With the effects that belong to a first appearance, and state of its own.
        app.see("恢复了 0 已挂载")
        app.press("加一")
        app.see("恢复了 1 已挂载")
        app.go("列表")
        app.see("教学楼 4 号")


def test_search_narrows_the_list(phone: FletPage) -> None:
    phone.go("列表")
    phone.see("食堂 2 号消火栓")
    phone.write("查找点位", "宿舍")
    phone.see_no("食堂 2 号消火栓")
    phone.see("宿舍 3 号消火栓")
    phone.press("清空")
    phone.see("食堂 2 号消火栓")


def test_fast_typing_loses_nothing(desktop: FletPage) -> None:
    desktop.scroll(900)
    desktop.focus("查找点位")
    typed = "".join(chr(ord("a") + n % 26) for n in range(60))
    desktop.page.keyboard.type(typed)
    desktop.scroll(-900)
    desktop.see(typed)


def test_pages_hold_fifty_rows(desktop: FletPage) -> None:
    desktop.go("列表")
    desktop.see("实验楼 1 号消火栓")
    desktop.page.mouse.move(300, 500)
    desktop.page.mouse.wheel(0, 20_000)
    desktop.see("第 1 / 3 页，共 120 条")
    desktop.press("下一页")
    desktop.see("宿舍 51 号消火栓")


def test_pulling_down_refreshes(phone: FletPage) -> None:
    phone.go("列表")
    phone.see("刷新 0 次")
    touch = phone.page.context.new_cdp_session(phone.page)

    def at(kind: str, *points: tuple[int, int]) -> None:
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )

    at("touchStart", (195, 300))
    for step in range(1, 25):
        at("touchMove", (195, 300 + step * 12))
        phone.page.wait_for_timeout(20)
    at("touchEnd")
    phone.see("刷新 1 次")


def test_the_chosen_row_stays_marked_beside_its_detail(desktop: FletPage) -> None:
    desktop.go("列表")
    desktop.press("食堂 2 号消火栓")
    desktop.see_no("选择一个点")
    marked = desktop.page.locator('[aria-current="true"], [aria-selected="true"]')
    marked.filter(has_text="食堂 2 号消火栓").first.wait_for(state="attached")
