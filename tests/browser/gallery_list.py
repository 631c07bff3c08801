"""The gallery's list of 120 points, with search, pages, refresh and a detail beside or above."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from client.ui import theme
from client.ui.guarded import guarded
from client.ui.kit.badges import State, risk_badge, risk_tone, state_badge
from client.ui.kit.empty import empty
from client.ui.kit.lists import paged_list
from client.ui.kit.rows import leading_icon, list_row
from client.ui.kit.scaffolds import master_detail, sub_view
from client.ui.kit.search import search_field
from client.ui.kit.text import words
from client.ui.layout import use_layout
from client.ui.theme import Type
from ledger.rules.places import Risk


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
def point_row(point: Point, press: Callable[[Point], None], chosen: bool) -> ft.Control:
    return list_row(
        point.name,
        point.area,
        leading=leading_icon(ft.Icons.LOCATION_ON, risk_tone(point.risk)),
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
