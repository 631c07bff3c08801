"""Taking pictures: the camera to the edges, a shutter for the thumb, and what was taken so far."""

from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.device.camera import CameraTrouble, has_live_camera
from client.device.camera_roll import CameraRoll
from client.device.flet_camera import FletCamera
from client.state.views import Picture
from client.ui import theme
from client.ui.context import sentence, use_client
from client.ui.guarded import guarded, use_start, use_task
from client.ui.kit.buttons import icon_button, primary, quiet, secondary
from client.ui.kit.dialogs import say
from client.ui.kit.empty import empty
from client.ui.kit.text import words
from client.words import n, t
from ledger.rules.hazards.bodies import PHOTOS_AT_MOST, PhotoOrigin, PhotoUse

SHUTTER_DP = 72


def shutter(on_press, *, enabled: bool = True, busy: bool = False) -> ft.Control:
    return ft.Semantics(
        label=t("hazards.shoot"),
        button=True,
        container=True,
        disabled=not enabled,
        content=ft.Container(
            width=SHUTTER_DP,
            height=SHUTTER_DP,
            border_radius=SHUTTER_DP / 2,
            bgcolor=ft.Colors.PRIMARY if enabled else ft.Colors.SURFACE_CONTAINER_HIGH,
            border=ft.Border.all(4, ft.Colors.OUTLINE_VARIANT),
            alignment=ft.Alignment.CENTER,
            ink=True,
            on_click=on_press if enabled else None,
            content=ft.ProgressRing(width=28, height=28, color=ft.Colors.ON_PRIMARY)
            if busy
            else ft.Icon(ft.Icons.PHOTO_CAMERA, size=32, color=ft.Colors.ON_PRIMARY),
        ),
    )


def _hint(said: str) -> ft.Control:
    hint = words(said, muted=True, align=ft.TextAlign.CENTER)
    return ft.Semantics(content=hint, live_region=True)


def _said_of(taken: int, hint: str) -> str:
    """The camera shows no sign of having taken one; the words do."""
    if taken >= PHOTOS_AT_MOST:
        return t("hazards.enough")
    return n("hazards.taken_so_far", taken) if taken else hint


@guarded
def shutter_bar(on_shoot, on_cancel) -> ft.Control:
    """Over a camera that is there already: one picture, then back."""
    busy, set_busy = ft.use_state(False)

    async def shoot() -> None:
        if busy:
            return
        set_busy(True)
        try:
            await on_shoot()
        finally:
            set_busy(False)

    bar = ft.Container(
        ft.Column(
            [
                _hint(t("hazards.shoot_before")),
                ft.Row(
                    [
                        ft.Container(
                            quiet(t("common.cancel"), lambda: on_cancel(), slim=True),
                            expand=True,
                            alignment=ft.Alignment.CENTER_LEFT,
                        ),
                        shutter(shoot, busy=busy),
                        ft.Container(expand=True),
                    ],
                ),
            ],
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=theme.STEP_2,
        bgcolor=ft.Colors.SURFACE,
    )
    return ft.Column([ft.Container(expand=True), bar], spacing=0, expand=True)


def use_camera_stage(
    use: PhotoUse | None, taken: int, hint: str, on_picture, on_done, done_label: str
) -> ft.Control | None:
    """A hook of the view itself, because a camera has to stand directly in it: inside a part of
    its own it falls out of the tree when the view is drawn anew.

    None while `use` is None. `on_picture(picture)` for every picture that is kept; `on_done()`
    leads on.
    """
    client, start, page = use_client(), use_start(), ft.context.page
    live = has_live_camera(page)
    kept = ft.use_ref(cast(tuple[PhotoUse, FletCamera] | None, None))
    roll, _ = ft.use_state(CameraRoll)
    trouble, set_trouble = ft.use_state(cast(CameraTrouble | None, None))
    busy, set_busy = ft.use_state(False)
    ready, set_ready = ft.use_state(False)
    tries, set_tries = ft.use_state(0)
    if use is not None and (kept.current is None or kept.current[0] is not use):
        kept.current = (use, FletCamera(stills=True))
    camera = kept.current[1] if kept.current is not None else FletCamera(stills=True)

    async def begin() -> None:
        set_ready(False)
        if live and use is not None:
            problem = await camera.start()
            set_trouble(lambda _: problem)
            set_ready(problem is None)

    async def end() -> None:
        before, kept.current = kept.current, None
        if before is not None:
            await before[1].stop()

    async def again() -> None:
        """With another camera: the one that failed is not drawn any more."""
        await end()
        set_trouble(lambda _: None)
        set_tries(lambda count: count + 1)

    async def lead_on() -> None:
        await end()
        on_done()

    async def keep(data: bytes, origin: PhotoOrigin) -> None:
        try:
            chosen = use or PhotoUse.OTHER
            picture: Picture = await client.actions.hazards.add_picture(data, chosen, origin)
        except ActionFailed as error:
            say(page, sentence(error))
            return
        await on_picture(picture)

    async def shoot() -> None:
        if busy:
            return
        set_busy(True)
        try:
            data = await camera.picture()
            if data is None:
                say(page, t("hazards.camera_failed"))
            else:
                await keep(data, PhotoOrigin.CAMERA)
        finally:
            set_busy(False)

    async def choose() -> None:
        try:
            data = await roll.choose()
        except OSError:
            say(page, t("photos.not_a_photo"))
            return
        if data is not None:
            await keep(data, PhotoOrigin.GALLERY)

    use_task(begin, [use, tries])
    ft.use_effect(lambda: None, [], cleanup=end)
    if use is None:
        return None
    full = taken >= PHOTOS_AT_MOST
    button = shutter(shoot, enabled=ready and not full, busy=busy)
    if live and trouble is None:
        view: ft.Control = camera.preview
    else:
        view = empty(
            ft.Icons.NO_PHOTOGRAPHY if trouble else ft.Icons.ADD_A_PHOTO,
            t(f"kit.camera_{trouble}_title") if trouble else t("hazards.choose_title"),
            t("hazards.choose_body"),
            ft.Row(
                [
                    primary(t("hazards.choose"), choose, ft.Icons.PHOTO_LIBRARY),
                    *(
                        [secondary(t("kit.camera_again"), again, ft.Icons.REFRESH)]
                        if live and trouble
                        else []
                    ),
                ],
                wrap=True,
                spacing=theme.STEP,
                run_spacing=theme.STEP,
                alignment=ft.MainAxisAlignment.CENTER,
            ),
        )
    bar = ft.Container(
        padding=theme.STEP_2,
        bgcolor=ft.Colors.SURFACE,
        content=ft.Column(
            [
                _hint(_said_of(taken, hint)),
                ft.Row(
                    [
                        ft.Container(
                            icon_button(
                                ft.Icons.PHOTO_LIBRARY_OUTLINED,
                                t("hazards.choose"),
                                None if full else lambda: start(choose),
                            ),
                            expand=True,
                            alignment=ft.Alignment.CENTER_LEFT,
                        ),
                        *([button] if live and trouble is None else []),
                        ft.Container(
                            quiet(done_label, lead_on, slim=True),
                            expand=True,
                            alignment=ft.Alignment.CENTER_RIGHT,
                        ),
                    ],
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                ),
            ],
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )
    return ft.Column([ft.Container(view, expand=True), bar], spacing=0, expand=True)
