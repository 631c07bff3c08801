"""The button that writes the rectification notice 整改通知书 where the person wants it."""

from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.state.views import HazardLine
from client.ui.context import sentence, use_client
from client.ui.guarded import guarded
from client.ui.kit.buttons import secondary
from client.ui.kit.dialogs import say
from client.words import t


@guarded
def notice_button(line: HazardLine) -> ft.Control:
    client, page = use_client(), ft.context.page
    picker = ft.use_ref(cast(ft.FilePicker | None, None))

    async def save() -> None:
        try:
            notice = await client.actions.hazard_notice(line.id)
        except ActionFailed as error:
            say(page, sentence(error))
            return
        picker.current = picker.current or ft.FilePicker()
        saved = await picker.current.save_file(
            dialog_title=t("hazards.notice_button"),
            file_name=t("hazards.notice_file", number=line.number or line.id[-8:]),
            file_type=ft.FilePickerFileType.CUSTOM,
            allowed_extensions=["pdf"],
            src_bytes=notice,
        )
        if saved or page.web:
            say(page, t("hazards.notice_saved"))

    return secondary(t("hazards.notice_button"), save, ft.Icons.PICTURE_AS_PDF)
