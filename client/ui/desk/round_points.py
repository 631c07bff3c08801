"""The points of a round one by one: late and missed ones by name, with their reasons."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import flet as ft

from client.state.views import RoundPointView, RoundView
from client.ui import theme
from client.ui.guarded import guarded
from client.ui.kit.badges import State, state_badge
from client.ui.kit.buttons import icon_button
from client.ui.kit.empty import empty
from client.ui.kit.lists import paged_list
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.text import heading, words
from client.ui.theme import Type
from client.words import clock, t


class PointList(StrEnum):
    ALL = "all"
    ABNORMAL = "abnormal"
    LATE = "late"
    MISSED = "missed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which points are listed: those of one round, or of all rounds of the day."""

    round: str = ""
    only: PointList = PointList.ALL

    @property
    def something(self) -> bool:
        return bool(self.round) or self.only is not PointList.ALL


@dataclass(frozen=True, slots=True)
class Stop:
    """A point in its round."""

    round: str
    round_name: str
    point: RoundPointView


def stops(rounds: tuple[RoundView, ...], chosen: Chosen) -> tuple[Stop, ...]:
    return tuple(
        Stop(round_.subject, round_.name, point)
        for round_ in rounds
        if chosen.round in ("", round_.subject)
        for point in round_.points
        if _belongs(point, chosen.only)
    )


def _belongs(point: RoundPointView, only: PointList) -> bool:
    match only:
        case PointList.ALL:
            return True
        case PointList.ABNORMAL:
            return point.abnormal
        case _:
            return point.state == only.value


@guarded
def round_points(
    rounds: tuple[RoundView, ...],
    chosen: Chosen,
    on_choose: Callable[[Chosen], None],
    on_close: Callable[[], None],
    on_open: Callable[[str], None],
) -> ft.Control:
    round_ = next((one for one in rounds if one.subject == chosen.round), None)
    title = round_.name if round_ else t("desk.all_rounds")

    def press(stop: Stop) -> None:
        if stop.point.check_in:
            on_open(stop.point.check_in)

    choices = tuple(
        Choice(
            only.value,
            t("common.all") if only is PointList.ALL else State(only.value).word,
            len(stops(rounds, replace(chosen, only=only))),
        )
        for only in PointList
    )
    return ft.Column(
        [
            ft.Container(
                padding=ft.Padding(theme.STEP_2, theme.STEP, theme.STEP, 0),
                content=ft.Row(
                    [
                        heading(title, expand=True),
                        icon_button(ft.Icons.CLOSE, t("common.close"), on_close),
                    ]
                ),
            ),
            ft.Container(
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
                content=choice_chips(
                    tuple(one for one in choices if one.count or one.id == chosen.only),
                    chosen.only.value,
                    lambda id: on_choose(replace(chosen, only=PointList(id))),
                ),
            ),
            paged_list(
                stops(rounds, chosen),
                stop_row if round_ else stop_row_of_any,
                lambda stop: f"{stop.round} {stop.point.point}",
                press,
                empty(ft.Icons.TASK_ALT, t("desk.no_such_points"), t("desk.no_such_points_body")),
            ),
        ],
        expand=True,
        spacing=0,
    )


@guarded
def stop_row(stop: Stop, press: Callable[[Stop], None], chosen: bool) -> ft.Control:
    return _row(stop, press, stop.point.area_name)


@guarded
def stop_row_of_any(stop: Stop, press: Callable[[Stop], None], chosen: bool) -> ft.Control:
    where = t("desk.round_and_area", round=stop.round_name, area=stop.point.area_name)
    return _row(stop, press, where)


def _row(stop: Stop, press: Callable[[Stop], None], where: str) -> ft.Control:
    point = stop.point
    lines: list[ft.Control] = [
        words(point.name, lines=2),
        words(where, Type.SMALL, muted=True, lines=1),
    ]
    if point.at is not None:
        said = t("desk.at_by", time=clock(point.at), person=point.by)
        lines.append(words(said, Type.SMALL, muted=True, lines=1))
    if point.because:
        lines.append(words(t("desk.because", reason=point.because), Type.SMALL))
    badges = [state_badge(State(point.state.value))]
    if point.abnormal:
        badges.insert(0, state_badge(State.ABNORMAL))
    can_open = bool(point.check_in)
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.CORNER),
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.SURFACE_CONTAINER_HIGH)),
        ink=can_open,
        on_click=(lambda: press(stop)) if can_open else None,
        content=ft.Row(
            [
                ft.Column(lines, tight=True, spacing=2, expand=True),
                ft.Column(
                    badges,
                    tight=True,
                    spacing=theme.HALF,
                    horizontal_alignment=ft.CrossAxisAlignment.END,
                ),
            ],
            spacing=theme.STEP,
        ),
    )
