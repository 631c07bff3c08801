"""A leave as a row: who, from when to when, how it stands; and, where somebody decides, with the
two buttons that do."""

import flet as ft

from client.state.views import LeaveLine
from client.ui import theme
from client.ui.guarded import guarded
from client.ui.kit.buttons import primary, secondary
from client.ui.kit.text import words
from client.ui.leave.look import badges, place_of, times_of, title_of
from client.ui.theme import Type
from client.words import t


@guarded
def leave_row(line: LeaveLine, on_press, chosen: bool) -> ft.Control:
    return ft.Semantics(
        selected=chosen or None,
        content=ft.Container(
            bgcolor=ft.Colors.SECONDARY_CONTAINER if chosen else None,
            ink=True,
            on_click=lambda: on_press(line),
            padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.CORNER),
            content=_about(line),
        ),
    )


@guarded
def deciding_row(line: LeaveLine, on_press, on_approve, on_decline) -> ft.Control:
    """For the inbox: read and decided without leaving the list."""
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.STEP),
        content=ft.Column(
            [
                ft.Container(_about(line), ink=True, on_click=lambda: on_press(line)),
                ft.Row(
                    [
                        primary(t("leave.approve"), lambda: on_approve(line), ft.Icons.CHECK),
                        secondary(
                            t("leave.decline"),
                            lambda: on_decline(line),
                            ft.Icons.CLOSE,
                            danger=True,
                        ),
                    ],
                    wrap=True,
                    spacing=theme.STEP,
                    run_spacing=theme.STEP,
                ),
            ],
            spacing=theme.STEP,
            tight=True,
        ),
    )


def _about(line: LeaveLine) -> ft.Control:
    return ft.Column(
        [
            ft.Row(
                [words(title_of(line), Type.SUBTITLE, strong=True, lines=1, expand=True)],
            ),
            words(place_of(line), Type.SMALL, muted=True, lines=2),
            words(times_of(line), lines=2),
            ft.Row(badges(line), wrap=True, spacing=theme.HALF, run_spacing=theme.HALF),
        ],
        spacing=theme.HALF,
        tight=True,
    )
