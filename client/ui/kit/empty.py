"""What stands where a list will be: the drawn empty state, and the skeleton while it loads."""

import flet as ft

from client.ui import theme
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import t


def empty(icon: ft.IconData, title: str, body: str, action: ft.Control | None = None) -> ft.Control:
    """Says what will appear here, and what to do until then."""
    return ft.Container(
        alignment=ft.Alignment.CENTER,
        padding=theme.STEP_3,
        content=ft.Column(
            tight=True,
            spacing=theme.STEP,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            controls=[
                _drawing(icon),
                words(title, Type.SUBTITLE, align=ft.TextAlign.CENTER),
                words(body, muted=True, align=ft.TextAlign.CENTER),
                *(
                    [ft.Container(action, padding=ft.Padding.only(top=theme.STEP))]
                    if action
                    else []
                ),
            ],
        ),
    )


def _drawing(icon: ft.IconData) -> ft.Control:
    """Two sheets of paper before a soft disc, with the icon as their seal."""
    return ft.Semantics(
        exclude_semantics=True,
        content=ft.Stack(
            width=168,
            height=136,
            controls=[
                ft.Container(
                    width=128,
                    height=128,
                    left=20,
                    top=4,
                    border_radius=64,
                    bgcolor=ft.Colors.SURFACE_CONTAINER,
                ),
                _sheet(
                    left=58, top=18, turn=0.14, lines=(), color=ft.Colors.SURFACE_CONTAINER_HIGHEST
                ),
                _sheet(
                    left=40, top=22, turn=-0.06, lines=(48, 36, 42), color=ft.Colors.SURFACE_BRIGHT
                ),
                ft.Container(
                    left=96,
                    top=76,
                    width=52,
                    height=52,
                    border_radius=26,
                    bgcolor=ft.Colors.PRIMARY_CONTAINER,
                    border=ft.Border.all(3, ft.Colors.SURFACE),
                    alignment=ft.Alignment.CENTER,
                    content=ft.Icon(icon, size=26, color=ft.Colors.ON_PRIMARY_CONTAINER),
                ),
            ],
        ),
    )


def _sheet(left: int, top: int, turn: float, lines: tuple[int, ...], color: str) -> ft.Control:
    return ft.Container(
        left=left,
        top=top,
        width=72,
        height=88,
        rotate=turn,
        border_radius=theme.STEP,
        bgcolor=color,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        padding=theme.CORNER,
        content=ft.Column(
            [
                ft.Container(
                    width=width, height=5, border_radius=3, bgcolor=ft.Colors.OUTLINE_VARIANT
                )
                for width in lines
            ],
            spacing=theme.STEP,
        ),
    )


def skeleton_list(rows: int = 6) -> ft.Control:
    """The shape of the rows to come, so that nothing jumps when they arrive."""
    return ft.Semantics(
        label=t("common.loading"),
        container=True,
        exclude_semantics=True,
        content=ft.Shimmer(
            base_color=ft.Colors.SURFACE_CONTAINER_HIGH,
            highlight_color=ft.Colors.SURFACE_CONTAINER_LOW,
            content=ft.Column([_bone_row(index) for index in range(rows)], spacing=0),
        ),
    )


def _bone_row(index: int) -> ft.Control:
    def bone(width: int, height: int, radius: int = theme.HALF) -> ft.Control:
        return ft.Container(
            width=width,
            height=height,
            border_radius=radius,
            bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
        )

    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.CORNER),
        content=ft.Row(
            [
                bone(40, 40, 20),
                ft.Column([bone(160 - 24 * (index % 3), 16), bone(104, 12)], spacing=theme.STEP),
            ],
            spacing=theme.STEP_2,
        ),
    )
