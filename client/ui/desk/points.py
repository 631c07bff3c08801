"""Points and their labels, for those who print and hang them."""

from dataclasses import dataclass

import flet as ft

from client.state.views import PointView
from client.ui import theme
from client.ui.context import use_client, use_loading
from client.ui.desk.label_printing import use_label_printing
from client.ui.desk.point_detail import point_detail, point_row
from client.ui.guarded import guarded, keyed, use_start, use_task
from client.ui.kit.buttons import primary, secondary
from client.ui.kit.empty import empty
from client.ui.kit.keys import use_keys
from client.ui.kit.lists import paged_list
from client.ui.kit.search import search_field
from client.ui.kit.select import select
from client.ui.kit.text import words
from client.ui.layout import use_layout
from client.ui.theme import Type
from client.words import n, t

LIST_DP = 460


@dataclass(frozen=True, slots=True)
class Shown:
    search: str = ""
    area: str = ""

    def lets_in(self, point: PointView) -> bool:
        if self.area and point.area != self.area:
            return False
        wanted = self.search.replace(" ", "")
        typed = any(wanted in label.typed for label in point.labels) if wanted else True
        return typed or self.search in point.name or self.search in point.area_name


@guarded
def points_screen() -> ft.Control:
    client, layout, loading = use_client(), use_layout(), use_loading()
    state, _ = ft.use_state(client.state.points)
    desk, _ = ft.use_state(client.state.desk)
    shown, set_shown = ft.use_state(Shown())
    open_id, set_open_id = ft.use_state("")
    printing = use_label_printing()
    start = use_start()
    points = state.points
    opened = next((one for one in points or () if one.id == open_id), None)
    found = None if points is None else tuple(one for one in points if shown.lets_in(one))
    area_name = next((area.name for area in desk.areas if area.id == shown.area), "")

    use_task(loading.show_points)
    use_keys({"Escape": lambda: set_open_id("")})
    detail = (
        keyed(opened.id, point_detail, opened, lambda: set_open_id(""), printing.print_labels)
        if opened
        else None
    )
    if layout.is_phone and detail:
        return detail
    chosen = tuple(one.id for one in found or ())
    all_shown = len(chosen) == len(points or ())
    listing = ft.Column(
        [
            ft.Container(
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
                content=ft.Column(
                    [
                        search_field(
                            lambda text: set_shown(lambda now: Shown(text, now.area)),
                            t("points.search"),
                        ),
                        ft.Row(
                            [
                                select(
                                    t("desk.area"),
                                    shown.area,
                                    [(area.id, area.name) for area in desk.areas],
                                    lambda id: set_shown(lambda now: Shown(now.search, id)),
                                )
                            ]
                        ),
                        ft.Row(
                            [
                                secondary(
                                    t("points.print_all")
                                    if all_shown
                                    else n("points.print_these", len(chosen)),
                                    (lambda: start(printing.print_labels, chosen))
                                    if chosen and not printing.busy
                                    else None,
                                    ft.Icons.PRINT,
                                ),
                                words(
                                    area_name or n("points.count", len(chosen)),
                                    Type.SMALL,
                                    muted=True,
                                    lines=2,
                                    expand=True,
                                ),
                            ],
                            spacing=theme.STEP_2,
                        ),
                    ],
                    tight=True,
                    spacing=theme.CORNER,
                ),
            ),
            paged_list(
                found,
                point_row,
                lambda point: point.id,
                lambda point: set_open_id(point.id),
                _empty(shown),
                on_refresh=client.actions.office.sync_now,
                chosen=open_id,
            ),
        ],
        expand=True,
        spacing=0,
    )
    if layout.is_phone:
        return listing
    hint = empty(
        ft.Icons.QR_CODE_2,
        t("points.choose_one"),
        t("points.choose_one_body"),
        primary(
            t("points.print_all"),
            lambda: start(printing.print_labels, ()),
            ft.Icons.PRINT,
            busy=printing.busy,
        )
        if points
        else None,
    )
    return ft.Row(
        [
            ft.Container(listing, width=LIST_DP),
            ft.VerticalDivider(width=1),
            ft.Container(
                detail or hint,
                expand=True,
                bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST if detail else None,
            ),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _empty(shown: Shown) -> ft.Control:
    if shown != Shown():
        return empty(ft.Icons.SEARCH_OFF, t("points.none_found"), t("points.none_found_body"))
    return empty(ft.Icons.PLACE, t("points.none_yet"), t("points.none_yet_body"))
