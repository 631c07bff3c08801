"""A hazard's history as a time line: every step with its words; what was not adopted, too."""

from datetime import date

import flet as ft

from client.state.views import HazardStep
from client.ui import theme
from client.ui.guarded import guarded, keyed
from client.ui.hazards.photos import photo_strip
from client.ui.kit.badges import badge
from client.ui.kit.text import words
from client.ui.sentences import kind, refusal_of
from client.ui.theme import Type
from client.words import day, t, when
from ledger.verdicts import Verdict

_DAYS = ("deadline", "until")
_SAID = (
    *("content", "measure", "done", "because", "text", "demand", "note", "protection"),
    *_DAYS,
)
"""What of a step people read, in this order; the rest stands among the facts."""


@guarded
def timeline(steps: tuple[HazardStep, ...], on_open) -> ft.Control:
    return ft.Column(
        [
            keyed(step.entry, timeline_step, step, number == len(steps) - 1, on_open)
            for number, step in enumerate(steps)
        ],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@guarded
def timeline_step(step: HazardStep, last: bool, on_open) -> ft.Control:
    lost = step.verdict in (Verdict.REFUSED, Verdict.HELD)
    title = kind(step.kind)
    lines: list[ft.Control] = [
        ft.Row(
            [words(title, strong=True), *_marks(step)],
            wrap=True,
            spacing=theme.STEP,
            run_spacing=theme.HALF,
        ),
        words(f"{step.by_name} · {when(step.at)}", Type.SMALL, muted=True),
    ]
    if step.device_at is not None:
        said = t("desk.device_said", time=when(step.device_at))
        lines.append(words(said, Type.SMALL, muted=True))
    for name in _SAID:
        said = str(step.said.get(name, "") or "")
        if said:
            shown = day(date.fromisoformat(said)) if name in _DAYS else said
            lines.append(words(t(f"hazards.said_{name}", text=shown)))
    if lost and step.reason is not None:
        lines.append(
            words(refusal_of(step.reason.value, dict(step.reason_detail)), Type.SMALL, muted=True)
        )
    if step.photos:
        lines.append(photo_strip(step.photos, on_open))
    tone = theme.RED if lost else theme.QUIET if step.withdrawn else theme.GREEN
    dot = ft.Container(width=12, height=12, border_radius=6, bgcolor=tone.ink)
    rail = ft.Container(
        ft.Column([dot], tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER),
        width=theme.STEP_3,
        padding=ft.Padding.only(top=6),
    )
    return ft.Container(
        ft.Row(
            [rail, ft.Column(lines, tight=True, spacing=theme.HALF, expand=True)],
            vertical_alignment=ft.CrossAxisAlignment.START,
            spacing=theme.STEP,
        ),
        padding=ft.Padding.only(bottom=0 if last else theme.STEP_2),
        opacity=0.6 if step.withdrawn else 1.0,
    )


def _marks(step: HazardStep) -> list[ft.Control]:
    if step.verdict is Verdict.REFUSED:
        return [badge(ft.Icons.BLOCK, t("hazards.not_adopted"), theme.RED)]
    if step.verdict is Verdict.HELD:
        return [badge(ft.Icons.PAUSE_CIRCLE, t("kit.state_held"), theme.YELLOW)]
    found = []
    if step.withdrawn:
        found.append(badge(ft.Icons.UNDO, t("hazards.taken_back"), theme.QUIET))
    if step.verdict is Verdict.PENDING:
        found.append(badge(ft.Icons.SMARTPHONE, t("sync.only_here"), theme.BLUE))
    elif step.on_the_way:
        found.append(badge(ft.Icons.FORWARD_TO_INBOX, t("district.on_the_way"), theme.BLUE))
    return found
