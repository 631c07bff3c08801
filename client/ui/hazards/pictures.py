"""The pictures of something being written down: look, draw on one, take another, throw away."""

from dataclasses import replace
from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.state.views import Picture
from client.ui import theme
from client.ui.context import sentence, use_client
from client.ui.guarded import guarded, keyed, use_task
from client.ui.kit.badges import badge
from client.ui.kit.buttons import icon_button, primary, secondary
from client.ui.kit.dialogs import say
from client.ui.kit.search import Choice, choice_chips
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import t
from ledger.rules.hazards.bodies import PhotoOrigin

TILE_DP = 152
"""Three buttons of 48 dp fit below it, and two tiles beside each other on a phone."""
BOARD_DP = 320
SHORTEST = 0.03
"""Of the picture's side: less is a tap, not a stroke."""


@guarded
def picture_strip(pictures: tuple[Picture, ...], on_change, on_more, label: str) -> ft.Control:
    """`on_change(pictures)` after drawing or throwing away; `on_more()` opens the camera."""
    page, client = ft.context.page, use_client()
    drawing, set_drawing = ft.use_state(cast(Picture | None, None))

    async def drop(picture: Picture) -> None:
        on_change(tuple(one for one in pictures if one.name != picture.name))
        try:
            await client.actions.hazards.drop_pictures([picture])
        except ActionFailed as error:
            say(page, sentence(error))

    async def retake(picture: Picture) -> None:
        await drop(picture)
        on_more()

    def drawn(changed: Picture) -> None:
        set_drawing(lambda _: None)
        on_change(tuple(changed if one.name == changed.name else one for one in pictures))

    if drawing is not None:
        return keyed(
            drawing.name, drawing_board, drawing, drawn, lambda: set_drawing(lambda _: None)
        )
    tiles: list[ft.Control] = [
        keyed(
            one.name,
            picture_tile,
            one,
            lambda which: set_drawing(lambda _: which),
            drop,
            retake,
        )
        for one in pictures
    ]
    tiles.append(
        ft.Semantics(
            label=label,
            button=True,
            container=True,
            exclude_semantics=True,
            content=ft.Container(
                width=TILE_DP,
                height=TILE_DP,
                border_radius=theme.CORNER,
                bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
                alignment=ft.Alignment.CENTER,
                ink=True,
                on_click=on_more,
                content=ft.Column(
                    [
                        ft.Icon(ft.Icons.ADD_A_PHOTO, size=28),
                        words(label, Type.SMALL, align=ft.TextAlign.CENTER),
                    ],
                    tight=True,
                    horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                ),
            ),
        )
    )
    return ft.Row(
        tiles,
        wrap=True,
        spacing=theme.STEP,
        run_spacing=theme.STEP,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


@guarded
def picture_tile(picture: Picture, on_draw, on_drop, on_retake) -> ft.Control:
    preview = use_preview(picture)

    async def drop() -> None:
        await on_drop(picture)

    async def retake() -> None:
        await on_retake(picture)

    lines: list[ft.Control] = [
        ft.Container(
            width=TILE_DP,
            height=TILE_DP,
            border_radius=theme.CORNER,
            bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
            clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
            content=ft.Image(src=preview, width=TILE_DP, height=TILE_DP, fit=ft.BoxFit.COVER)
            if preview
            else None,
        ),
        ft.Row(
            [
                icon_button(ft.Icons.DRAW, t("hazards.draw"), lambda: on_draw(picture)),
                icon_button(ft.Icons.REPLAY, t("hazards.retake"), retake),
                icon_button(ft.Icons.DELETE_OUTLINE, t("hazards.drop_picture"), drop),
            ],
            width=TILE_DP,
            alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
            spacing=0,
        ),
    ]
    if picture.origin is PhotoOrigin.GALLERY:
        lines.append(badge(ft.Icons.PHOTO_LIBRARY, t("hazards.from_gallery"), theme.YELLOW))
    return ft.Column(lines, tight=True, spacing=0)


def use_preview(picture: Picture) -> bytes | None:
    """A hook: the picture as it will look, once it is drawn."""
    client = use_client()
    page = ft.context.page
    data, set_data = ft.use_state(cast(bytes | None, None))

    async def load() -> None:
        try:
            found = await client.actions.hazards.preview(picture)
        except ActionFailed as error:
            say(page, sentence(error))
            return
        set_data(lambda _: found)

    use_task(load, [picture])
    return data


@guarded
def drawing_board(picture: Picture, on_done, on_cancel) -> ft.Control:
    """Draw an arrow or a circle with one finger; the last one can be taken back."""
    now, set_now = ft.use_state(picture)
    shape, set_shape = ft.use_state("circle")
    begun = ft.use_ref(cast(tuple[float, float] | None, None))
    reached = ft.use_ref(cast(tuple[float, float] | None, None))
    size = ft.use_ref((float(BOARD_DP), float(BOARD_DP)))
    preview = use_preview(now)

    def part(e: ft.DragStartEvent | ft.DragUpdateEvent) -> tuple[float, float]:
        width, height = size.current or (BOARD_DP, BOARD_DP)
        place = e.local_position
        return (min(1.0, max(0.0, place.x / width)), min(1.0, max(0.0, place.y / height)))

    def start(e: ft.DragStartEvent) -> None:
        begun.current = reached.current = part(e)

    def update(e: ft.DragUpdateEvent) -> None:
        reached.current = part(e)

    def end() -> None:
        first, last = begun.current, reached.current
        begun.current = None
        if first is None or last is None:
            return
        if max(abs(first[0] - last[0]), abs(first[1] - last[1])) < SHORTEST:
            return
        stroke = (shape, *first, *last)
        set_now(lambda one: replace(one, strokes=(*one.strokes, stroke)))

    def measured(e: ft.LayoutSizeChangeEvent) -> None:
        size.current = (e.width or BOARD_DP, e.height or BOARD_DP)

    board = ft.GestureDetector(
        ft.Container(
            ft.Image(src=preview, fit=ft.BoxFit.CONTAIN, on_size_change=measured)
            if preview
            else ft.ProgressRing(),
            alignment=ft.Alignment.CENTER,
        ),
        on_pan_start=start,
        on_pan_update=update,
        on_pan_end=lambda _: end(),
        drag_interval=16,
    )
    return ft.Column(
        [
            words(t("hazards.draw_hint"), muted=True),
            choice_chips(
                (
                    Choice("circle", t("hazards.circle")),
                    Choice("arrow", t("hazards.arrow")),
                ),
                shape,
                set_shape,
            ),
            board,
            ft.Row(
                [
                    secondary(
                        t("hazards.take_back_stroke"),
                        (lambda: set_now(lambda one: replace(one, strokes=one.strokes[:-1])))
                        if now.strokes
                        else None,
                        ft.Icons.UNDO,
                    ),
                    secondary(t("common.cancel"), lambda: on_cancel()),
                    primary(t("hazards.drawn"), lambda: on_done(now), ft.Icons.CHECK),
                ],
                wrap=True,
                spacing=theme.STEP,
                run_spacing=theme.STEP,
                alignment=ft.MainAxisAlignment.END,
            ),
        ],
        tight=True,
        spacing=theme.STEP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
