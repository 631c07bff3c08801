"""The leader's first look: how today's rounds stand, in figures that open their lists."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import flet as ft

from client.state.views import CheckInFilter, RoundView
from client.ui import theme
from client.ui.context import use_app, use_client, use_loading
from client.ui.desk.figures import figure_tiles
from client.ui.desk.horizon import beyond, horizon_note
from client.ui.desk.round_cards import round_card
from client.ui.desk.round_points import Chosen, PointList, round_points
from client.ui.dorms.lines import roll_call_line
from client.ui.guarded import guarded, keyed, use_start, use_task
from client.ui.kit.buttons import icon_button, quiet
from client.ui.kit.empty import empty, skeleton_list
from client.ui.kit.text import heading, section_header
from client.ui.layout import Layout, use_layout
from client.ui.places import may
from client.ui.theme import Type
from client.words import day, t

POINTS_DP = 400
POINTS_NARROW_DP = 340


@guarded
def overview_screen() -> ft.Control:
    client, app, layout, loading = use_client(), use_app(), use_layout(), use_loading()
    desk, _ = ft.use_state(client.state.desk)
    chosen, set_chosen = ft.use_state(Chosen())
    page, start = ft.context.page, use_start()
    today = (app.now or datetime.now()).date()
    shown = date.fromisoformat(desk.rounds_day) if desk.rounds_day else today

    async def begin() -> None:
        await loading.show_day("")

    async def show_day(which: date) -> None:
        set_chosen(Chosen())
        await loading.show_day("" if which == today else which.isoformat())

    async def open_list(wanted: CheckInFilter) -> None:
        on_day = replace(
            wanted, day_from=shown.isoformat(), day_to=shown.isoformat(), withdrawn=False
        )
        await loading.open("")
        await loading.filter(on_day)
        page.navigate("/patrol")

    async def open_check_in(id: str) -> None:
        await loading.filter(CheckInFilter(day_from=shown.isoformat(), day_to=shown.isoformat()))
        await loading.open(id)
        page.navigate("/patrol")

    use_task(begin)
    if desk.rounds is None:
        return skeleton_list()
    rounds = desk.rounds
    figures: list[ft.Control] = [
        figure_tiles(
            rounds,
            desk.figures,
            lambda wanted: start(open_list, wanted),
            lambda: set_chosen(Chosen(only=PointList.MISSED)),
            narrow=chosen.something,
        ),
        *([roll_call_line(last=True)] if may(app.person, "room.marked") else []),
        section_header(t("desk.rounds_of_day")),
        _cards(rounds, app.now, chosen, lambda one: set_chosen(Chosen(round=one.subject))),
    ]
    body = ft.ListView(
        [
            _day_switch(shown, today, lambda which: start(show_day, which)),
            *horizon_note(app, shown.isoformat()),
            # Of a day that is not here no figure is true, not even a zero.
            *([] if beyond(app, shown.isoformat()) else figures),
        ],
        expand=True,
        padding=ft.Padding(theme.STEP_2, 0, theme.STEP_2, theme.STEP_3),
    )
    if not chosen.something:
        return body
    points = round_points(
        rounds,
        chosen,
        set_chosen,
        lambda: set_chosen(Chosen()),
        lambda id: start(open_check_in, id),
    )
    if layout.is_phone:
        return points
    width = POINTS_DP if layout is Layout.WIDE else POINTS_NARROW_DP
    return ft.Row(
        [
            body,
            ft.VerticalDivider(width=1),
            ft.Container(points, width=width, bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _day_switch(shown: date, today: date, go) -> ft.Control:
    weekday = t("desk.weekdays").split()[shown.weekday()]
    # Asked on the day before, a date is never called today.
    title = t("desk.day_title", day=day(shown, shown - _ONE_DAY), weekday=weekday)
    if shown == today:
        title = t("desk.today_title", date=title)
    return ft.Container(
        padding=ft.Padding.symmetric(vertical=theme.STEP),
        content=ft.Row(
            [
                icon_button(
                    ft.Icons.CHEVRON_LEFT, t("desk.day_before"), lambda: go(shown - _ONE_DAY)
                ),
                heading(title, Type.TITLE),
                icon_button(
                    ft.Icons.CHEVRON_RIGHT,
                    t("desk.day_after"),
                    (lambda: go(shown + _ONE_DAY)) if shown < today else None,
                ),
                *([quiet(t("desk.back_to_today"), lambda: go(today))] if shown != today else []),
            ],
            spacing=theme.HALF,
            wrap=True,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
    )


_ONE_DAY = timedelta(days=1)


def _cards(
    rounds: tuple[RoundView, ...], now: datetime | None, chosen: Chosen, on_press
) -> ft.Control:
    if not rounds:
        return empty(ft.Icons.EVENT_AVAILABLE, t("desk.no_rounds"), t("desk.no_rounds_body"))
    return ft.ResponsiveRow(
        [
            ft.Container(
                keyed(
                    round_.subject,
                    ft.memo(round_card),
                    round_,
                    now is not None and round_.opens <= now < round_.closes,
                    round_.subject == chosen.round,
                    on_press,
                ),
                # By the page's width: beside an open list two fit, else three.
                col={"xs": 12, "md": 6, "xl": 6 if chosen.something else 4},
            )
            for round_ in rounds
        ],
        spacing=theme.STEP_2,
        run_spacing=theme.STEP_2,
    )
