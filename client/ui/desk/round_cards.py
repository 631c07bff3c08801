"""A round as a card: how far it is, what went wrong, and who walked it."""

from collections.abc import Callable

import flet as ft

from client.state.views import PointState, RoundStanding, RoundView
from client.ui import theme
from client.ui.guarded import guarded
from client.ui.kit.badges import State, badge, state_badge
from client.ui.kit.ring import small_ring
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import clock, n, t

NAMED_PEOPLE = 2


@guarded
def round_card(
    round_: RoundView, running: bool, chosen: bool, on_press: Callable[[RoundView], None]
) -> ft.Control:
    window = t("desk.window", opens=clock(round_.opens), closes=clock(round_.closes))
    about = ft.Column(
        [
            words(round_.name or round_.plan_name, Type.SUBTITLE, lines=1),
            words(window, Type.SMALL, muted=True),
            words(round_.plan_name, Type.SMALL, muted=True, lines=1),
            words(walked_by(round_), Type.SMALL, muted=True, lines=1),
        ],
        tight=True,
        spacing=2,
        expand=True,
    )
    return ft.Semantics(
        selected=chosen or None,
        content=ft.Container(
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
            border_radius=theme.CORNER_BIG,
            border=ft.Border.all(2, ft.Colors.PRIMARY if chosen else ft.Colors.TRANSPARENT),
            padding=theme.STEP_2,
            ink=True,
            on_click=lambda: on_press(round_),
            content=ft.Column(
                [
                    ft.Row([small_ring(round_.done, round_.total), about], spacing=theme.STEP_2),
                    ft.Row(
                        [standing_badge(round_, running), *_remarks(round_)],
                        wrap=True,
                        spacing=theme.HALF,
                        run_spacing=theme.HALF,
                    ),
                ],
                tight=True,
                spacing=theme.STEP_2,
            ),
        ),
    )


def standing_badge(round_: RoundView, running: bool) -> ft.Control:
    match round_.standing:
        case RoundStanding.COMPLETE:
            return state_badge(State.DONE)
        case RoundStanding.INCOMPLETE:
            return badge(ft.Icons.RULE, t("desk.incomplete"), theme.PURPLE)
        case RoundStanding.OPEN if running:
            return badge(ft.Icons.DIRECTIONS_WALK, t("desk.running"), theme.BLUE)
        case _:
            return badge(ft.Icons.SCHEDULE, t("desk.ahead"), theme.QUIET)


def _remarks(round_: RoundView) -> list[ft.Control]:
    """Only what is there: a round without remarks needs no zeros."""
    states = [point.state for point in round_.points]
    counted = (
        (State.ABNORMAL, sum(point.abnormal for point in round_.points)),
        (State.LATE, states.count(PointState.LATE)),
        (State.MISSED, states.count(PointState.MISSED)),
    )
    return [
        state_badge(state, t("desk.state_count", state=state.word, count=count))
        for state, count in counted
        if count
    ]


def walked_by(round_: RoundView) -> str:
    people = list(dict.fromkeys(point.by for point in round_.points if point.by))
    if not people:
        return t("desk.nobody_yet")
    named = t("desk.name_separator").join(people[:NAMED_PEOPLE])
    if len(people) <= NAMED_PEOPLE:
        return named
    return n("desk.and_others", len(people), names=named)
