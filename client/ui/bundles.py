"""Where there is no network at all: unsent records out as one file, others' files in."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.state.views import BundleView, ProgressView
from client.ui import theme
from client.ui.context import sentence, use_app, use_client
from client.ui.entrance.frame import notice
from client.ui.guarded import guarded, use_start, use_task
from client.ui.kit.buttons import Press, secondary
from client.ui.kit.dialogs import say
from client.ui.kit.rows import card
from client.ui.kit.text import words
from client.ui.sync_moving import moving_bar
from client.ui.theme import Type
from client.words import n, t

ENDING = "xunan"


@guarded
def bundle_card() -> ft.Control:
    client, app, page, start = use_client(), use_app(), ft.context.page, use_start()
    busy, set_busy = ft.use_state(False)
    carried, set_carried = ft.use_state(cast(tuple[BundleView, ...], ()))
    delivered, set_delivered = ft.use_state(cast(tuple[BundleView, ...], ()))
    seen = ft.use_ref(cast(tuple[BundleView, ...], ()))
    picker = ft.use_ref(cast(ft.FilePicker | None, None))
    sharing = ft.use_ref(cast(ft.Share | None, None))
    desk = client.actions.office

    async def look() -> None:
        found = await desk.carried_bundles() or ()
        gone = _gone(seen.current or (), found)
        seen.current = found
        set_carried(lambda _: found)
        if gone:
            set_delivered(lambda before: (*before, *gone))

    async def guard(work: Callable[[], Awaitable[None]]) -> None:
        set_busy(True)
        try:
            await work()
        except ActionFailed as error:
            say(page, sentence(error))
        finally:
            set_busy(False)
            # Of several files some may have been taken in before one was not.
            await look()

    async def stop() -> None:
        await desk.stop_bundle()

    async def pause() -> None:
        """A delivery is the sync's: paused with it, gone on with it."""
        await desk.pause_sync()

    async def export() -> None:
        name = (
            t("bundle.file_name", date=f"{app.now:%Y%m%d-%H%M}" if app.now else "") + f".{ENDING}"
        )
        phone = page.platform is not None and page.platform.is_mobile()
        if not page.web and not phone:
            # A service lives as long as somebody refers to it.
            picker.current = picker.current or ft.FilePicker()
            chosen = await picker.current.save_file(dialog_title=t("bundle.export"), file_name=name)
            if chosen:
                say(page, _written(await desk.export_bundle(Path(chosen), name)))
            return
        done = await desk.export_bundle(None, name)
        if page.web:
            picker.current = picker.current or ft.FilePicker()
            content = await asyncio.to_thread(Path(done.path).read_bytes)
            await picker.current.save_file(file_name=name, src_bytes=content)
        else:
            sharing.current = sharing.current or ft.Share()
            await sharing.current.share_files([ft.ShareFile.from_path(done.path, name=name)])
        say(page, _written(done))

    async def take_in() -> None:
        picker.current = picker.current or ft.FilePicker()
        files = await picker.current.pick_files(
            dialog_title=t("bundle.take_in"), with_data=bool(page.web)
        )
        for file in files:
            found = await desk.take_in_bundle(file.path or file.bytes or b"")
            said = t("bundle.known") if found.known else n("bundle.taken_in", found.entries)
            say(page, said)

    # What is carried is delivered by the sync.
    use_task(look, [app.sync])
    off = busy or app.read_only
    parts: list[ft.Control] = [
        words(t("bundle.title"), Type.SUBTITLE),
        words(t("bundle.lead"), Type.SMALL, muted=True),
        _moving(app.bundle, stop, t("common.cancel"), ft.Icons.CLOSE)
        if app.bundle
        else _ways(
            None if off else (lambda: start(guard, export)),
            None if off else (lambda: start(guard, take_in)),
        ),
    ]
    waiting = [one for one in carried if not one.refused]
    refused = [one for one in carried if one.refused]
    if waiting:
        parts.append(
            words(n("bundle.carrying", len(waiting), entries=_records(waiting)), Type.SMALL)
        )
    if app.delivery:
        parts.append(_moving(app.delivery, pause, t("sync.pause"), ft.Icons.PAUSE))
    if delivered:
        parts.append(
            notice(n("bundle.delivered", len(delivered), entries=_records(delivered)), theme.GREEN)
        )
    if refused:
        parts.append(notice(n("bundle.refused", len(refused), entries=_records(refused))))
    return card(ft.Column(parts, tight=True, spacing=theme.STEP))


def _gone(before: tuple[BundleView, ...], found: tuple[BundleView, ...]) -> tuple[BundleView, ...]:
    """What lies here no longer has been delivered; what was refused lies under another ending."""
    here = {Path(one.path).stem for one in found}
    return tuple(one for one in before if Path(one.path).stem not in here)


def _records(bundles: Sequence[BundleView]) -> int:
    return sum(one.entries for one in bundles)


def _ways(export: Press | None, take_in: Press | None) -> ft.Control:
    return ft.Row(
        [
            secondary(t("bundle.export"), export, ft.Icons.OUTBOX),
            secondary(t("bundle.take_in"), take_in, ft.Icons.MOVE_TO_INBOX),
        ],
        wrap=True,
        spacing=theme.STEP,
        run_spacing=theme.STEP,
    )


def _moving(progress: ProgressView, stop: Press, said: str, icon: ft.IconData) -> ft.Control:
    """How far it has come, wherever it was begun, and the way out."""
    return ft.Column(
        [
            moving_bar(progress),
            ft.Row(
                [secondary(said, stop, icon)],
                alignment=ft.MainAxisAlignment.END,
            ),
        ],
        tight=True,
        spacing=theme.STEP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _written(done: BundleView) -> str:
    return n("bundle.written", done.entries, photos=done.photos)
