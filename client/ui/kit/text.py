"""Text in the five sizes."""

import flet as ft

from client.ui import theme
from client.ui.theme import Type


def words(
    value: str,
    type_: Type = Type.BODY,
    *,
    strong: bool = False,
    muted: bool = False,
    color: str | None = None,
    lines: int | None = None,
    align: ft.TextAlign = ft.TextAlign.START,
    expand: bool | None = None,
) -> ft.Text:
    return ft.Text(
        value,
        theme_style=type_.value,
        font_family=theme.FONT_BOLD if strong else None,
        weight=ft.FontWeight.W_700 if strong else None,
        color=color or (ft.Colors.ON_SURFACE_VARIANT if muted else ft.Colors.ON_SURFACE),
        max_lines=lines,
        overflow=ft.TextOverflow.ELLIPSIS if lines else ft.TextOverflow.CLIP,
        text_align=align,
        expand=expand,
    )


def heading(
    value: str,
    type_: Type = Type.SUBTITLE,
    expand: bool | None = None,
    lines: int | None = None,
) -> ft.Control:
    """A heading that screen readers can jump to."""
    said = words(value, type_, lines=lines)
    return ft.Semantics(content=said, heading_level=2, container=True, expand=expand)


def section_header(title: str, trailing: ft.Control | None = None) -> ft.Control:
    return ft.Container(
        padding=ft.Padding(theme.STEP_2, theme.STEP_2, theme.STEP, theme.STEP),
        content=ft.Row(
            [heading(title, expand=True), *([trailing] if trailing else [])],
            spacing=theme.STEP,
        ),
    )
