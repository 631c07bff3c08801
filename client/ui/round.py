"""One round, opened: every point with how it stands."""

import flet as ft

from client.state.views import RoundPointView, RoundStanding
from client.ui import theme
from client.ui.context import use_app, use_client
from client.ui.guarded import guarded
from client.ui.kit.buttons import primary, secondary
from client.ui.kit.empty import empty
from client.ui.kit.lists import paged_list
from client.ui.kit.scaffolds import reading_width, sub_view
from client.ui.kit.text import words
from client.ui.layout import use_layout
from client.ui.round_closing import closing_form
from client.ui.sync_centre import chip_of
from client.ui.theme import Type
from client.ui.today import point_row, time_line
from client.words import t


@guarded
def round_view() -> ft.View:
    client, app = use_client(), use_app()
    patrol, _ = ft.use_state(client.state.patrol)
    desk, _ = ft.use_state(client.state.desk)
    closing, set_closing = ft.use_state(False)
    page, layout = ft.context.page, use_layout()

    async def refresh() -> None:
        await client.actions.office.sync_now()

    subject = str(ft.use_route_params().get("subject", ""))
    known = (*(patrol.rounds or ()), *(desk.rounds or ()))
    round_ = next((one for one in known if one.subject == subject), None)
    chip = chip_of(app, lambda: page.navigate("/sync"))
    route = ft.use_view_path()
    if round_ is None or app.now is None:
        gone = empty(ft.Icons.SEARCH_OFF, t("patrol.round_gone"), t("patrol.round_gone_body"))
        return sub_view(route, t("patrol.round"), gone, chip)
    if closing:
        body = closing_form(round_, lambda: set_closing(False))
        return sub_view(route, t("patrol.end_round"), reading_width(body, layout), chip)
    actions: list[ft.Control] = []
    if round_.mine and not round_.closed and round_.standing is not RoundStanding.AHEAD:
        if round_.standing is RoundStanding.OPEN:
            actions.append(
                primary(
                    t("patrol.scan_to_check_in"),
                    lambda: page.navigate("/scan"),
                    ft.Icons.QR_CODE_SCANNER,
                    expand=True,
                )
            )
        if round_.missing:
            actions.append(
                secondary(
                    t("patrol.end_round"), lambda: set_closing(True), ft.Icons.FLAG, expand=True
                )
            )
    body = ft.Column(
        expand=True,
        spacing=0,
        controls=[
            ft.Container(
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
                content=ft.Row(
                    [
                        ft.Column(
                            [
                                words(round_.plan_name, Type.SUBTITLE, strong=True),
                                words(time_line(round_, app.now), Type.SMALL, muted=True),
                            ],
                            spacing=0,
                            expand=True,
                        ),
                        words(
                            t("kit.done_of_total", done=round_.done, total=round_.total),
                            Type.TITLE,
                            strong=True,
                        ),
                    ]
                ),
            ),
            paged_list(
                round_.points,
                standing_row,
                lambda one: one.point,
                lambda one: None,
                empty(ft.Icons.PLACE_OUTLINED, t("patrol.round_gone"), t("patrol.round_gone_body")),
                on_refresh=refresh,
            ),
            ft.Container(
                padding=theme.STEP_2,
                content=ft.Row(actions, spacing=theme.STEP),
                visible=bool(actions),
            ),
        ],
    )
    # The plan's name stands in the body: both would not fit beside the chip.
    return sub_view(route, round_.name, reading_width(body, layout), chip)


@guarded
def standing_row(point: RoundPointView, on_press: object, chosen: bool) -> ft.Control:
    return point_row(point)
