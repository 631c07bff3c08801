"""Signing in, once, with the network on: by enrolment code or by user name and password."""

import asyncio
from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.device.camera import CameraTrouble, has_live_camera
from client.device.flet_camera import FletCamera
from client.device.scanner import UnreadableImage
from client.ui import theme
from client.ui.context import sentence, use_app, use_client
from client.ui.entrance.frame import entrance_view, entry_box, notice, secret_box
from client.ui.guarded import guarded, use_start, use_task
from client.ui.kit.buttons import primary, quiet, secondary
from client.ui.kit.fields import use_field
from client.ui.kit.scaffolds import sub_view
from client.ui.kit.viewfinder import camera_trouble, viewfinder
from client.words import n, t
from ledger.codes import EnrolmentCode, clean_enrolment_code, parse_code


@guarded
def sign_in_view() -> ft.View:
    app, client = use_app(), use_client()
    scanning, set_scanning = ft.use_state(False)
    by_password, set_by_password = ft.use_state(False)
    server, code = use_field(), use_field()
    username, password = use_field(), use_field()
    trouble, set_trouble = ft.use_state(cast(str, ""))
    busy, set_busy = ft.use_state(False)
    start = use_start()

    async def attempt(signing) -> None:
        set_busy(True)
        set_trouble("")
        try:
            await signing
        except ActionFailed as error:
            set_trouble(sentence(error))
        finally:
            set_busy(False)

    async def with_code() -> None:
        whole = parse_code(code.value)
        if isinstance(whole, EnrolmentCode):
            await attempt(client.actions.office.sign_in_with_code(whole.server, whole.code))
            return
        cleaned = clean_enrolment_code(code.value)
        if cleaned is None:
            set_trouble(t("signin.code_mistyped"))
        elif not server.value.strip():
            set_trouble(t("signin.server_missing"))
        else:
            await attempt(client.actions.office.sign_in_with_code(server.value, cleaned))

    async def with_password() -> None:
        if not (server.value.strip() and username.value.strip() and password.value):
            set_trouble(t("signin.fields_missing"))
            return
        signing = client.actions.office.sign_in(server.value, username.value, password.value)
        await attempt(signing)

    async def scanned(text: str) -> None:
        set_scanning(False)
        found = parse_code(text)
        if isinstance(found, EnrolmentCode):
            # Not awaited: whoever calls is the camera's screen, which has just gone away, and
            # its task would take the signing in with it.
            start(attempt, client.actions.office.sign_in_with_code(found.server, found.code))
        else:
            set_trouble(t("signin.not_an_enrolment_code"))

    if scanning:
        return enrolment_scan(scanned, lambda: set_scanning(False))

    parts: list[ft.Control] = []
    if app.notice_word:
        parts.append(notice(t(app.notice_word)))
    if app.waiting_entries:
        left = n("signin.left_behind", app.waiting_entries, who=app.waiting_for)
        parts.append(notice(left, theme.BLUE))
    if trouble:
        parts.append(notice(trouble))
    address_box = entry_box(
        t("signin.server"), server, hint_text="https://", keyboard_type=ft.KeyboardType.URL
    )
    if by_password:
        parts += [
            address_box,
            entry_box(t("signin.username"), username),
            secret_box(t("signin.password"), password, with_password),
            primary(t("signin.sign_in"), with_password, ft.Icons.LOGIN, busy=busy),
            quiet(t("signin.use_code"), lambda: set_by_password(False)),
        ]
    else:
        if has_live_camera(ft.context.page):
            parts.append(
                primary(
                    t("signin.scan_code"),
                    lambda: set_scanning(True),
                    ft.Icons.QR_CODE_SCANNER,
                    big=True,
                )
            )
        parts += [
            address_box,
            entry_box(t("signin.code"), code, on_submit=with_code),
            secondary(t("signin.sign_in"), None if busy else with_code, ft.Icons.LOGIN),
            quiet(t("signin.use_password"), lambda: set_by_password(True)),
        ]
    return entrance_view(t("signin.title"), t("signin.lead"), parts)


@guarded
def enrolment_scan(on_text, on_close) -> ft.View:
    """The camera, waiting for the enrolment code."""
    client = use_client()
    camera, _ = ft.use_state(lambda: FletCamera(viewfinder(t("signin.aim"))))
    trouble, set_trouble = ft.use_state(cast(CameraTrouble | None, None))
    tries, set_tries = ft.use_state(0)

    async def look() -> None:
        problem = await camera.start()
        set_trouble(problem)
        if problem:
            return
        async for frame in camera:
            try:
                text = await asyncio.to_thread(client.actions.reader.read, frame)
            except UnreadableImage:
                continue
            if text:
                await camera.stop()
                await on_text(text)
                return
        set_trouble(camera.trouble)

    use_task(look, [tries])
    ft.use_effect(lambda: None, [], cleanup=camera.stop)
    body = (
        camera_trouble(trouble, on_close, lambda: set_tries(lambda count: count + 1))
        if trouble
        else camera.preview
    )
    view = sub_view("/", t("signin.scan_code"), body)
    view.controls.append(quiet(t("common.cancel"), on_close))
    return view
