"""The pair of buttons that writes a document where the person wants it, as workbook or on paper."""

from collections.abc import Awaitable, Callable
from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.ui import theme
from client.ui.context import sentence
from client.ui.guarded import guarded
from client.ui.kit.buttons import secondary
from client.ui.kit.dialogs import say
from client.words import t


@guarded
def save_buttons(make: Callable[[str], Awaitable[bytes]], file_name: str) -> ft.Control:
    """`make(ending)` draws it up as "xlsx" or "pdf"."""
    page = ft.context.page
    picker = ft.use_ref(cast(ft.FilePicker | None, None))
    busy, set_busy = ft.use_state("")

    async def save(ending: str) -> None:
        if busy:
            return
        set_busy(ending)
        try:
            document = await make(ending)
        except ActionFailed as error:
            say(page, sentence(error))
            return
        finally:
            set_busy("")
        picker.current = picker.current or ft.FilePicker()
        saved = await picker.current.save_file(
            dialog_title=t("attendance.save"),
            file_name=f"{file_name}.{ending}",
            file_type=ft.FilePickerFileType.CUSTOM,
            allowed_extensions=[ending],
            src_bytes=document,
        )
        if saved or page.web:
            say(page, t("attendance.saved"))

    async def workbook() -> None:
        await save("xlsx")

    async def paper() -> None:
        await save("pdf")

    return ft.Row(
        [
            secondary(t("attendance.excel"), workbook, ft.Icons.TABLE_VIEW),
            secondary(t("attendance.pdf"), paper, ft.Icons.PICTURE_AS_PDF),
            *([ft.ProgressRing(width=24, height=24, stroke_width=3)] if busy else []),
        ],
        wrap=True,
        spacing=theme.STEP,
        run_spacing=theme.STEP,
    )
