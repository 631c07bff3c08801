"""What the desk wants to see: days, area, person, state and evidence of check-ins."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import flet as ft

from client.state.views import AreaView, CheckInFilter, PersonView
from client.ui.desk.days import Span, days_of, span_of
from client.ui.guarded import guarded
from client.ui.kit.buttons import quiet
from client.ui.kit.search import Choice, choice_chips, filter_chips
from client.ui.kit.select import select
from client.words import day, t
from ledger.rules.checkins import Result
from ledger.rules.evidence import Grade

Change = Callable[[CheckInFilter], None]
SELECT_DP = 176
FIRST_YEAR = 2020


def how_many(wanted: CheckInFilter) -> int:
    """How many filters besides days and search are set."""
    chosen = (wanted.area, wanted.actor, wanted.result, wanted.grade, wanted.plan)
    return sum(map(bool, chosen)) + sum(one is not None for one in (wanted.late, wanted.withdrawn))


def without(wanted: CheckInFilter) -> CheckInFilter:
    """The same days and search, everything else let in again."""
    return CheckInFilter(day_from=wanted.day_from, day_to=wanted.day_to, search=wanted.search)


@guarded
def day_chips(
    wanted: CheckInFilter, today: date, on_change: Change, one_line: bool = False
) -> ft.Control:
    """Today, yesterday, a week, everything, or a date from the calendar."""
    picking, set_picking = ft.use_state(False)
    span = span_of(wanted, today)

    def choose(name: str) -> None:
        if name == Span.ONE_DAY:
            set_picking(True)
            return
        first, last = days_of(Span(name), today)
        on_change(replace(wanted, day_from=first, day_to=last))

    def picked(e: ft.Event[ft.DatePicker]) -> None:
        set_picking(False)
        if (one := _date(e.control.value)) is not None:
            on_change(replace(wanted, day_from=one.isoformat(), day_to=one.isoformat()))

    ft.use_dialog(
        ft.DatePicker(
            value=_date(wanted.day_to) or today,
            first_date=date(FIRST_YEAR, 1, 1),
            last_date=today,
            help_text=t("desk.pick_date"),
            cancel_text=t("common.cancel"),
            confirm_text=t("common.confirm"),
            on_change=picked,
            on_dismiss=lambda: set_picking(False),
        )
        if picking
        else None
    )
    choices = tuple(
        Choice(one.value, t(f"desk.span_{one.value}"))
        for one in (Span.TODAY, Span.YESTERDAY, Span.WEEK, Span.EVER)
    )
    one_day = _date(wanted.day_from)
    label = day(one_day, today) if span is Span.ONE_DAY and one_day else t("desk.span_one_day")
    return choice_chips(
        (*choices, Choice(Span.ONE_DAY.value, label)), span.value, choose, one_line=one_line
    )


def _date(value: Any) -> date | None:
    """A picker's answer, which may be a moment in another zone than the person's."""
    if isinstance(value, datetime):
        return (value.astimezone() if value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def selects(
    wanted: CheckInFilter,
    areas: tuple[AreaView, ...],
    people: tuple[PersonView, ...],
    on_change: Change,
    *,
    expand: bool = False,
) -> list[ft.Control]:
    width = None if expand else SELECT_DP
    return [
        select(
            t("desk.area"),
            wanted.area,
            [(area.id, area.name) for area in areas],
            lambda id: on_change(replace(wanted, area=id)),
            width,
        ),
        select(
            t("desk.person"),
            wanted.actor,
            [(person.id, person.name) for person in people],
            lambda id: on_change(replace(wanted, actor=id)),
            width,
        ),
    ]


def state_chips(wanted: CheckInFilter, on_change: Change) -> ft.Control:
    """Normal and abnormal exclude each other, and so do the grades."""
    chosen = frozenset(
        name
        for name, on in (
            ("normal", wanted.result is Result.NORMAL),
            ("abnormal", wanted.result is Result.ABNORMAL),
            ("late", wanted.late is True),
            *((grade.value, wanted.grade is grade) for grade in Grade),
            ("standing", wanted.withdrawn is False),
        )
        if on
    )

    def changed(now: frozenset[str]) -> None:
        (name,) = now ^ chosen
        on = name in now
        match name:
            case "normal" | "abnormal":
                on_change(replace(wanted, result=Result(name) if on else None))
            case "late":
                on_change(replace(wanted, late=True if on else None))
            case "standing":
                on_change(replace(wanted, withdrawn=False if on else None))
            case grade:
                on_change(replace(wanted, grade=Grade(grade) if on else None))

    choices = (
        Choice("abnormal", t("kit.state_abnormal")),
        Choice("normal", t("kit.state_normal")),
        Choice("late", t("kit.state_late")),
        *(Choice(grade.value, t("desk.grade", grade=grade.value)) for grade in Grade),
        Choice("standing", t("desk.without_withdrawn")),
    )
    return filter_chips(choices, chosen, changed)


def clear_button(wanted: CheckInFilter, on_change: Change) -> ft.Control:
    return quiet(t("desk.clear_filters"), lambda: on_change(without(wanted)), ft.Icons.CLEAR_ALL)
