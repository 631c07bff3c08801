"""An own entry in the sync centre: what it is, how far it came, and why if it was refused."""

from collections.abc import Callable

import flet as ft

from client.state.views import QueuedEntry, RecordReach
from client.ui import theme
from client.ui.guarded import guarded
from client.ui.kit.badges import State, badge, state_badge
from client.ui.kit.text import words
from client.ui.sentences import kind, refusal
from client.ui.theme import Type
from client.words import t, when
from ledger.verdicts import Verdict


@guarded
def entry_row(entry: QueuedEntry, press: Callable[[QueuedEntry], None], chosen: bool) -> ft.Control:
    what = kind(entry.kind)
    title = t("sync.entry", kind=what, about=entry.about) if entry.about else what
    told = t("sync.entry_number", number=entry.number, time=when(entry.at))
    name = ft.Column(
        [words(title, lines=2), words(told, Type.SMALL, muted=True)],
        tight=True,
        spacing=2,
        expand=True,
    )
    lines: list[ft.Control] = [
        ft.Row(
            [name, verdict_badge(entry.verdict, entry.reach)],
            spacing=theme.STEP_2,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    ]
    if entry.verdict in (Verdict.REFUSED, Verdict.HELD):
        tone = theme.RED if entry.verdict is Verdict.REFUSED else theme.YELLOW
        lines.append(
            ft.Container(
                words(refusal(entry), Type.SMALL, color=tone.ink),
                bgcolor=tone.wash,
                border_radius=theme.STEP,
                padding=theme.STEP,
                margin=ft.Margin.only(top=theme.HALF),
            )
        )
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.CORNER),
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.SURFACE_CONTAINER_HIGH)),
        content=ft.Column(
            lines,
            tight=True,
            spacing=2,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def verdict_badge(verdict: Verdict, reach: RecordReach) -> ft.Control:
    """How far an own entry has come: by the server's word alone."""
    if reach is RecordReach.UNSURE:
        return badge(ft.Icons.REPORT_PROBLEM, t("sync.unsure"), theme.YELLOW)
    match verdict:
        case Verdict.ACCEPTED:
            return badge(ft.Icons.CLOUD_DONE, t("sync.record_received"), theme.GREEN)
        case Verdict.REFUSED:
            return state_badge(State.REFUSED)
        case Verdict.HELD:
            return state_badge(State.HELD)
        case Verdict.PENDING:
            return state_badge(State.WAITING, t("sync.only_here_waiting"))
