"""The hazards a person sees: what waits for them first, then everything else by its state."""

from dataclasses import replace

import flet as ft

from client.state.app import HazardsState
from client.state.views import HazardFilter, Shown
from client.ui import theme
from client.ui.context import use_client, use_loading
from client.ui.guarded import guarded, use_start, use_task
from client.ui.hazards.detail import hazard_detail
from client.ui.hazards.rows import hazard_row
from client.ui.kit.buttons import primary
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.lists import PAGE_ROWS, paged_list, pager
from client.ui.kit.scaffolds import sub_view
from client.ui.kit.search import Choice, choice_chips
from client.ui.layout import use_layout
from client.ui.sync_centre import use_chip
from client.words import t

LISTS = (Shown.MINE, Shown.OPEN, Shown.OVERDUE, Shown.DONE)
DETAIL_DP = 480


@guarded
def hazards_screen() -> ft.Control:
    client, layout, loading = use_client(), use_layout(), use_loading()
    hazards, _ = ft.use_state(client.state.hazards)
    page, start = ft.context.page, use_start()

    async def begin() -> None:
        if hazards.page is None:
            await loading.show_hazards(HazardFilter(shown=Shown.MINE))

    async def show(wanted: HazardFilter, number: int = 0) -> None:
        await loading.show_hazards(wanted, number)

    async def open_(id: str) -> None:
        if layout.is_phone:
            page.navigate(f"/hazards/{id}")
        else:
            await loading.open_hazard(id)

    async def close() -> None:
        await loading.open_hazard("")

    use_task(begin)
    wanted = hazards.wanted
    # A phone shows what is open on a screen of its own.
    opened = None if layout.is_phone else hazards.opened
    listing = ft.Column(
        [
            ft.Container(
                choice_chips(
                    tuple(Choice(one.value, t(f"hazards.list_{one.value}")) for one in LISTS),
                    wanted.shown.value,
                    lambda name: start(show, replace(wanted, shown=Shown(name))),
                    one_line=layout.is_phone,
                ),
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
            ),
            ft.Container(
                paged_list(
                    hazards.page.lines if hazards.page else None,
                    hazard_row,
                    lambda line: line.id,
                    lambda line: start(open_, line.id),
                    _nothing(wanted.shown),
                    on_refresh=client.actions.office.sync_now,
                    chosen=opened.line.id if opened else None,
                ),
                expand=True,
            ),
            *_foot(hazards, lambda number: start(show, wanted, number)),
            ft.Container(
                ft.Row(
                    [
                        primary(
                            t("hazards.report_button"),
                            lambda: page.navigate("/report"),
                            ft.Icons.ADD_A_PHOTO,
                            big=True,
                            expand=True,
                        )
                    ]
                ),
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
            ),
        ],
        spacing=0,
        expand=True,
    )
    if opened is None:
        return listing
    return ft.Row(
        [
            listing,
            ft.VerticalDivider(width=1),
            ft.Container(
                hazard_detail(opened, lambda: start(close)),
                width=DETAIL_DP,
                bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            ),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _nothing(shown: Shown) -> ft.Control:
    icon = ft.Icons.TASK_ALT if shown is not Shown.DONE else ft.Icons.INBOX
    return empty(icon, t(f"hazards.none_{shown.value}"), t(f"hazards.none_{shown.value}_body"))


def _foot(hazards: HazardsState, go) -> list[ft.Control]:
    page = hazards.page
    if page is None or page.total <= PAGE_ROWS:
        return []
    return [pager(page.page, -(-page.total // PAGE_ROWS), page.total, go)]


@guarded
def hazard_view() -> ft.View:
    """On a phone the detail is a screen of its own."""
    client, loading = use_client(), use_loading()
    hazards, _ = ft.use_state(client.state.hazards)
    route = ft.use_view_path()
    chip = use_chip()
    id = ft.use_route_params().get("id", "")
    use_task(lambda: loading.open_hazard(id), [id])
    opened = hazards.opened
    if opened is not None and opened.line.id == id:
        body = hazard_detail(opened)
    elif hazards.opened_missing:
        body = empty(ft.Icons.SEARCH_OFF, t("hazards.gone_title"), t("hazards.gone"))
    else:
        body = skeleton_list(3)
    return sub_view(route, t("hazards.one"), body, chip)
