"""Choosing one of many: a menu that says in its field what is chosen."""

from collections.abc import Callable

import flet as ft

from client.ui import theme
from client.ui.kit.fields import field_label
from client.words import t

ALL = "all"
MENU_DP = 420


def select(
    label: str,
    chosen: str,
    options: list[tuple[str, str]],
    on_choose: Callable[[str], None],
    width: int | None = None,
    none: str = "",
) -> ft.Control:
    """`options` are ids and names; an empty id means all of them, or what `none` says. Without a
    width it takes what its row has."""

    def selected(e: ft.Event[ft.Dropdown]) -> None:
        value = e.control.value
        on_choose("" if value in (None, ALL) else value)

    menu = ft.Dropdown(
        # Another choice from outside is another control: this one keeps its own text.
        key=f"{label} {chosen}",
        label=field_label(label),
        value=chosen or ALL,
        options=[
            ft.DropdownOption(key=ALL, text=none or t("common.all")),
            *(ft.DropdownOption(key=id, text=name) for id, name in options),
        ],
        width=width,
        expand=None if width else True,
        menu_height=MENU_DP,
        color=ft.Colors.ON_SURFACE,
        content_padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.CORNER),
        border=ft.OutlineInputBorder(
            border_radius=theme.CORNER, side=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)
        ),
        on_select=selected,
    )
    # A menu's own button has no name for those who don't see its label.
    return ft.Semantics(content=menu, label=label, container=True, expand=None if width else True)
