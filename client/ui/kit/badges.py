"""State and risk as icon, word and colour, never as colour alone."""

from enum import Enum

import flet as ft

from client.ui import theme
from client.ui.kit.text import words
from client.ui.theme import Tone, Type
from client.words import t
from ledger.rules.places import Risk


class State(Enum):
    """The states people know by name; `kit.state_<value>` is the word."""

    NORMAL = "normal"
    ABNORMAL = "abnormal"
    NOT_APPLICABLE = "not_applicable"
    LATE = "late"
    MISSED = "missed"
    WAITING = "waiting"
    REFUSED = "refused"
    HELD = "held"
    DONE = "done"
    OPEN = "open"

    @property
    def word(self) -> str:
        return t(f"kit.state_{self.value}")

    @property
    def look(self) -> tuple[ft.IconData, Tone]:
        return _STATE_LOOKS[self]


_STATE_LOOKS: dict[State, tuple[ft.IconData, Tone]] = {
    State.NORMAL: (ft.Icons.CHECK_CIRCLE, theme.GREEN),
    State.ABNORMAL: (ft.Icons.ERROR, theme.RED),
    State.NOT_APPLICABLE: (ft.Icons.DO_NOT_DISTURB_ON_OUTLINED, theme.QUIET),
    State.LATE: (ft.Icons.WATCH_LATER, theme.ORANGE),
    State.MISSED: (ft.Icons.LOCATION_OFF, theme.PURPLE),
    State.WAITING: (ft.Icons.CLOUD_UPLOAD, theme.BLUE),
    State.REFUSED: (ft.Icons.BLOCK, theme.RED),
    State.HELD: (ft.Icons.PAUSE_CIRCLE, theme.YELLOW),
    State.DONE: (ft.Icons.TASK_ALT, theme.GREEN),
    State.OPEN: (ft.Icons.RADIO_BUTTON_UNCHECKED, theme.QUIET),
}


_RISK_TONES = {
    Risk.RED: theme.RED,
    Risk.ORANGE: theme.ORANGE,
    Risk.YELLOW: theme.YELLOW,
    Risk.BLUE: theme.BLUE,
}


def risk_word(risk: Risk) -> str:
    return t(f"kit.risk_{risk.value}")


def risk_tone(risk: Risk) -> Tone:
    return _RISK_TONES[risk]


def badge(icon: ft.IconData, word: str, tone: Tone) -> ft.Control:
    said = words(word, Type.SMALL, strong=True, color=tone.ink, expand=True)
    # As wide as its words; where there is less room than that they wrap and are not cut off.
    said.expand_loose = True
    return ft.Container(
        bgcolor=tone.wash,
        border_radius=theme.STEP,
        padding=ft.Padding.symmetric(horizontal=theme.STEP, vertical=2),
        content=ft.Row(
            tight=True,
            spacing=theme.HALF,
            controls=[
                ft.Icon(icon, size=18, color=tone.ink, apply_text_scaling=True),
                said,
            ],
        ),
    )


def state_badge(state: State, word: str | None = None) -> ft.Control:
    """The state's own word, or a closer one such as 迟到 12 分钟."""
    icon, tone = state.look
    return badge(icon, word or state.word, tone)


def risk_badge(risk: Risk) -> ft.Control:
    return badge(ft.Icons.SHIELD, risk_word(risk), risk_tone(risk))
