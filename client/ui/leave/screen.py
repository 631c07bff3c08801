"""请假: who is away and who should be back, what waits to be decided, and the way to enter one."""

import flet as ft

from client.state.app import LeaveState
from client.state.views import LeaveShown
from client.ui import theme
from client.ui.context import use_app, use_client, use_loading
from client.ui.guarded import guarded, use_start, use_task
from client.ui.kit.buttons import primary
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.lists import PAGE_ROWS, paged_list, pager
from client.ui.kit.scaffolds import reading_width, sub_view
from client.ui.kit.search import Choice, choice_chips
from client.ui.layout import use_layout
from client.ui.leave.detail import leave_detail
from client.ui.leave.rows import leave_row
from client.ui.places import may
from client.ui.sync_centre import use_chip
from client.words import t

LIST_DP = 440


@guarded
def leave_screen() -> ft.Control:
    client, app, layout, loading = use_client(), use_app(), use_layout(), use_loading()
    leave, _ = ft.use_state(client.state.leave)
    page, start = ft.context.page, use_start()

    async def begin() -> None:
        if leave.page is None:
            await loading.show_leave(leave.shown)

    async def show(shown: LeaveShown, number: int = 0) -> None:
        await loading.show_leave(shown, number)

    async def open_(id: str) -> None:
        if layout.is_phone:
            page.navigate(f"/leave/{id}")
        else:
            await loading.open_leave(id)

    use_task(begin)
    parts: list[ft.Control] = [
        ft.Container(
            choice_chips(
                tuple(Choice(one.value, t(f"leave.list_{one.value}")) for one in LeaveShown),
                leave.shown.value,
                lambda name: start(show, LeaveShown(name)),
                one_line=layout.is_phone,
            ),
            padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
        ),
        ft.Container(
            paged_list(
                leave.page.lines if leave.page else None,
                leave_row,
                lambda line: line.id,
                lambda line: start(open_, line.id),
                empty(
                    ft.Icons.EVENT_AVAILABLE,
                    t(f"leave.none_{leave.shown.value}"),
                    t("leave.none_body"),
                ),
                on_refresh=client.actions.office.sync_now,
                # A phone shows what is open on a screen of its own.
                chosen=leave.opened.line.id if leave.opened and not layout.is_phone else None,
            ),
            expand=True,
        ),
        *_foot(leave, lambda number: start(show, leave.shown, number)),
    ]
    if may(app.person, "leave.requested"):
        parts.append(
            ft.Container(
                ft.Row(
                    [
                        primary(
                            t("leave.new"),
                            lambda: page.navigate("/newleave"),
                            ft.Icons.ADD,
                            big=True,
                            expand=True,
                        )
                    ]
                ),
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
            )
        )
    listing = ft.Column(parts, spacing=0, expand=True)
    if layout.is_phone:
        return listing
    detail = (
        leave_detail(leave.opened)
        if leave.opened
        else empty(ft.Icons.EVENT_NOTE, t("leave.choose_one"), t("leave.choose_one_body"))
    )
    return ft.Row(
        [
            ft.Container(listing, width=LIST_DP),
            ft.VerticalDivider(width=1),
            ft.Container(detail, expand=True),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _foot(leave: LeaveState, go) -> list[ft.Control]:
    page = leave.page
    if page is None or page.total <= PAGE_ROWS:
        return []
    return [pager(page.page, -(-page.total // PAGE_ROWS), page.total, go)]


@guarded
def leave_view() -> ft.View:
    """On a phone the detail is a screen of its own."""
    client, layout, loading = use_client(), use_layout(), use_loading()
    leave, _ = ft.use_state(client.state.leave)
    route, id = ft.use_view_path(), ft.use_route_params().get("id", "")
    chip = use_chip()
    use_task(lambda: loading.open_leave(id), [id])
    opened = leave.opened
    if opened is not None and opened.line.id == id:
        body = leave_detail(opened)
    elif leave.opened_missing:
        body = empty(ft.Icons.SEARCH_OFF, t("leave.gone_title"), t("leave.gone"))
    else:
        body = skeleton_list(3)
    return sub_view(route, t("leave.one"), reading_width(body, layout), chip)
