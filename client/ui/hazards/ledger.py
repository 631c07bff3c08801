"""台账: a school year's hazards as a table with its figures, to filter and to export."""

from dataclasses import replace
from datetime import date, datetime
from typing import cast

import flet as ft

from client.actions.errors import ActionFailed
from client.state.app import HazardsState
from client.state.views import AreaView, HazardFilter, HazardLine, Shown
from client.ui import theme
from client.ui.context import sentence, use_app, use_client, use_loading
from client.ui.guarded import guarded, use_start, use_task
from client.ui.hazards.detail import hazard_detail
from client.ui.hazards.figures import bars, figure_tiles
from client.ui.hazards.look import badges_of, category_word, grade_word, state_word, title_of
from client.ui.hazards.rows import hazard_row
from client.ui.kit.buttons import icon_button, primary, secondary
from client.ui.kit.dialogs import say
from client.ui.kit.empty import empty
from client.ui.kit.fields import use_field
from client.ui.kit.lists import PAGE_ROWS, paged_list, pager
from client.ui.kit.search import Choice, choice_chips, search_field
from client.ui.kit.select import select
from client.ui.kit.text import heading, words
from client.ui.layout import Layout, use_layout
from client.ui.theme import Type
from client.words import t, when
from ledger.rules.hazards.bodies import Category, HazardGrade
from ledger.rules.hazards.figures import school_year_of
from ledger.rules.hazards.states import HazardState

LISTS = (Shown.ALL, Shown.OPEN, Shown.OVERDUE, Shown.DONE)
NUMBER_DP, TIME_DP, PERSON_DP, CATEGORY_DP, STATE_DP = 104, 132, 88, 120, 240
DETAIL_DP = 480
SELECT_DP = 168
_PADDING = ft.Padding.symmetric(horizontal=theme.STEP_2, vertical=theme.CORNER)


@guarded
def ledger_screen() -> ft.Control:
    client, app, layout, loading = use_client(), use_app(), use_layout(), use_loading()
    hazards, _ = ft.use_state(client.state.hazards)
    desk, _ = ft.use_state(client.state.desk)
    start, page = use_start(), ft.context.page
    field = use_field(hazards.wanted.search)
    current = school_year_of((app.now or datetime.now()).date())
    year = hazards.wanted.school_year or current

    async def begin() -> None:
        await show(HazardFilter(shown=Shown.ALL, school_year=current))
        await loading.show_hazard_figures(current)

    async def show(wanted: HazardFilter, number: int = 0) -> None:
        await loading.show_hazards(wanted, number)

    async def go_to_year(which: int) -> None:
        await show(replace(hazards.wanted, school_year=which))
        await loading.show_hazard_figures(which)

    async def open_(id: str) -> None:
        if layout.is_phone:
            page.navigate(f"/hazards/{id}")
        else:
            await loading.open_hazard(id)

    async def close() -> None:
        await loading.open_hazard("")

    use_task(begin)
    narrow = layout.is_phone or hazards.opened is not None
    figures = hazards.figures
    header = ft.Column(
        [
            _year_bar(year, current, lambda which: start(go_to_year, which), export_buttons(year)),
            *(
                [
                    figure_tiles(figures, lambda wanted: start(show, wanted)),
                    bars(figures, lambda wanted: start(show, wanted)),
                ]
                if figures is not None
                else []
            ),
            _filters(hazards.wanted, desk.areas, field, lambda wanted: start(show, wanted)),
            *([] if narrow or not (hazards.page and hazards.page.lines) else [_head()]),
        ],
        spacing=theme.STEP,
        tight=True,
    )
    listing = ft.Column(
        [
            ft.Container(
                paged_list(
                    hazards.page.lines if hazards.page else None,
                    hazard_row if narrow else ledger_row,
                    lambda line: line.id,
                    lambda line: start(open_, line.id),
                    empty(
                        ft.Icons.MENU_BOOK,
                        t("hazards.ledger_empty"),
                        t("hazards.ledger_empty_body"),
                    ),
                    chosen=hazards.opened.line.id if hazards.opened else None,
                    header=ft.Container(header, padding=theme.STEP_2),
                ),
                expand=True,
            ),
            *_foot(hazards, lambda number: start(show, hazards.wanted, number)),
        ],
        spacing=0,
        expand=True,
    )
    if layout.is_phone or hazards.opened is None:
        return listing
    return ft.Row(
        [
            listing,
            ft.VerticalDivider(width=1),
            ft.Container(
                hazard_detail(hazards.opened, lambda: start(close)),
                width=DETAIL_DP if layout is Layout.WIDE else 420,
                bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            ),
        ],
        expand=True,
        spacing=0,
        vertical_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@guarded
def export_buttons(year: int) -> ft.Control:
    """Made on this device, from what it knows: works without a network."""
    client, page = use_client(), ft.context.page
    busy, set_busy = ft.use_state("")
    picker = ft.use_ref(cast(ft.FilePicker | None, None))

    async def save(ending: str) -> None:
        set_busy(ending)
        try:
            sheet = await client.actions.hazard_ledger(year, ending)
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


def _year_bar(year: int, current: int, go, buttons: ft.Control) -> ft.Control:
    return ft.Row(
        [
            ft.Row(
                [
                    icon_button(
                        ft.Icons.CHEVRON_LEFT, t("hazards.year_before"), lambda: go(year - 1)
                    ),
                    heading(t("hazards.school_year", year=year, next=year + 1), Type.TITLE),
                    icon_button(
                        ft.Icons.CHEVRON_RIGHT,
                        t("hazards.year_after"),
                        (lambda: go(year + 1)) if year < current else None,
                    ),
                ],
                tight=True,
                spacing=theme.HALF,
            ),
            buttons,
        ],
        wrap=True,
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        run_spacing=theme.STEP,
    )


def _filters(wanted: HazardFilter, areas: tuple[AreaView, ...], field, on_change) -> ft.Control:
    return ft.Column(
        [
            choice_chips(
                tuple(Choice(one.value, t(f"hazards.list_{one.value}")) for one in LISTS),
                wanted.shown.value,
                lambda name: on_change(replace(wanted, shown=Shown(name), state=None)),
            ),
            ft.Row(
                [
                    select(
                        t("hazards.category"),
                        wanted.category.value if wanted.category else "",
                        [(one.value, category_word(one)) for one in Category],
                        lambda id: on_change(
                            replace(wanted, category=Category(id) if id else None)
                        ),
                        SELECT_DP,
                    ),
                    select(
                        t("hazards.grade"),
                        wanted.grade.value if wanted.grade else "",
                        [(one.value, grade_word(one)) for one in HazardGrade],
                        lambda id: on_change(
                            replace(wanted, grade=HazardGrade(id) if id else None)
                        ),
                        SELECT_DP,
                    ),
                    select(
                        t("hazards.state"),
                        wanted.state.value if wanted.state else "",
                        [(one.value, state_word(one)) for one in HazardState],
                        lambda id: on_change(
                            replace(wanted, state=HazardState(id) if id else None)
                        ),
                        SELECT_DP,
                    ),
                    select(
                        t("desk.area"),
                        wanted.area,
                        [(area.id, area.name) for area in areas],
                        lambda id: on_change(replace(wanted, area=id)),
                        SELECT_DP,
                    ),
                    ft.Container(
                        search_field(
                            lambda text: on_change(replace(wanted, search=text)),
                            t("hazards.search"),
                            field,
                        ),
                        width=280,
                    ),
                ],
                wrap=True,
                spacing=theme.STEP,
                run_spacing=theme.STEP,
            ),
        ],
        tight=True,
        spacing=theme.STEP,
    )


def _head() -> ft.Control:
    def name(said: str, width: int | None = None, expand: int | None = None) -> ft.Control:
        return ft.Container(
            words(said, Type.SMALL, muted=True, lines=1), width=width, expand=expand
        )

    return ft.Container(
        ft.Row(
            [
                name(t("hazards.number"), NUMBER_DP),
                name(t("hazards.found_at"), TIME_DP),
                name(t("hazards.place"), expand=3),
                name(t("hazards.content"), expand=5),
                name(t("hazards.category"), CATEGORY_DP),
                name(t("hazards.responsible"), PERSON_DP),
                name(t("hazards.deadline"), PERSON_DP),
                name(t("hazards.state"), STATE_DP),
            ],
            spacing=theme.STEP,
        ),
        padding=ft.Padding.symmetric(vertical=theme.STEP),
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
    )


@guarded
def ledger_row(line: HazardLine, on_press, chosen: bool) -> ft.Control:
    def cell(said: str, width: int | None = None, expand: int | None = None) -> ft.Control:
        text = words(said, Type.SMALL, lines=1)
        text.width, text.expand = width, expand
        return text

    return ft.Container(
        ft.Row(
            [
                cell(line.number or t("hazards.no_number_yet"), NUMBER_DP),
                cell(when(line.reported_at), TIME_DP),
                cell(line.place, expand=3),
                cell(title_of(line), expand=5),
                cell(category_word(line.category), CATEGORY_DP),
                cell(line.responsible_name, PERSON_DP),
                cell(_day(line.deadline), PERSON_DP),
                ft.Container(
                    ft.Row(badges_of(line)[:2], spacing=theme.HALF, wrap=True), width=STATE_DP
                ),
            ],
            spacing=theme.STEP,
        ),
        padding=_PADDING,
        ink=True,
        bgcolor=ft.Colors.SECONDARY_CONTAINER if chosen else None,
        on_click=lambda: on_press(line),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _foot(hazards: HazardsState, go) -> list[ft.Control]:
    page = hazards.page
    if page is None or page.total <= PAGE_ROWS:
        return []
    return [pager(page.page, -(-page.total // PAGE_ROWS), page.total, go)]
