"""Printing labels: drawn on this device as a PDF, and saved where the person wants it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.ui.context import use_app, use_client
from client.ui.kit.dialogs import say
from client.ui.sentences import of_word
from client.words import t


@dataclass(frozen=True, slots=True)
class LabelPrinting:
    print_labels: Callable[[Sequence[str]], Awaitable[None]]
    """Of these points; of all when none is named."""
    busy: bool


def use_label_printing() -> LabelPrinting:
    """A hook: draws the sheet and asks where to save it."""
    client, app = use_client(), use_app()
    busy, set_busy = ft.use_state(False)
    picker = ft.use_ref(cast(ft.FilePicker | None, None))

    async def print_labels(points: Sequence[str]) -> None:
        page = ft.context.page
        set_busy(True)
        try:
            sheet = await client.actions.label_sheet(tuple(points))
            # A service lives as long as somebody refers to it.
            picker.current = picker.current or ft.FilePicker()
            saved = await picker.current.save_file(
                dialog_title=t("points.save_sheet"),
                file_name=t("points.sheet_name", school=app.school.name if app.school else ""),
                file_type=ft.FilePickerFileType.CUSTOM,
                allowed_extensions=["pdf"],
                src_bytes=sheet,
            )
        except ActionFailed as error:
            say(page, of_word(error.word, **error.values))
            return
        finally:
            set_busy(False)
        if saved or page.web:
            say(page, t("points.sheet_saved"))

    return LabelPrinting(print_labels, busy)
