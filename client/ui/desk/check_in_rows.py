"""A check-in as a line of the desk's table, and as a card where there is less room."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import flet as ft

from client.state.views import CheckInView
from client.ui import theme
from client.ui.desk.evidence import grade_badge
from client.ui.guarded import guarded
from client.ui.kit.badges import State, badge, state_badge
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import clock, t, when

TIME_DP = 120
PERSON_DP = 96
RESULT_DP = 184
EVIDENCE_DP = 112
MARK_DP = 4
_PADDING = ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.CORNER)


@dataclass(frozen=True, slots=True)
class Line:
    """What a row draws: the check-in, and the day that counts as today."""

    view: CheckInView
    today: date


def time_of(line: Line) -> str:
    """Today's by the clock alone."""
    at = line.view.at
    return clock(at) if at.date() == line.today else when(at, line.today)


def point_name(view: CheckInView) -> str:
    return view.point_name or t("desk.unknown_point")


def round_name(view: CheckInView) -> str:
    return view.round_name or view.plan_name or t("desk.no_round")


def result_badges(view: CheckInView) -> list[ft.Control]:
    if view.withdrawn:
        return [badge(ft.Icons.UNDO, t("desk.withdrawn"), theme.QUIET)]
    badges = [state_badge(State(view.result.value))]
    return [*badges, state_badge(State.LATE)] if view.late else badges


def _cell(
    text: str, type_: Type = Type.SMALL, *, width: int | None = None, expand: int | None = None
) -> ft.Control:
    # No box around it: a table of fifty rows is drawn in Python, control by control.
    cell = words(text, type_, lines=1)
    cell.width, cell.expand = width, expand
    return cell


def table_head() -> ft.Control:
    def name(key_: str, *, width: int | None = None, expand: int | None = None) -> ft.Control:
        return ft.Container(
            words(key_, Type.SMALL, muted=True, lines=1), width=width, expand=expand
        )

    return ft.Container(
        padding=_PADDING,
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
        content=ft.Row(
            [
                name(t("desk.time"), width=TIME_DP),
                name(t("desk.point"), expand=5),
                name(t("desk.area"), expand=3),
                name(t("desk.person"), width=PERSON_DP),
                name(t("desk.round"), expand=2),
                name(t("desk.result"), width=RESULT_DP),
                name(t("desk.evidence"), width=EVIDENCE_DP),
            ],
            spacing=theme.STEP,
        ),
    )


@guarded
def table_row(line: Line, press: Callable[[Line], None], chosen: bool) -> ft.Control:
    view = line.view
    return _pressable(
        line,
        press,
        chosen,
        ft.Row(
            [
                _cell(time_of(line), width=TIME_DP),
                _cell(point_name(view), Type.BODY, expand=5),
                _cell(view.area_name, expand=3),
                _cell(view.actor_name, width=PERSON_DP),
                _cell(round_name(view), expand=2),
                ft.Row(result_badges(view), spacing=theme.HALF, width=RESULT_DP),
                ft.Row([grade_badge(view.grade)], width=EVIDENCE_DP),
            ],
            spacing=theme.STEP,
        ),
    )


@guarded
def narrow_row(line: Line, press: Callable[[Line], None], chosen: bool) -> ft.Control:
    """For the phone, and beside an open detail."""
    view = line.view
    where = t("desk.where_and_who", area=view.area_name, person=view.actor_name)
    return _pressable(
        line,
        press,
        chosen,
        ft.Column(
            [
                ft.Row(
                    [
                        words(point_name(view), lines=2, expand=True),
                        words(time_of(line), Type.SMALL, muted=True),
                    ],
                    spacing=theme.STEP,
                    vertical_alignment=ft.CrossAxisAlignment.START,
                ),
                words(where, Type.SMALL, muted=True, lines=1),
                ft.Row(
                    [*result_badges(view), grade_badge(view.grade)],
                    wrap=True,
                    spacing=theme.HALF,
                    run_spacing=theme.HALF,
                ),
            ],
            tight=True,
            spacing=theme.HALF,
        ),
    )


def _pressable(
    line: Line, press: Callable[[Line], None], chosen: bool, content: ft.Control
) -> ft.Control:
    return ft.Semantics(
        selected=chosen or None,
        content=ft.Container(
            content,
            padding=ft.Padding(theme.STEP_2 - MARK_DP, theme.CORNER, theme.STEP_2, theme.CORNER),
            # The badges keep their colours: a bar marks the chosen row, not a coloured ground.
            bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH if chosen else None,
            border=ft.Border.only(
                left=ft.BorderSide(MARK_DP, ft.Colors.PRIMARY if chosen else ft.Colors.TRANSPARENT),
                bottom=ft.BorderSide(1, ft.Colors.SURFACE_CONTAINER_HIGH),
            ),
            ink=True,
            on_click=lambda: press(line),
        ),
    )
