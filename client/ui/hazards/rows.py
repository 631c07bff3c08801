"""A hazard as a row: its photo, what and where, and how it stands."""

import flet as ft

from client.state.views import HazardLine
from client.ui import theme
from client.ui.guarded import guarded
from client.ui.hazards.look import badges_of, title_of
from client.ui.hazards.photos import thumbnail
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import t, when


@guarded
def hazard_row(line: HazardLine, on_press, chosen: bool) -> ft.Control:
    """Named as one thing for screen readers."""
    return ft.Semantics(
        # Alone in its card it would otherwise be one with the card, and no button.
        container=True,
        selected=chosen or None,
        content=ft.Container(
            bgcolor=ft.Colors.SECONDARY_CONTAINER if chosen else None,
            ink=True,
            on_click=lambda: on_press(line),
            padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.CORNER),
            content=ft.Row(
                [
                    thumbnail(line.photo, 64),
                    ft.Column(
                        [
                            words(title_of(line), lines=2, strong=True),
                            words(under(line), Type.SMALL, muted=True, lines=2),
                            ft.Row(
                                badges_of(line),
                                wrap=True,
                                spacing=theme.HALF,
                                run_spacing=theme.HALF,
                            ),
                        ],
                        spacing=theme.HALF,
                        tight=True,
                        expand=True,
                    ),
                ],
                spacing=theme.STEP_2,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
        ),
    )


def under(line: HazardLine) -> str:
    """Where, by whom and when; with the number once there is one."""
    parts = [
        line.number or t("hazards.no_number_yet"),
        line.place or t("hazards.somewhere"),
        line.reporter_name,
        when(line.reported_at),
    ]
    return " · ".join(part for part in parts if part)
