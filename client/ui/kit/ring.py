"""Progress of a round as a ring that can be read at a glance: 12 / 18."""

import flet as ft

from client.ui import theme
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import t

RING_DP = 168
STROKE_DP = 14
SMALL_DP = 88
SMALL_STROKE_DP = 8


def small_ring(done: int, total: int) -> ft.Control:
    """For a card among others; the figures stand inside, what they count beside it."""
    figures = t("kit.done_of_total", done=done, total=total)
    return ft.Semantics(
        label=figures,
        container=True,
        exclude_semantics=True,
        content=ft.Stack(
            width=SMALL_DP,
            height=SMALL_DP,
            alignment=ft.Alignment.CENTER,
            controls=[
                _turn(done, total, SMALL_DP, SMALL_STROKE_DP),
                ft.Container(
                    words(figures, Type.SMALL, strong=True, align=ft.TextAlign.CENTER),
                    width=SMALL_DP - 3 * SMALL_STROKE_DP,
                    alignment=ft.Alignment.CENTER,
                ),
            ],
        ),
    )


def _turn(done: int, total: int, size_dp: int, stroke_dp: int) -> ft.Control:
    return ft.ProgressRing(
        value=min(done / total, 1.0) if total else 0.0,
        width=size_dp,
        height=size_dp,
        stroke_width=stroke_dp,
        stroke_align=-1,
        stroke_cap=ft.StrokeCap.ROUND,
        color=ft.Colors.PRIMARY,
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
    )


def ring(done: int, total: int, caption: str) -> ft.Control:
    """`caption`, below the ring, says what is counted or how much time is left."""
    figures = t("kit.done_of_total", done=done, total=total)
    picture = ft.Stack(
        width=RING_DP,
        height=RING_DP,
        alignment=ft.Alignment.CENTER,
        controls=[
            _turn(done, total, RING_DP, STROKE_DP),
            # Enlarged to 200 % the figures take two lines and still fit.
            ft.Container(
                words(figures, Type.FIGURE, align=ft.TextAlign.CENTER),
                width=RING_DP - 2 * STROKE_DP - theme.STEP_2,
                alignment=ft.Alignment.CENTER,
            ),
        ],
    )
    return ft.Semantics(
        label=f"{figures} {caption}",
        container=True,
        exclude_semantics=True,
        content=ft.Column(
            [picture, words(caption, Type.SMALL, muted=True, align=ft.TextAlign.CENTER)],
            tight=True,
            spacing=theme.STEP,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
    )
