"""Says that something went wrong: what happened, what is safe, what to do, in that order."""

from collections.abc import Callable

import flet as ft

from client.ui import theme
from client.words import t


def failure_card(on_retry: Callable[[], None]) -> ft.Control:
    """Stands where a part of a screen could not be drawn.

    Uses bare controls only: it must be drawable when something of ours is broken.
    """
    lines = ft.Column(
        tight=True,
        spacing=theme.STEP,
        expand=True,
        controls=[
            ft.Text(t("kit.failed_happened"), theme_style=theme.Type.SUBTITLE.value),
            ft.Text(t("kit.failed_safe")),
            ft.Text(t("kit.failed_todo")),
            ft.OutlinedButton(
                t("kit.failed_again"),
                icon=ft.Icons.REFRESH,
                style=ft.ButtonStyle(padding=theme.STEP_2),
                on_click=lambda: on_retry(),
            ),
        ],
    )
    card = ft.Container(
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
        border_radius=theme.CORNER_BIG,
        padding=theme.STEP_2,
        margin=theme.STEP_2,
        content=ft.Row(
            [ft.Icon(ft.Icons.ERROR_OUTLINE, color=ft.Colors.ERROR), lines],
            spacing=theme.STEP_2,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    )
    # The column keeps the card as low as its words where the failed part filled the screen.
    return ft.Column([card], tight=True)


def failure_view(route: str, on_retry: Callable[[], None]) -> ft.View:
    """Stands where a whole screen could not be drawn; the way back stays open."""
    return ft.View(
        route=route,
        appbar=ft.AppBar(title=t("common.app_name")),
        controls=[failure_card(on_retry)],
        padding=theme.STEP_2,
    )


def tell_of_failure(page: ft.Page) -> None:
    """An action failed outside of any drawing: say so briefly and go on."""
    page.show_dialog(
        ft.SnackBar(
            ft.Text(t("kit.action_failed")),
            behavior=ft.SnackBarBehavior.FLOATING,
            show_close_icon=True,
            duration=ft.Duration(seconds=8),
        )
    )
