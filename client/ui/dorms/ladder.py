"""A step of the ladder: when it is due, whom to call with one tap, what came of it."""

from datetime import datetime

import flet as ft

from client.state.views import CallView, LadderStepView
from client.ui import theme
from client.ui.kit.buttons import secondary
from client.ui.kit.phones import grouped
from client.ui.kit.rows import card
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import duration, t
from ledger.rules.dorms.bodies import Outcome
from ledger.rules.places import Called

SECONDS_A_MINUTE = 60


def ladder_step(step: LadderStepView, now: datetime | None, note) -> ft.Control:
    left = (step.due - now).total_seconds() if now is not None else 0
    number = step.step + 1
    if left > 0 and step.minutes:
        minutes = -(-int(left) // SECONDS_A_MINUTE)
        title = t("dorms.step_in", number=number, minutes=max(1, minutes))
    elif -left < SECONDS_A_MINUTE:
        title = t("dorms.step_now", number=number)
    else:
        title = t("dorms.step_since", number=number, duration=duration(-left))
    calls = [_call(step.step, one, note) for one in step.calls]
    if not calls:
        calls = [words(t("dorms.nobody_named"), muted=True)]
    return card(
        ft.Column(
            [
                words(
                    title,
                    Type.SUBTITLE,
                    strong=True,
                    color=None if left > 0 and step.minutes else theme.RED.ink,
                ),
                *calls,
            ],
            spacing=theme.STEP,
            tight=True,
        )
    )


def _call(step: int, call: CallView, note) -> ft.Control:
    who = t(f"dorms.called_{call.called.value}")
    lines: list[ft.Control] = [
        words(f"{who} · {call.name}" if call.name else who, strong=True),
    ]
    if call.called is Called.POLICE:
        lines.append(words(t("dorms.police_note"), Type.SMALL, muted=True))
    if call.outcome is not None:
        lines.append(words(t(f"dorms.outcome_{call.outcome.value}"), Type.SMALL, muted=True))
    dial: ft.Control = words(t("dorms.no_phone"), Type.SMALL, muted=True)
    if call.phone:
        dial = ft.FilledButton(
            t("dorms.dial", phone=grouped(call.phone)),
            icon=ft.Icons.CALL,
            url=f"tel:{call.phone}",
            expand=True,
            style=ft.ButtonStyle(
                padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=14),
                shape=ft.RoundedRectangleBorder(radius=theme.CORNER),
            ),
        )
    outcomes = (
        (Outcome.POLICE, Outcome.NO_ANSWER)
        if call.called is Called.POLICE
        else (Outcome.REACHED, Outcome.NO_ANSWER)
    )

    def noting(outcome: Outcome) -> ft.Control:
        return secondary(
            t(f"dorms.outcome_{outcome.value}"), lambda: note(step, call.whom, outcome)
        )

    return ft.Column(
        [
            *lines,
            ft.Row([dial]),
            ft.Row([noting(one) for one in outcomes], wrap=True, spacing=theme.HALF),
        ],
        spacing=theme.HALF,
        tight=True,
    )
