"""The desk's table of check-ins: they arrive by themselves, newest first; one opens beside it."""

from datetime import date, datetime

import flet as ft

from client.state.app import DeskState
from client.state.views import CheckInFilter
from client.ui import theme
from client.ui.context import use_app, use_client, use_loading
from client.ui.desk.check_in_detail import check_in_detail
from client.ui.desk.check_in_rows import Line, narrow_row, table_head, table_row
from client.ui.desk.days import Span, days_of
from client.ui.desk.filter_panel import filter_panel
from client.ui.desk.filters import how_many
from client.ui.desk.horizon import horizon_note
from client.ui.guarded import guarded, use_start, use_task
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.fields import use_field
from client.ui.kit.keys import use_keys
from client.ui.kit.lists import PAGE_ROWS, paged_list, pager
from client.ui.kit.scaffolds import sub_view
from client.ui.kit.text import words
from client.ui.layout import Layout, use_layout
from client.ui.sync_centre import use_chip
from client.ui.theme import Type
from client.words import n, t

DETAIL_DP = 440
DETAIL_NARROW_DP = 380


def today_of(now: datetime | None) -> date:
    """The school's day, once it is known."""
    return (now or datetime.now()).date()


@guarded
def patrol_screen() -> ft.Control:
    client, app, layout, loading = use_client(), use_app(), use_layout(), use_loading()
    desk, _ = ft.use_state(client.state.desk)
    cursor, set_cursor = ft.use_state("")
    typing = ft.use_ref(False)
    field = use_field(desk.wanted.search)
    page, start = ft.context.page, use_start()
    today = today_of(app.now)
    lines = None if desk.page is None else tuple(Line(view, today) for view in desk.page.rows)
    opened = desk.opened.line.id if desk.opened else ""

    async def begin() -> None:
        if desk.page is None:
            first, last = days_of(Span.TODAY, today)
            await loading.filter(CheckInFilter(day_from=first, day_to=last))

    async def show(wanted: CheckInFilter, number: int = 0) -> None:
        await loading.filter(wanted, number)

    async def open_(id: str) -> None:
        set_cursor(id)
        if layout.is_phone and id:
            page.navigate(f"/patrol/{id}")
        else:
            await loading.open(id)

    async def move(step: int) -> None:
        ids = [line.view.id for line in lines or ()]
        if not ids:
            return
        at = ids.index(cursor) + step if cursor in ids else 0
        target = ids[max(0, min(at, len(ids) - 1))]
        set_cursor(target)
        if desk.opened:
            await loading.open(target)

    async def search() -> None:
        if field.ref.current:
            await field.ref.current.focus()

    async def close() -> None:
        await loading.open("")

    async def enter() -> None:
        if cursor:
            await loading.open(cursor)

    def set_typing(now: bool) -> None:
        typing.current = now

    use_task(begin)
    use_keys(
        {
            "J": lambda: move(1),
            "K": lambda: move(-1),
            "Arrow Down": lambda: move(1),
            "Arrow Up": lambda: move(-1),
            "Enter": enter,
            "/": search,
            "Escape": close,
        },
        typing=lambda: bool(typing.current),
    )
    narrow = layout.is_phone or (bool(desk.opened) and layout is Layout.DESKTOP)
    enlarged = app.text_scale > theme.TEXT_SCALES[1]
    narrow = narrow or enlarged
    filters = [
        filter_panel(desk, today, layout, lambda f: start(show, f), field, set_typing),
        *horizon_note(app, desk.wanted.day_from),
    ]
    listing = ft.Column(
        [
            *([] if enlarged else filters),
            *([] if narrow or not lines else [table_head()]),
            paged_list(
                lines,
                narrow_row if narrow else table_row,
                lambda line: line.view.id,
                lambda line: start(open_, line.view.id),
                _empty(desk),
                on_refresh=client.actions.office.sync_now,
                chosen=opened or cursor,
                # Enlarged they would leave the list no room, so they scroll with it.
                header=ft.Column(filters, tight=True, spacing=0) if enlarged else None,
            ),
            _foot(desk, lambda number: start(show, desk.wanted, number)),
        ],
        spacing=0,
        expand=True,
    )
    if layout.is_phone or desk.opened is None:
        return listing
    width = DETAIL_DP if layout is Layout.WIDE else DETAIL_NARROW_DP
    detail = check_in_detail(desk.opened, today, lambda: start(close))
    return ft.Row(
        [
            listing,
            ft.VerticalDivider(width=1),
            ft.Container(detail, width=width, bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _empty(desk: DeskState) -> ft.Control:
    if how_many(desk.wanted) or desk.wanted.search:
        return empty(ft.Icons.SEARCH_OFF, t("desk.none_found"), t("desk.none_found_body"))
    return empty(ft.Icons.FACT_CHECK, t("desk.none_yet"), t("desk.none_yet_body"))


def _foot(desk: DeskState, go) -> ft.Control:
    """How many there are, and the way to the others."""
    page = desk.page
    if page is None or not page.total:
        return ft.Container()
    if page.total <= PAGE_ROWS:
        said = words(n("desk.in_all", page.total), Type.SMALL, muted=True)
        return ft.Container(
            ft.Row([said], alignment=ft.MainAxisAlignment.CENTER), padding=theme.STEP
        )
    return pager(page.page, -(-page.total // PAGE_ROWS), page.total, go)


@guarded
def check_in_view() -> ft.View:
    """On a phone the detail is a screen of its own, with the way back."""
    client, app, loading = use_client(), use_app(), use_loading()
    desk, _ = ft.use_state(client.state.desk)
    route = ft.use_view_path()
    chip = use_chip()
    id = ft.use_route_params().get("id", "")
    use_task(lambda: loading.open(id), [id])
    opened = desk.opened
    body = (
        check_in_detail(opened, today_of(app.now))
        if opened and opened.line.id == id
        else skeleton_list(3)
    )
    return sub_view(route, t("desk.check_in"), body, chip)
