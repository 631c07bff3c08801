"""The scan screen: the camera to the edges, and what was recognised on a sheet over it.

Camera, photograph and typed code all end in `recognised`; saving brings the camera back at once.
"""

import asyncio
from typing import cast

import flet as ft

from client.actions.check_in import CheckedIn
from client.actions.errors import ActionFailed
from client.actions.recognise import KnownPoint, Recognised, UnknownPoint
from client.device.camera import CameraTrouble, has_live_camera
from client.device.camera_roll import CameraRoll
from client.device.flet_camera import FletCamera
from client.device.scanner import UnreadableImage
from client.state.views import Picture, PointState
from client.ui.context import sentence, use_app, use_client
from client.ui.guarded import guarded, keyed, use_task
from client.ui.hazards.taking import shutter_bar
from client.ui.kit.dialogs import say, say_with_undo
from client.ui.kit.scaffolds import sub_view
from client.ui.kit.viewfinder import camera_trouble, viewfinder
from client.ui.scan.abnormal import hazards_in
from client.ui.scan.meaning import title_of
from client.ui.scan.other_ways import SCAN_BAR_DP, no_live_camera, scan_bar, type_code_form
from client.ui.scan.sheet import other_sheet, point_sheet
from client.ui.scan.still_there import StillThere
from client.ui.sync_centre import chip_of
from client.ui.today import current_round
from client.words import t
from ledger.rules.checkins import ItemResult, Method

SHEET_SHARE = 4
"""Of five parts of the height: the sheet's when a point is open."""


@guarded
def scan_view() -> ft.View:
    client, app = use_client(), use_app()
    patrol, _ = ft.use_state(client.state.patrol)
    page = ft.context.page
    live = has_live_camera(page)
    camera, _ = ft.use_state(lambda: FletCamera())
    found, set_found = ft.use_state(cast(Recognised | None, None))
    turn, set_turn = ft.use_state(0)
    typing, set_typing = ft.use_state(not live)
    trouble, set_trouble = ft.use_state("")
    no_camera, set_no_camera = ft.use_state(cast(CameraTrouble | None, None))
    lit, set_lit = ft.use_state(False)
    tries, set_tries = ft.use_state(0)
    haptics, _ = ft.use_state(lambda: ft.HapticFeedback())
    roll, _ = ft.use_state(CameraRoll)
    settled, _ = ft.use_state(lambda: StillThere())
    pictures, set_pictures = ft.use_state(cast(tuple[Picture, ...], ()))
    shooting, set_shooting = ft.use_state(False)

    async def recognised(text: str, method: Method) -> None:
        meaning = await client.actions.recognise(text, method)
        set_trouble("")
        set_pictures(())
        set_shooting(False)
        set_turn(lambda count: count + 1)
        set_found(lambda _: meaning)
        set_typing(False)
        await feel(haptics)

    async def look() -> None:
        if not live:
            return
        problem = await camera.start()
        set_no_camera(problem)
        if problem:
            return
        async for frame in camera:
            try:
                text = await asyncio.to_thread(client.actions.reader.read, frame)
            except UnreadableImage:
                continue
            # A picture may have been on its way when the person turned to something else.
            if not camera.looking:
                continue
            if not text:
                settled.missed()
            elif not settled.again(text):
                await camera.freeze()
                await recognised(text, Method.SCAN)
        set_no_camera(camera.trouble)

    async def back_to_camera() -> None:
        settled.dealt_with()
        set_found(lambda _: None)
        set_trouble("")
        if live and not no_camera:
            await camera.resume()

    async def type_instead() -> None:
        """The camera rests: a label in its sight must not take the form away."""
        set_typing(True)
        await camera.freeze()

    async def stop_typing() -> None:
        set_typing(False)
        await back_to_camera()

    async def save(items: tuple[ItemResult, ...], note: str) -> None:
        if not isinstance(found, KnownPoint | UnknownPoint):
            return
        hazards = hazards_in(found, items, note, pictures) if isinstance(found, KnownPoint) else ()
        try:
            done = await client.actions.check_in(found, items, note, hazards)
        except ActionFailed as error:
            set_trouble(sentence(error))
            return
        known = isinstance(found, KnownPoint)
        said = t("scan.saved", point=title_of(found)) if known else t("scan.saved_unknown")

        def take_back() -> None:
            page.run_task(undo, done)

        say_with_undo(page, said, take_back, above_dp=SCAN_BAR_DP)
        if live:
            await back_to_camera()
        else:
            set_found(lambda _: None)
            set_typing(True)

    async def undo(done: CheckedIn) -> None:
        try:
            await client.actions.withdraw(done)
        except ActionFailed as error:
            say(page, sentence(error))
        else:
            say(page, t("scan.taken_back"))

    async def show_camera() -> None:
        set_shooting(True)
        await camera.resume_preview()

    async def shoot() -> None:
        data = await camera.picture()
        if data is None:
            say(page, t("hazards.camera_failed"))
            return
        try:
            picture = await client.actions.hazards.add_picture(data)
        except ActionFailed as error:
            say(page, sentence(error))
            return
        set_pictures(lambda some: (*some, picture))
        set_shooting(False)

    async def light() -> None:
        shining = await camera.torch(not lit)
        set_lit(not lit if shining else lit)
        if not shining:
            say(page, t("scan.no_torch"))

    async def from_photo() -> None:
        try:
            picked = await roll.choose()
            if picked is None:
                return
            text = await asyncio.to_thread(client.actions.reader.read_still, picked)
        except (UnreadableImage, OSError):
            say(page, t("scan.not_a_picture"))
            return
        if text is None:
            say(page, t("scan.no_code_in_picture"))
            return
        await camera.freeze()
        await recognised(text, Method.PHOTO)

    async def typed(text: str) -> None:
        await camera.freeze()
        await recognised(text, Method.TYPED)

    use_task(look, [tries])
    ft.use_effect(lambda: None, [], cleanup=camera.stop)

    route = ft.use_view_path()
    chip = chip_of(app, lambda: page.navigate("/sync"))
    if no_camera:
        background: ft.Control = camera_trouble(
            no_camera, type_instead, lambda: set_tries(lambda count: count + 1)
        )
    elif live:
        # A photograph needs no frame to aim a label into.
        frame = [] if shooting else [viewfinder(t("scan.aim"))]
        background = ft.Stack([camera.preview, *frame], fit=ft.StackFit.EXPAND)
    else:
        background = no_live_camera(type_instead, from_photo)
    below: list[ft.Control] = []
    if typing:
        below.append(type_code_form(typed, stop_typing, live))
    else:
        # It stays while a sheet covers it: the picture behind must not jump.
        below.append(
            scan_bar(
                _next_point(patrol.rounds, app.now),
                light if live and not no_camera else None,
                lit,
                from_photo,
                None if no_camera else type_instead,
            )
        )
    base = ft.Column([ft.Container(background, expand=True), *below], spacing=0, expand=True)
    # What the sheet covers can't be touched, so nobody should be read it either.
    layers: list[ft.Control] = [ft.Semantics(content=base, exclude_semantics=found is not None)]
    if found is not None:
        # The key makes every scan a fresh sheet: no answer of the last point is left on it.
        name = f"sheet {turn}"
        if isinstance(found, KnownPoint):
            drawn = keyed(
                name,
                point_sheet,
                found,
                trouble,
                save,
                back_to_camera,
                pictures,
                lambda kept: set_pictures(lambda _: kept),
                show_camera if live and not no_camera else None,
            )
        else:
            drawn = keyed(name, other_sheet, found, trouble, save, back_to_camera)
        share = SHEET_SHARE if isinstance(found, KnownPoint) else 1
        over = ft.Container(
            ft.Column(
                [ft.Container(expand=1), ft.Container(drawn, expand=share)], spacing=0, expand=True
            ),
            # Out of sight, not out of the tree: it keeps what was marked and written, and how far
            # it was scrolled.
            offset=ft.Offset(0, 1 if shooting else 0),
        )
        layers.append(over)
    if shooting:
        layers.append(shutter_bar(shoot, lambda: set_shooting(False)))
    body = ft.Stack(layers, expand=True, fit=ft.StackFit.EXPAND)
    return sub_view(route, t("scan.title"), body, chip)


async def feel(haptics: ft.HapticFeedback) -> None:
    """A short push in the hand; devices without a motor refuse."""
    try:
        await haptics.heavy_impact()
    except (RuntimeError, TimeoutError):
        return


def _next_point(rounds, now) -> str:
    """The point that comes next on the way, for the strip below the camera."""
    if not rounds or now is None:
        return ""
    current = current_round([one for one in rounds if one.mine], now)
    if current is None:
        return ""
    return next((one.name for one in current.points if one.state is PointState.OPEN), "")
