"""What can be done with the ledger's table: choose columns, copy, export exactly what is shown."""

from collections.abc import Callable
from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.state.views import HazardColumn, HazardFilter, HazardLine
from client.ui import theme
from client.ui.context import sentence, use_client
from client.ui.guarded import guarded
from client.ui.hazards.table import as_text, column_word
from client.ui.kit.buttons import primary, quiet, secondary
from client.ui.kit.dialogs import say
from client.ui.kit.search import Choice, filter_chips
from client.ui.kit.text import words
from client.words import n, t


@guarded
def table_tools(
    total: int,
    columns: tuple[HazardColumn, ...],
    on_columns: Callable[[tuple[HazardColumn, ...]], None],
    lines: tuple[HazardLine, ...],
) -> ft.Control:
    """How many there are, which columns are shown, and the page as text for a spreadsheet."""
    choosing, set_choosing = ft.use_state(False)
    page = ft.context.page

    def changed(names: frozenset[str]) -> None:
        kept = tuple(one for one in HazardColumn if one.value in names)
        on_columns(kept)

    async def copy() -> None:
        await ft.Clipboard().set(as_text(lines, columns))
        say(page, n("hazards.copied", len(lines)))

    bar = ft.Row(
        [
            words(n("hazards.found_many", total), strong=True, expand=True),
            quiet(t("hazards.columns"), lambda: set_choosing(not choosing), ft.Icons.VIEW_COLUMN),
            quiet(t("hazards.copy_table"), copy, ft.Icons.CONTENT_COPY),
        ],
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    if not choosing:
        return bar
    chips = filter_chips(
        tuple(Choice(one.value, column_word(one)) for one in HazardColumn),
        frozenset(one.value for one in columns),
        changed,
    )
    again = quiet(t("hazards.usual_columns"), lambda: on_columns(()), ft.Icons.RESTART_ALT)
    return ft.Column([bar, chips, ft.Row([again])], tight=True, spacing=theme.STEP)


@guarded
def export_buttons(wanted: HazardFilter, columns: tuple[HazardColumn, ...]) -> ft.Control:
    """Exactly what is shown, all its pages, in its order; made on this device, from what it
    knows: works without a network. No columns named are all of them."""
    client, page = use_client(), ft.context.page
    year = wanted.school_year
    busy, set_busy = ft.use_state("")
    picker = ft.use_ref(cast(ft.FilePicker | None, None))

    async def save(ending: str) -> None:
        set_busy(ending)
        try:
            sheet = await client.actions.hazard_ledger(wanted, columns, ending)
            picker.current = picker.current or ft.FilePicker()
            saved = await picker.current.save_file(
                dialog_title=t("hazards.save_ledger"),
                file_name=t("hazards.ledger_file", year=year, next=year + 1, ending=ending),
                file_type=ft.FilePickerFileType.CUSTOM,
                allowed_extensions=[ending],
                src_bytes=sheet,
            )
        except ActionFailed as error:
            say(page, sentence(error))
            return
        finally:
            set_busy("")
        if saved or page.web:
            say(page, t("hazards.ledger_saved"))

    async def excel() -> None:
        await save("xlsx")

    async def pdf() -> None:
        await save("pdf")

    return ft.Row(
        [
            primary(t("hazards.export_excel"), excel, ft.Icons.TABLE_VIEW, busy=busy == "xlsx"),
            secondary(t("hazards.export_pdf"), None if busy else pdf, ft.Icons.PICTURE_AS_PDF),
        ],
        wrap=True,
        spacing=theme.STEP,
        run_spacing=theme.STEP,
    )
