"""A panel over the screen it belongs to: for forms and pictures that need the app around them.

flet's own dialogs stand outside of the app's tree and know neither its actions nor its language.
"""

from collections.abc import Callable

import flet as ft

from client.ui import theme

SHADE = ft.Colors.with_opacity(0.5, ft.Colors.BLACK)


def over(
    base: ft.Control,
    panel: ft.Control | None,
    on_close: Callable[[], None],
    *,
    width: int | None = None,
    whole: bool = False,
) -> ft.Control:
    """`base` with the panel on it, or alone. `width` limits the panel; `whole` gives it all the
    room there is."""
    # What the panel covers can't be touched, so nobody should be read it either.
    layers: list[ft.Control] = [
        ft.Semantics(content=base, exclude_semantics=panel is not None, expand=True)
    ]
    if panel is not None:
        card = ft.Container(
            panel,
            bgcolor=ft.Colors.SURFACE,
            border_radius=None if whole else theme.CORNER_BIG,
            padding=theme.STEP if whole else theme.STEP_3,
            width=width,
            expand=whole or None,
            # A press on the panel itself is none on the shade behind it.
            on_click=lambda: None,
        )
        layers.append(
            ft.Container(
                card if whole else ft.Column([card], scroll=ft.ScrollMode.AUTO, tight=True),
                bgcolor=SHADE,
                alignment=ft.Alignment.CENTER,
                padding=0 if whole else theme.STEP_2,
                on_click=lambda: on_close(),
                expand=True,
            )
        )
    return ft.Stack(layers, expand=True, fit=ft.StackFit.EXPAND)
