"""The list row: what it is on the left, how it stands on the right, the whole of it to tap."""

from collections.abc import Callable

import flet as ft

from client.ui import theme
from client.ui.kit.text import words
from client.ui.theme import Type


def list_row(
    title: str,
    subtitle: str | None = None,
    *,
    leading: ft.Control | None = None,
    trailing: ft.Control | None = None,
    on_press: Callable[[], None] | None = None,
    selected: bool = False,
    strong: bool = False,
    flush: bool = False,
) -> ft.Control:
    """`trailing` moves below the words by itself where long or enlarged ones leave it no room; a
    mere icon or figure stays at the edge. `flush` rows stand under a heading whose margin is theirs
    already."""
    lines: list[ft.Control] = [words(title, strong=strong, lines=2)]
    if subtitle:
        lines.append(words(subtitle, Type.SMALL, muted=True, lines=2))
    said = ft.Column(lines, spacing=2, tight=True)
    at_edge = isinstance(trailing, ft.Icon | ft.Text)
    return ft.Semantics(
        # Alone in its card it would otherwise be one with the card, and no button.
        container=on_press is not None,
        selected=selected or None,
        content=ft.Container(
            bgcolor=ft.Colors.SECONDARY_CONTAINER if selected else None,
            ink=on_press is not None,
            on_click=(lambda: on_press()) if on_press else None,
            padding=ft.Padding.symmetric(
                horizontal=0 if flush else theme.STEP_2, vertical=theme.CORNER
            ),
            content=ft.Row(
                spacing=theme.STEP_2,
                controls=[
                    *([leading] if leading else []),
                    apart(said, *([trailing] if trailing and not at_edge else [])),
                    *([trailing] if trailing and at_edge else []),
                ],
            ),
        ),
    )


def apart(said: ft.Control, *others: ft.Control) -> ft.Control:
    """Words at the left and what belongs to them at the right, or below where there is no room
    for both: at 200 % text a badge beside a name would leave two letters of it. Takes the rest of
    the row it stands in."""
    return ft.Row(
        [said, *others],
        wrap=True,
        expand=True,
        spacing=theme.STEP,
        run_spacing=theme.HALF,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def leading_icon(icon: ft.IconData, tone: theme.Tone = theme.QUIET) -> ft.Control:
    return ft.Container(
        width=40,
        height=40,
        border_radius=20,
        bgcolor=tone.wash,
        alignment=ft.Alignment.CENTER,
        content=ft.Icon(icon, size=22, color=tone.ink),
    )


def card(content: ft.Control, on_press: Callable[[], None] | None = None) -> ft.Control:
    return ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOW,
        border_radius=theme.CORNER_BIG,
        padding=theme.STEP_2,
        ink=on_press is not None,
        on_click=(lambda: on_press()) if on_press else None,
        content=content,
    )
