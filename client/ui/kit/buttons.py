"""Buttons a thumb can hit: never lower than 48 dp, growing with the text."""

from collections.abc import Awaitable, Callable

import flet as ft

from client.ui import theme

Press = Callable[[], None] | Callable[[], Awaitable[None]]

# Around one line of 16 sp this makes 48 dp; a fixed height would cut off enlarged text.
_PADDING = ft.Padding.symmetric(horizontal=theme.STEP_3, vertical=14)
_SLIM_PADDING = ft.Padding.symmetric(horizontal=theme.STEP, vertical=14)
_BIG_PADDING = ft.Padding.symmetric(horizontal=theme.STEP_3, vertical=20)


def _style(big: bool, ink: str | None = None, fill: str | None = None) -> ft.ButtonStyle:
    style = ft.ButtonStyle(
        padding=_BIG_PADDING if big else _PADDING,
        shape=ft.RoundedRectangleBorder(radius=theme.CORNER_BIG if big else theme.CORNER),
        visual_density=ft.VisualDensity.STANDARD,
        elevation=0,
    )
    if ink:
        style.color = {
            ft.ControlState.DISABLED: ft.Colors.ON_SURFACE_VARIANT,
            ft.ControlState.DEFAULT: ink,
        }
        style.icon_color = style.color
    if fill:
        style.bgcolor = {
            ft.ControlState.DISABLED: ft.Colors.SURFACE_CONTAINER_HIGHEST,
            ft.ControlState.DEFAULT: fill,
        }
    return style


def _sign(icon: ft.IconData | None) -> ft.Icon | None:
    """Grows with the text of the system; with that of the app the theme lets it grow."""
    return ft.Icon(icon, apply_text_scaling=True) if icon else None


def primary(
    label: str,
    on_press: Press | None,
    icon: ft.IconData | None = None,
    *,
    big: bool = False,
    danger: bool = False,
    busy: bool = False,
    expand: bool | None = None,
) -> ft.Control:
    """The one thing to do here. `on_press=None` greys it out; `busy` shows that it's under way."""
    ink, fill = (
        (ft.Colors.ON_ERROR, ft.Colors.ERROR)
        if danger
        else (ft.Colors.ON_PRIMARY, ft.Colors.PRIMARY)
    )
    button = ft.FilledButton(
        label,
        icon=ft.ProgressRing(width=18, height=18, stroke_width=2) if busy else _sign(icon),
        style=_style(big, ink, fill),
        disabled=busy or on_press is None,
        on_click=on_press,
        expand=None if busy else expand,
    )
    if not busy:
        return button
    # The turning ring would split the button's name from its role.
    return ft.Semantics(
        content=button,
        label=label,
        button=True,
        container=True,
        exclude_semantics=True,
        expand=expand,
    )


def secondary(
    label: str,
    on_press: Press | None,
    icon: ft.IconData | None = None,
    *,
    big: bool = False,
    danger: bool = False,
    expand: bool | None = None,
) -> ft.Control:
    return ft.OutlinedButton(
        label,
        icon=_sign(icon),
        style=_style(big, ft.Colors.ERROR if danger else ft.Colors.PRIMARY),
        disabled=on_press is None,
        on_click=on_press,
        expand=expand,
    )


def quiet(
    label: str,
    on_press: Press | None,
    icon: ft.IconData | None = None,
    *,
    danger: bool = False,
    slim: bool = False,
) -> ft.Control:
    """`slim` where there is little room beside it: enlarged words need it more than their edges."""
    style = _style(False, ft.Colors.ERROR if danger else ft.Colors.PRIMARY)
    if slim:
        style.padding = _SLIM_PADDING
    return ft.TextButton(
        label,
        icon=_sign(icon),
        style=style,
        disabled=on_press is None,
        on_click=on_press,
    )


def icon_button(
    icon: ft.IconData,
    label: str,
    on_press: Press | None,
    *,
    color: str | None = None,
    bgcolor: str | None = None,
) -> ft.Control:
    """The label is spoken by screen readers (a tooltip alone would leave the button nameless)."""
    return ft.IconButton(
        icon=ft.Icon(icon, semantics_label=label, color=color, size=24),
        tooltip=ft.Tooltip(label, exclude_from_semantics=True),
        bgcolor=bgcolor,
        size_constraints=ft.BoxConstraints(min_width=theme.TARGET_DP, min_height=theme.TARGET_DP),
        disabled=on_press is None,
        on_click=on_press,
    )
