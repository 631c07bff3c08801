"""Facts about one thing: its name on the left in a quiet voice, what it is on the right."""

import flet as ft

from client.ui import theme
from client.ui.kit.text import heading, words
from client.ui.theme import Type

NAME_DP = 104


def fact(
    name: str, value: str | ft.Control, note: str = "", *, has_button: bool = False
) -> ft.Control:
    """One line; `value` wraps, so that nothing is ever cut off here. With a button in it, which is
    higher than words, both stand at its middle."""
    said = words(value) if isinstance(value, str) else value
    lines = [said, *([words(note, Type.SMALL, muted=True)] if note else [])]
    return ft.Row(
        [
            ft.Container(words(name, Type.SMALL, muted=True), width=NAME_DP, padding=_BASELINE),
            ft.Column(lines, tight=True, spacing=2, expand=True),
        ],
        spacing=theme.STEP,
        vertical_alignment=ft.CrossAxisAlignment.CENTER
        if has_button
        else ft.CrossAxisAlignment.START,
    )


# Lets the smaller name stand on the same line as its value.
_BASELINE = ft.Padding.only(top=2)


def section(title: str, parts: list[ft.Control], spacing: int = theme.STEP) -> ft.Control:
    """Facts that belong together, under their heading."""
    return ft.Column(
        [heading(title), *parts],
        tight=True,
        spacing=spacing,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
