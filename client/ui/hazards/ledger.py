"""台账: a school year's hazards as a table with its figures, to filter and to export."""

from dataclasses import replace
from datetime import datetime

import flet as ft

from client.state.app import HazardsState
from client.state.views import HazardColumn, HazardFilter, Shown
from client.ui import theme
from client.ui.context import use_app, use_client, use_loading
from client.ui.guarded import guarded, use_start, use_task
from client.ui.hazards.detail import hazard_detail
from client.ui.hazards.figures import bars, figure_tiles
from client.ui.hazards.ledger_filters import filters, year_bar
from client.ui.hazards.ledger_tools import export_buttons, table_tools
from client.ui.hazards.rows import hazard_row
from client.ui.hazards.table import USUAL, hazard_table
from client.ui.kit.empty import empty
from client.ui.kit.fields import use_field
from client.ui.kit.lists import PAGE_ROWS, paged_list, pager
from client.ui.layout import Layout, use_layout
from client.words import t
from ledger.rules.hazards.figures import school_year_of

DETAIL_DP = 480


@guarded
def ledger_screen() -> ft.Control:
    client, app, layout, loading = use_client(), use_app(), use_layout(), use_loading()
    hazards, _ = ft.use_state(client.state.hazards)
    desk, _ = ft.use_state(client.state.desk)
    start, page = use_start(), ft.context.page
    field = use_field(hazards.wanted.search)
    current = school_year_of((app.now or datetime.now()).date())
    year = hazards.wanted.school_year or current

    async def begin() -> None:
        # What was open elsewhere would take the table's room.
        await loading.open_hazard("")
        await show(HazardFilter(shown=Shown.ALL, school_year=current))
        await loading.show_hazard_figures(current)

    async def show(wanted: HazardFilter, number: int = 0) -> None:
        await loading.show_hazards(wanted, number)

    async def go_to_year(which: int) -> None:
        await show(replace(hazards.wanted, school_year=which))
        await loading.show_hazard_figures(which)

    async def open_(id: str) -> None:
        if layout.is_phone:
            page.navigate(f"/hazards/{id}")
        else:
            await loading.open_hazard(id)

    async def close() -> None:
        await loading.open_hazard("")

    def sort(column: HazardColumn) -> None:
        """Up, then down, then as it was."""
        now = hazards.wanted
        if now.order is not column:
            changed = replace(now, order=column, descending=False)
        elif not now.descending:
            changed = replace(now, descending=True)
        else:
            changed = replace(now, order=None, descending=False)
        start(show, changed)

    async def choose_columns(wanted: tuple[HazardColumn, ...]) -> None:
        await client.actions.choose("ledger_columns", " ".join(one.value for one in wanted))

    use_task(begin)
    as_rows = layout.is_phone
    columns = hazards.columns or USUAL
    lines = hazards.page.lines if hazards.page else None
    table = not as_rows and bool(lines)
    figures = hazards.figures
    header = ft.Column(
        [
            year_bar(
                year,
                current,
                lambda which: start(go_to_year, which),
                export_buttons(hazards.wanted, () if as_rows else columns),
            ),
            *(
                [
                    figure_tiles(figures, lambda wanted: start(show, wanted)),
                    bars(figures, lambda wanted: start(show, wanted), finger=layout.is_phone),
                ]
                if figures is not None
                else []
            ),
            filters(hazards.wanted, desk.areas, field, lambda wanted: start(show, wanted)),
            *(
                [
                    table_tools(
                        hazards.page.total if hazards.page else 0,
                        columns,
                        lambda wanted: start(choose_columns, wanted),
                        lines or (),
                    ),
                    hazard_table(
                        lines or (),
                        columns,
                        hazards.wanted.order,
                        hazards.wanted.descending,
                        sort,
                        lambda line: start(open_, line.id),
                        hazards.opened.line.id if hazards.opened else "",
                    ),
                ]
                if table
                else []
            ),
        ],
        spacing=theme.STEP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    if table:
        whole: ft.Control = ft.ListView(
            [header], padding=ft.Padding(theme.STEP_2, 0, theme.STEP_2, theme.STEP_3), expand=True
        )
    else:
        whole = paged_list(
            lines,
            hazard_row,
            lambda line: line.id,
            lambda line: start(open_, line.id),
            empty(ft.Icons.MENU_BOOK, t("hazards.ledger_empty"), t("hazards.ledger_empty_body")),
            chosen=hazards.opened.line.id if hazards.opened else None,
            header=ft.Container(header, padding=theme.STEP_2),
        )
    listing = ft.Column(
        [
            ft.Container(whole, expand=True),
            *_foot(hazards, lambda number: start(show, hazards.wanted, number)),
        ],
        spacing=0,
        expand=True,
    )
    if layout.is_phone or hazards.opened is None:
        return listing
    return ft.Row(
        [
            listing,
            ft.VerticalDivider(width=1),
            ft.Container(
                hazard_detail(hazards.opened, lambda: start(close)),
                width=DETAIL_DP if layout is Layout.WIDE else 420,
                bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            ),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _foot(hazards: HazardsState, go) -> list[ft.Control]:
    page = hazards.page
    if page is None or page.total <= PAGE_ROWS:
        return []
    return [pager(page.page, -(-page.total // PAGE_ROWS), page.total, go)]
