"""Photos on screen: a small tile that loads by itself, and the whole one with zoom."""

import asyncio
from typing import cast

import flet as ft

from client.state.views import PhotoReach, PhotoView
from client.ui import theme
from client.ui.context import use_client
from client.ui.guarded import guarded, keyed, use_task
from client.ui.hazards.look import reach_badge
from client.ui.kit.badges import badge
from client.ui.kit.buttons import icon_button
from client.ui.kit.overlay import over
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import t, when
from ledger.rules.hazards.bodies import PhotoOrigin

TILE_DP = 104
LARGEST_SCALE = 8.0
PAUSES_S = (2, 3, 5, 10, 20, 40, 60, 120)
"""Between looks for a photo that has yet to arrive; then it waits for the next opening."""


def _of(photo: PhotoView) -> str:
    return t("hazards.photo_of", person=photo.by, time=when(photo.at))


@guarded
def thumbnail(hash: str, size: int = 56) -> ft.Control:
    """A photo as small as a list shows it; a quiet square until it is here."""
    client = use_client()
    data, set_data = ft.use_state(cast(bytes | None, None))

    async def load() -> None:
        for pause in (*PAUSES_S, 0) if hash else ():
            path = await client.actions.hazards.thumbnail(hash)
            if path is not None:
                picture = await asyncio.to_thread(path.read_bytes)
                set_data(picture)
                return
            await asyncio.sleep(pause)

    use_task(load, [hash])
    return ft.Container(
        width=size,
        height=size,
        border_radius=theme.STEP,
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        alignment=ft.Alignment.CENTER,
        content=ft.Image(src=data, width=size, height=size, fit=ft.BoxFit.COVER)
        if data
        else ft.Icon(ft.Icons.PHOTO_OUTLINED, size=24, color=ft.Colors.ON_SURFACE_VARIANT),
    )


@guarded
def photo_strip(photos: tuple[PhotoView, ...], on_open) -> ft.Control:
    """Tiles to tap, each with how far it has come."""
    return ft.Row(
        [keyed(photo.hash, photo_tile, photo, on_open) for photo in photos],
        wrap=True,
        spacing=theme.STEP,
        run_spacing=theme.STEP,
    )


@guarded
def photo_tile(photo: PhotoView, on_open) -> ft.Control:
    lines: list[ft.Control] = [
        ft.Semantics(
            label=_of(photo),
            button=True,
            container=True,
            content=ft.Container(
                thumbnail(photo.hash, TILE_DP),
                ink=True,
                border_radius=theme.STEP,
                on_click=lambda: on_open(photo),
            ),
        ),
        *marks(photo),
    ]
    return ft.Column(lines, tight=True, spacing=theme.HALF)


def marks(photo: PhotoView) -> list[ft.Control]:
    """How far it has come, when it is ours; and that it wasn't taken on the spot."""
    found = [] if photo.reach is PhotoReach.OF_OTHERS else [reach_badge(photo.reach)]
    if photo.origin is PhotoOrigin.GALLERY:
        found.append(badge(ft.Icons.PHOTO_LIBRARY, t("hazards.from_gallery"), theme.YELLOW))
    return found


@guarded
def whole_photo(hash: str) -> ft.Control:
    """The original, to pan and zoom; fetched when it isn't here."""
    client = use_client()
    data, set_data = ft.use_state(cast(bytes | None, None))
    small, set_small = ft.use_state(cast(bytes | None, None))
    missing, set_missing = ft.use_state(False)

    async def load() -> None:
        hazards = client.actions.hazards
        first = await hazards.thumbnail(hash)
        if first is not None:
            picture = await asyncio.to_thread(first.read_bytes)
            set_small(lambda _: picture)
        for pause in (*PAUSES_S, 0):
            path = await hazards.photo(hash)
            if path is not None:
                whole = await asyncio.to_thread(path.read_bytes)
                set_data(whole)
                return
            set_missing(True)
            await asyncio.sleep(pause)

    use_task(load, [hash])
    shown = data or small
    if shown is None:
        return ft.Container(
            ft.Column(
                [
                    ft.Icon(ft.Icons.PHOTO_OUTLINED, size=40, color=ft.Colors.ON_SURFACE_VARIANT),
                    words(
                        t("hazards.photo_not_here") if missing else t("common.loading"),
                        muted=True,
                        align=ft.TextAlign.CENTER,
                    ),
                ],
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            alignment=ft.Alignment.CENTER,
            expand=True,
        )
    picture: ft.Control = ft.InteractiveViewer(
        ft.Image(src=shown, fit=ft.BoxFit.CONTAIN, expand=True),
        min_scale=1.0,
        max_scale=LARGEST_SCALE,
        trackpad_scroll_causes_scale=True,
        expand=True,
    )
    if data is None and missing:
        picture = ft.Column(
            [picture, words(t("hazards.photo_only_small"), Type.SMALL, muted=True)], expand=True
        )
    return ft.Container(picture, expand=True, alignment=ft.Alignment.CENTER)


def photo_panel(photo: PhotoView, on_close) -> ft.Control:
    """The whole photo over everything else."""
    head = ft.Row(
        [
            words(_of(photo), strong=True, expand=True),
            icon_button(ft.Icons.CLOSE, t("common.close"), on_close),
        ]
    )
    return ft.Column([head, keyed(photo.hash, whole_photo, photo.hash)], expand=True)


@guarded
def side_by_side(
    before: tuple[PhotoView, ...],
    after: tuple[PhotoView, ...],
    on_open,
    height: int | None = 260,
) -> ft.Control:
    """Before and after, next to each other, each to zoom where it stands. Without a height they
    take what there is."""
    return ft.Row(
        [
            _half(t("hazards.before"), before, on_open, height),
            _half(t("hazards.after"), after, on_open, height),
        ],
        spacing=theme.STEP,
        expand=height is None,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH
        if height is None
        else ft.CrossAxisAlignment.START,
    )


@guarded
def photo_pane(before: tuple[PhotoView, ...], after: tuple[PhotoView, ...]) -> ft.Control:
    """The third pane of a wide desk: as large as it goes, one alone where there is but one sort."""
    shown, set_shown = ft.use_state(cast(PhotoView | None, None))

    def open_photo(photo: PhotoView) -> None:
        set_shown(lambda _: photo)

    def hide() -> None:
        set_shown(lambda _: None)

    if before and after:
        halves: ft.Control = side_by_side(before, after, open_photo, None)
    else:
        title = t("hazards.after") if after else t("hazards.before")
        halves = ft.Row(
            [_half(title, after or before, open_photo, None)],
            expand=True,
            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    whole = ft.Container(halves, padding=theme.STEP_2, expand=True)
    panel = photo_panel(shown, hide) if shown is not None else None
    return over(whole, panel, hide, whole=True)


@guarded
def _half(title: str, photos: tuple[PhotoView, ...], on_open, height: int | None) -> ft.Control:
    at, set_at = ft.use_state(0)
    shown = photos[-1 - at % len(photos)] if photos else None
    parts: list[ft.Control] = [
        ft.Row(
            [
                words(title, Type.SMALL, strong=True, expand=True),
                *(
                    [
                        icon_button(
                            ft.Icons.CHEVRON_LEFT,
                            t("hazards.photo_before"),
                            lambda: set_at(lambda one: one + 1),
                        ),
                        words(
                            f"{len(photos) - at % len(photos)}/{len(photos)}",
                            Type.SMALL,
                            muted=True,
                        ),
                        icon_button(
                            ft.Icons.CHEVRON_RIGHT,
                            t("hazards.photo_after"),
                            lambda: set_at(lambda one: one - 1),
                        ),
                    ]
                    if len(photos) > 1
                    else []
                ),
                *(
                    [
                        icon_button(
                            ft.Icons.ZOOM_OUT_MAP,
                            t("hazards.enlarge"),
                            lambda: on_open(shown),
                        )
                    ]
                    if shown
                    else []
                ),
            ],
            height=theme.TARGET_DP,
            spacing=0,
        )
    ]
    body: ft.Control = (
        keyed(shown.hash, whole_photo, shown.hash)
        if shown
        else words(t("hazards.no_photo_yet"), muted=True, align=ft.TextAlign.CENTER)
    )
    parts.append(
        ft.Container(
            body,
            height=height,
            expand=height is None,
            border_radius=theme.CORNER,
            bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
            clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
            alignment=ft.Alignment.CENTER,
        )
    )
    if shown:
        parts.append(ft.Row(marks(shown), spacing=theme.HALF, wrap=True))
    return ft.Column(
        parts,
        expand=True,
        spacing=theme.HALF,
        tight=height is not None,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
