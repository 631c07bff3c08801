"""How sure a check-in is: its grade as a badge, its reasons in plain words."""

import flet as ft

from client.ui import theme
from client.ui.kit.badges import badge
from client.ui.kit.text import words
from client.ui.theme import Tone
from client.words import t
from ledger.rules.evidence import Doubt, Grade

_LOOKS: dict[Grade, tuple[ft.IconData, Tone]] = {
    Grade.A: (ft.Icons.VERIFIED, theme.GREEN),
    Grade.B: (ft.Icons.HELP, theme.YELLOW),
    Grade.C: (ft.Icons.REPORT, theme.ORANGE),
}


def grade_badge(grade: Grade) -> ft.Control:
    icon, tone = _LOOKS[grade]
    return badge(icon, t("desk.grade", grade=grade.value), tone)


def grade_sentence(grade: Grade) -> str:
    return t(f"desk.grade_means_{grade.value}")


def doubt_sentence(doubt: Doubt) -> str:
    return t(f"desk.doubt_{doubt.value}")


def doubt_line(doubt: Doubt) -> ft.Control:
    return ft.Row(
        [
            ft.Icon(ft.Icons.ARROW_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT, size=24),
            words(doubt_sentence(doubt), expand=True),
        ],
        spacing=theme.HALF,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
