"""What a device does not have it must not speak of: before its first day nothing was "missed"."""

from datetime import date

import flet as ft

from client.state.app import AppState
from client.ui import theme
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import day, t


def beyond(app: AppState, first: str) -> bool:
    """True when this device does not have every round from the ISO date `first` on; empty asks
    for all of them."""
    return bool(app.known_from) and first < (app.known_from or "")


def horizon_note(app: AppState, first: str) -> list[ft.Control]:
    """A line above what is shown from `first` on, where some of it isn't here."""
    if not beyond(app, first):
        return []
    said = t("sync.known_from", day=day(date.fromisoformat(app.known_from or "")))
    return [
        ft.Container(
            ft.Row(
                [
                    ft.Icon(ft.Icons.HISTORY, size=18, color=theme.QUIET.ink),
                    words(said, Type.SMALL, color=theme.QUIET.ink, expand=True),
                ],
                spacing=theme.STEP,
            ),
            bgcolor=theme.QUIET.wash,
            border_radius=theme.STEP,
            padding=theme.STEP,
            margin=ft.Margin.symmetric(horizontal=theme.STEP_2, vertical=theme.HALF),
        )
    ]
