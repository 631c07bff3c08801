"""Choosing a day from today on: the usual spans as chips, any other from the calendar."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import flet as ft

from client.ui.guarded import guarded
from client.ui.kit.search import Choice, choice_chips
from client.words import day, t

FURTHEST = timedelta(days=365)
_OTHER = "other"


@guarded
def day_choice(
    chosen: date, today: date, spans: tuple[int, ...], label: str, on_choose: Callable[[date], None]
) -> ft.Control:
    """`spans` are days from today; `label` names the calendar."""
    picking, set_picking = ft.use_state(False)

    def picked(e: ft.Event[ft.DatePicker]) -> None:
        set_picking(False)
        value = e.control.value
        if value is not None:
            aware = isinstance(value, datetime) and value.tzinfo is not None
            local = value.astimezone() if aware and isinstance(value, datetime) else value
            on_choose(date(local.year, local.month, local.day))

    ft.use_dialog(
        ft.DatePicker(
            value=chosen,
            first_date=today,
            last_date=today + FURTHEST,
            help_text=label,
            cancel_text=t("common.cancel"),
            confirm_text=t("common.confirm"),
            on_change=picked,
            on_dismiss=lambda: set_picking(False),
        )
        if picking
        else None
    )

    def choose(name: str) -> None:
        if name == _OTHER:
            set_picking(True)
        else:
            on_choose(today + timedelta(days=int(name)))

    span = (chosen - today).days
    usual = span in spans
    choices = tuple(Choice(str(one), t("kit.in_days", count=one)) for one in spans)
    other = Choice(_OTHER, t("kit.other_day") if usual else day(chosen, today))
    return choice_chips((*choices, other), str(span) if usual else _OTHER, choose)
