"""A small app that shows every part of the kit, for looking at and for testing."""

import asyncio
from functools import partial
from pathlib import Path
from typing import cast

import flet as ft

from client.device.camera import CameraTrouble
from client.device.flet_camera import FletCamera
from client.device.scanner import scanner_for_platform
from client.ui import theme
from client.ui.guarded import guarded, use_task, watch_over
from client.ui.kit.buttons import icon_button, primary
from client.ui.kit.scaffolds import Destination, desktop_view, phone_view, sub_view
from client.ui.kit.sync_chip import SyncStatus, sync_chip
from client.ui.kit.text import words
from client.ui.kit.viewfinder import camera_trouble, viewfinder
from client.ui.layout import LayoutContext, use_layout, use_page_layout
from client.ui.web import serve
from tests.browser.gallery_list import list_page, point_view
from tests.browser.gallery_parts import broken, broken_page, empty_page, parts_page

ASSETS = Path(__file__).parents[2] / "assets"
PLACES = (
    Destination("parts", "部件", ft.Icons.WIDGETS_OUTLINED, ft.Icons.WIDGETS),
    Destination("list", "列表", ft.Icons.CHECKLIST_OUTLINED, ft.Icons.CHECKLIST),
    Destination("scan", "扫码", ft.Icons.QR_CODE_SCANNER, ft.Icons.QR_CODE_SCANNER, scan=True),
    Destination("empty", "空白", ft.Icons.INBOX_OUTLINED, ft.Icons.INBOX),
    Destination("broken", "故障", ft.Icons.REPORT_OUTLINED, ft.Icons.REPORT),
)


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
