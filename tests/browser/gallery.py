"""A small app that shows every part of the kit, for looking at and for testing."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import cast

import flet as ft

from client.device.camera import CameraTrouble, FletCamera
from client.device.scanner import scanner_for_platform
from client.ui import theme
from client.ui.guarded import guarded, use_task, watch_over
from client.ui.kit.badges import Risk, State, risk_badge, state_badge
from client.ui.kit.buttons import icon_button, primary, quiet, secondary
from client.ui.kit.dialogs import Question, say_with_undo, use_confirm
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.lists import paged_list
from client.ui.kit.ring import ring
from client.ui.kit.rows import card, leading_icon, list_row
from client.ui.kit.scaffolds import Destination, desktop_view, master_detail, phone_view, sub_view
from client.ui.kit.search import Choice, filter_chips, search_field
from client.ui.kit.sync_chip import SyncStatus, sync_chip
from client.ui.kit.text import section_header, words
from client.ui.kit.viewfinder import camera_trouble, viewfinder
from client.ui.layout import LayoutContext, use_layout, use_page_layout
from client.ui.theme import Type
from client.ui.web import serve

ASSETS = Path(__file__).parents[2] / "assets"
PLACES = (
    Destination("parts", "部件", ft.Icons.WIDGETS_OUTLINED, ft.Icons.WIDGETS),
    Destination("list", "列表", ft.Icons.CHECKLIST_OUTLINED, ft.Icons.CHECKLIST),
    Destination("scan", "扫码", ft.Icons.QR_CODE_SCANNER, ft.Icons.QR_CODE_SCANNER, scan=True),
    Destination("empty", "空白", ft.Icons.INBOX_OUTLINED, ft.Icons.INBOX),
    Destination("broken", "故障", ft.Icons.REPORT_OUTLINED, ft.Icons.REPORT),
)
CHIPS = (
    SyncStatus(),
    SyncStatus(waiting=3),
    SyncStatus(waiting=3, busy=True),
    SyncStatus(waiting=2, offline_for=timedelta(minutes=12)),
    SyncStatus(attention=1),
)


@dataclass(frozen=True, slots=True)
class Point:
    id: str
    name: str
    area: str
    state: State
    risk: Risk


STATES = (State.NORMAL, State.LATE, State.OPEN, State.ABNORMAL, State.MISSED, State.WAITING)
POINTS = tuple(
    Point(
        f"p{number}",
        f"{('教学楼', '实验楼', '食堂', '宿舍')[number % 4]} {number} 号消火栓",
        f"{number % 5 + 1} 层东侧楼梯口",
        STATES[number % len(STATES)],
        tuple(Risk)[number % 4],
    )
    for number in range(1, 121)
)


@guarded
def parts_page() -> ft.Control:
    chosen, set_chosen = ft.use_state(frozenset({"late"}))
    said, set_said = ft.use_state("")
    ask = use_confirm()

    async def delete() -> None:
        yes = await ask(Question("结束这一轮？", "还有 6 个点没有巡。", "结束", danger=True))
        set_said("已结束" if yes else "已取消")

    def save() -> None:
        say_with_undo(ft.context.page, "已保存 消防栓 A-102", lambda: set_said("已撤销"))

    def fail() -> None:
        raise RuntimeError("a handler that fails on purpose")

    return ft.ListView(
        expand=True,
        padding=ft.Padding.only(bottom=theme.STEP_6),
        controls=[
            ft.Container(
                padding=theme.STEP_2,
                content=card(
                    ft.Row(
                        [
                            ring(12, 18, "还剩 24 分钟"),
                            ft.Column(
                                [
                                    words("晚间巡查", Type.TITLE),
                                    words("下一个：实验楼 2 层", muted=True),
                                    primary("扫码打卡", save, ft.Icons.QR_CODE_SCANNER, big=True),
                                ],
                                tight=True,
                            ),
                        ],
                        wrap=True,
                        spacing=theme.STEP_3,
                        run_spacing=theme.STEP_2,
                    )
                ),
            ),
            section_header("状态", quiet("全部", save)),
            _flow([state_badge(state) for state in State]),
            section_header("风险"),
            _flow([risk_badge(risk) for risk in Risk]),
            section_header("同步"),
            _flow([sync_chip(status, save) for status in CHIPS]),
            section_header("按钮"),
            _flow(
                [
                    primary("保存", save, ft.Icons.CHECK),
                    primary("正在保存", save, busy=True),
                    primary("不可用", None),
                    secondary("拍照", save, ft.Icons.PHOTO_CAMERA),
                    quiet("结束这一轮", delete, danger=True),
                    icon_button(ft.Icons.FLASHLIGHT_ON, "手电筒", save),
                    quiet("出错的按钮", fail),
                ]
            ),
            ft.Container(words(said, strong=True), padding=theme.STEP_2),
            section_header("查找"),
            ft.Container(search_field(set_said, "查找点位"), padding=theme.STEP_2),
            _flow(
                [
                    filter_chips(
                        (
                            Choice("normal", "正常", 82),
                            Choice("late", "迟到", 3),
                            Choice("missed", "漏检", 1),
                        ),
                        chosen,
                        set_chosen,
                    )
                ]
            ),
            section_header("加载中"),
            skeleton_list(3),
        ],
    )


def _flow(controls: list[ft.Control]) -> ft.Control:
    return ft.Container(
        ft.Row(controls, wrap=True, spacing=theme.STEP, run_spacing=theme.STEP),
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2),
    )


@guarded
def point_row(point: Point, press: Callable[[Point], None], chosen: bool) -> ft.Control:
    return list_row(
        point.name,
        point.area,
        leading=leading_icon(ft.Icons.LOCATION_ON, point.risk.tone),
        trailing=state_badge(point.state),
        on_press=lambda: press(point),
        selected=chosen,
    )


@guarded
def list_page() -> ft.Control:
    layout = use_layout()
    found, set_found = ft.use_state("")
    open_id, set_open_id = ft.use_state("")
    times, set_times = ft.use_state(0)
    items = tuple(point for point in POINTS if found in point.name)

    async def refresh() -> None:
        await asyncio.sleep(0.4)
        set_times(lambda count: count + 1)

    def chosen(point: Point) -> None:
        if layout.is_phone:
            ft.context.page.navigate(f"/list/{point.id}")
        else:
            set_open_id(point.id)

    listing = ft.Column(
        [
            ft.Container(search_field(set_found, "查找点位"), padding=theme.STEP_2),
            words(f"刷新 {times} 次", Type.SMALL, muted=True),
            paged_list(
                items,
                point_row,
                lambda point: point.id,
                chosen,
                empty(ft.Icons.SEARCH_OFF, "没有找到", "换一个词试试。"),
                on_refresh=refresh,
                chosen=open_id,
            ),
        ],
        expand=True,
        spacing=0,
    )
    detail = point_detail(open_id) if open_id else None
    hint = empty(ft.Icons.TOUCH_APP, "选择一个点", "左边点一下，这里就会显示它的检查记录。")
    return master_detail(layout, listing, None if layout.is_phone else detail, hint)


@guarded
def point_detail(point_id: str) -> ft.Control:
    point = next(point for point in POINTS if point.id == point_id)
    return ft.Container(
        padding=theme.STEP_3,
        content=ft.Column(
            [
                words(point.name, Type.TITLE),
                words(point.area, muted=True),
                ft.Row([state_badge(point.state), risk_badge(point.risk)], wrap=True),
            ]
        ),
    )


@guarded
def point_view() -> ft.View:
    point_id = ft.use_route_params().get("id", "")
    route = ft.use_view_path()
    return sub_view(route, "检查记录", point_detail(point_id))


@guarded
def scan_view() -> ft.View:
    route = ft.use_view_path()
    camera, _ = ft.use_state(lambda: FletCamera(viewfinder("对准标签")))
    trouble, set_trouble = ft.use_state(cast(CameraTrouble | None, None))
    seen, set_seen = ft.use_state("")
    tries, set_tries = ft.use_state(0)
    scanner = scanner_for_platform()

    async def look() -> None:
        problem = await camera.start()
        set_trouble(problem)
        if problem:
            return
        async for frame in camera:
            text = await asyncio.to_thread(scanner.read, frame)
            if text:
                set_seen(text)
                await camera.freeze()

    async def again() -> None:
        set_seen("")
        await camera.resume()

    async def light() -> None:
        set_seen("有灯" if await camera.torch(True) else "没有灯")

    use_task(look, [tries])
    ft.use_effect(lambda: None, [], cleanup=camera.stop)
    if trouble:
        body = camera_trouble(
            trouble, lambda: set_seen("输入"), lambda: set_tries(lambda count: count + 1)
        )
    else:
        body = ft.Column(
            [
                camera.preview,
                words(f"读到 {seen}", strong=True),
                ft.Row([primary("再扫", again), icon_button(ft.Icons.FLASHLIGHT_ON, "灯", light)]),
            ],
            expand=True,
        )
    return sub_view(route, "扫码", body)


@guarded
def empty_page() -> ft.Control:
    return empty(
        ft.Icons.FACT_CHECK,
        "今天还没有打卡",
        "扫一个巡检点的标签，记录就会出现在这里。",
        primary("扫码打卡", lambda: None, ft.Icons.QR_CODE_SCANNER),
    )


broken = [True]


@guarded
def broken_page() -> ft.Control:
    count, set_count = ft.use_state(0)
    if broken[0]:
        broken[0] = False
        raise RuntimeError("a part that fails on purpose")
    mounted, set_mounted = ft.use_state("")
    ft.use_effect(lambda: set_mounted("已挂载"), [])

    def press() -> None:
        set_count(count + 1)

    return ft.Column([words(f"恢复了 {count} {mounted}"), primary("加一", press)])


@guarded
def shell() -> ft.View:
    layout = use_layout()
    outlet = ft.use_route_outlet()
    here = ft.use_route_location().strip("/").partition("/")[0] or "parts"

    def go(place: str) -> None:
        ft.context.page.navigate("/" if place == "parts" else f"/{place}")

    chip = sync_chip(SyncStatus(waiting=3), lambda: None)
    frame = phone_view if layout.is_phone else desktop_view
    return frame("巡安部件", outlet, chip, PLACES, here, go)


@guarded
def root():
    layout = use_page_layout()
    return LayoutContext(
        layout,
        partial(
            ft.Router,
            [
                ft.Route(
                    component=shell,
                    outlet=True,
                    children=[
                        ft.Route(index=True, component=parts_page),
                        ft.Route(
                            path="list",
                            component=list_page,
                            children=[ft.Route(path=":id", component=point_view, modal=True)],
                        ),
                        ft.Route(path="empty", component=empty_page),
                        ft.Route(path="broken", component=broken_page),
                    ],
                ),
                ft.Route(path="scan", component=scan_view, modal=True),
            ],
            manage_views=True,
        ),
    )


async def main(page: ft.Page) -> None:
    page.title = "巡安"
    broken[0] = True
    watch_over(page)
    theme.apply(page)
    page.render_views(root)


if __name__ == "__main__":
    asyncio.run(serve(main, ASSETS, print))
