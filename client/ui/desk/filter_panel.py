"""The filters above the desk's table: in full on a desktop, behind a button on a phone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import flet as ft

from client.state.app import DeskState
from client.ui import theme
from client.ui.desk.filters import (
    Change,
    clear_button,
    day_chips,
    how_many,
    selects,
    state_chips,
)
from client.ui.guarded import guarded
from client.ui.kit.buttons import primary, secondary
from client.ui.kit.fields import Field
from client.ui.kit.search import search_field
from client.ui.kit.text import heading
from client.ui.layout import Layout
from client.words import n, t

SEARCH_DP = 280


@guarded
def filter_panel(
    desk: DeskState,
    today: date,
    layout: Layout,
    on_change: Change,
    field: Field,
    on_typing: Callable[[bool], None],
) -> ft.Control:
    sheet, set_sheet = ft.use_state(False)
    wanted = desk.wanted
    search = search_field(
        lambda found: on_change(replace(wanted, search=found)),
        t("desk.search_points"),
        field,
        on_typing,
    )
    days = day_chips(wanted, today, on_change, layout.is_phone)
    count = how_many(wanted)
    ft.use_dialog(
        _sheet(desk, on_change, lambda: set_sheet(False)) if sheet and layout.is_phone else None
    )
    rows: list[ft.Control]
    if layout.is_phone:
        button = secondary(
            n("desk.filters", count) if count else t("common.filter"),
            lambda: set_sheet(True),
            ft.Icons.FILTER_LIST,
        )
        rows = [ft.Row([ft.Container(search, expand=True), button], spacing=theme.STEP), days]
    else:
        rows = [
            ft.Row([ft.Container(search, width=SEARCH_DP), days], **_FLOW),
            ft.Row(
                [
                    *selects(wanted, desk.areas, desk.people, on_change),
                    state_chips(wanted, on_change),
                    *([clear_button(wanted, on_change)] if count else []),
                ],
                **_FLOW,
            ),
        ]
    return ft.Container(
        ft.Column(rows, tight=True, spacing=theme.CORNER),
        padding=ft.Padding(theme.STEP_2, theme.STEP, theme.STEP_2, theme.STEP),
    )


_FLOW = {
    "wrap": True,
    "spacing": theme.STEP,
    "run_spacing": theme.CORNER,
    "vertical_alignment": ft.CrossAxisAlignment.CENTER,
}


def _sheet(desk: DeskState, on_change: Change, close: Callable[[], None]) -> ft.BottomSheet:
    wanted = desk.wanted
    return ft.BottomSheet(
        scrollable=True,
        show_drag_handle=True,
        on_dismiss=lambda: close(),
        content=ft.Container(
            padding=ft.Padding(theme.STEP_2, 0, theme.STEP_2, theme.STEP_3),
            content=ft.Column(
                [
                    heading(t("common.filter")),
                    *(
                        ft.Row([one])
                        for one in selects(wanted, desk.areas, desk.people, on_change, expand=True)
                    ),
                    state_chips(wanted, on_change),
                    ft.Row(
                        [
                            *([clear_button(wanted, on_change)] if how_many(wanted) else []),
                            primary(t("desk.show_list"), close, expand=True),
                        ],
                        spacing=theme.STEP,
                    ),
                ],
                tight=True,
                scroll=ft.ScrollMode.AUTO,
                spacing=theme.STEP_2,
            ),
        ),
    )
