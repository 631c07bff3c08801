"""A switch or a tick with its words, which wrap; the framework cuts its own labels off."""

from collections.abc import Callable

import flet as ft

from client.ui import theme
from client.ui.kit.text import words


def switch_row(
    label: str, on: bool, on_change: Callable[[bool], None], *, disabled: bool = False
) -> ft.Control:
    switch = ft.Switch(
        value=on, disabled=disabled, on_change=lambda e: on_change(bool(e.control.value))
    )
    return _with_words(switch, label, None if disabled else lambda: on_change(not on))


def tick_row(label: str, on: bool, on_change: Callable[[bool], None]) -> ft.Control:
    tick = ft.Checkbox(value=on, on_change=lambda e: on_change(bool(e.control.value)))
    return _with_words(tick, label, lambda: on_change(not on))


def _with_words(toggle: ft.Control, label: str, on_press: Callable[[], None] | None) -> ft.Control:
    said = ft.Container(
        words(label),
        expand=True,
        on_click=(lambda: on_press()) if on_press else None,
        padding=ft.Padding.symmetric(vertical=theme.CORNER),
    )
    # Spoken as one thing: the words are the toggle's name.
    return ft.MergeSemantics(ft.Row([toggle, said], spacing=theme.STEP))
