"""The ledger 台账 as a table: columns to choose and to sort by, one line a hazard."""

from collections.abc import Callable
from datetime import date, datetime

import flet as ft

from client.state.views import HazardColumn, HazardLine
from client.ui import theme
from client.ui.guarded import guarded, keyed, use_latest
from client.ui.hazards.amounts import amount_text
from client.ui.hazards.look import badges_of, category_word, grade_word, source_word, title_of
from client.ui.kit.text import words
from client.ui.theme import Type
from client.words import number, t, when

WIDTHS: dict[HazardColumn, int] = {
    HazardColumn.NUMBER: 108,
    HazardColumn.SOURCE: 104,
    HazardColumn.FOUND_AT: 124,
    HazardColumn.PLACE: 176,
    HazardColumn.CONTENT: 264,
    HazardColumn.CATEGORY: 104,
    HazardColumn.GRADE: 72,
    HazardColumn.BASIS: 264,
    HazardColumn.MEASURE: 220,
    HazardColumn.UNIT: 120,
    HazardColumn.RESPONSIBLE: 96,
    HazardColumn.DEADLINE: 108,
    HazardColumn.FUNDS: 96,
    HazardColumn.PROTECTION: 200,
    HazardColumn.STATE: 232,
    HazardColumn.DONE_AT: 124,
    HazardColumn.ACCEPTED_BY: 88,
    HazardColumn.CLOSED_AT: 124,
    HazardColumn.PHOTOS: 72,
}
USUAL = (
    HazardColumn.NUMBER,
    HazardColumn.FOUND_AT,
    HazardColumn.PLACE,
    HazardColumn.CONTENT,
    HazardColumn.CATEGORY,
    HazardColumn.RESPONSIBLE,
    HazardColumn.DEADLINE,
    HazardColumn.STATE,
)
"""What fits a desk of 1440 dp."""
EDGE = theme.STEP_2


def column_word(column: HazardColumn) -> str:
    return t(f"reports.column_{column.value}")


def cell_text(line: HazardLine, column: HazardColumn) -> str:
    """What a cell says, also when it is copied."""
    match column:
        case HazardColumn.NUMBER:
            return line.number or t("hazards.no_number_yet")
        case HazardColumn.SOURCE:
            return source_word(line.source)
        case HazardColumn.FOUND_AT:
            return when(line.reported_at)
        case HazardColumn.CONTENT:
            return title_of(line)
        case HazardColumn.CATEGORY:
            return category_word(line.category)
        case HazardColumn.GRADE:
            return grade_word(line.grade)
        case HazardColumn.RESPONSIBLE:
            return line.responsible_name
        case HazardColumn.ACCEPTED_BY:
            return line.accepted_by_name
        case HazardColumn.FUNDS:
            return amount_text(line.funds)
        case HazardColumn.STATE:
            return t(f"hazards.state_{line.state.value}")
        case HazardColumn.PHOTOS:
            return number(line.photos) if line.photos else ""
        case _:
            value = getattr(line, column.value)
            if isinstance(value, datetime):
                return when(value)
            return value.isoformat() if isinstance(value, date) else str(value or "")


def as_text(lines: tuple[HazardLine, ...], columns: tuple[HazardColumn, ...]) -> str:
    """For the clipboard: a spreadsheet takes it as cells."""
    rows = [[column_word(one) for one in columns]]
    rows += [[cell_text(line, one) for one in columns] for line in lines]
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)


@guarded
def hazard_table(
    lines: tuple[HazardLine, ...],
    columns: tuple[HazardColumn, ...],
    order: HazardColumn | None,
    descending: bool,
    on_sort: Callable[[HazardColumn], None],
    on_press: Callable[[HazardLine], None],
    chosen: str = "",
) -> ft.Control:
    """Scrolls sideways where the columns need more room than there is."""
    press, sort = use_latest(on_press), use_latest(on_sort)
    width = sum(WIDTHS[one] + theme.STEP for one in columns) + 2 * EDGE
    table = ft.Column(
        [
            _head(columns, order, descending, sort),
            *(
                keyed(line.id, ft.memo(table_row), line, columns, press, line.id == chosen)
                for line in lines
            ),
        ],
        width=width,
        spacing=0,
        tight=True,
    )
    return ft.Row([table], scroll=ft.ScrollMode.AUTO)


def _head(
    columns: tuple[HazardColumn, ...],
    order: HazardColumn | None,
    descending: bool,
    on_sort: Callable[[HazardColumn], None],
) -> ft.Control:
    def cell(column: HazardColumn) -> ft.Control:
        here, name = column is order, column_word(column)
        arrow = ft.Icons.ARROW_DOWNWARD if descending else ft.Icons.ARROW_UPWARD
        said = t("hazards.sort_by", column=name)
        if here:
            said = t(f"hazards.sorted_{'down' if descending else 'up'}", column=name)
        return ft.Semantics(
            label=said,
            button=True,
            container=True,
            exclude_semantics=True,
            content=ft.Container(
                ft.Row(
                    [
                        words(
                            column_word(column), Type.SMALL, muted=not here, strong=here, lines=1
                        ),
                        *([ft.Icon(arrow, size=16, color=ft.Colors.PRIMARY)] if here else []),
                    ],
                    spacing=2,
                ),
                width=WIDTHS[column],
                height=theme.TARGET_DP,
                alignment=ft.Alignment.CENTER_LEFT,
                border_radius=theme.STEP,
                ink=True,
                on_click=lambda: on_sort(column),
            ),
        )

    return ft.Container(
        ft.Row([cell(one) for one in columns], spacing=theme.STEP),
        padding=ft.Padding.symmetric(horizontal=EDGE),
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
    )


@guarded
def table_row(
    line: HazardLine,
    columns: tuple[HazardColumn, ...],
    on_press: Callable[[HazardLine], None],
    chosen: bool,
) -> ft.Control:
    return ft.Semantics(
        selected=chosen or None,
        content=ft.Container(
            ft.Row([_cell(line, one) for one in columns], spacing=theme.STEP),
            padding=ft.Padding.symmetric(horizontal=EDGE, vertical=theme.CORNER),
            border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
            ink=True,
            bgcolor=ft.Colors.SECONDARY_CONTAINER if chosen else None,
            on_click=lambda: on_press(line),
        ),
    )


def _cell(line: HazardLine, column: HazardColumn) -> ft.Control:
    width = WIDTHS[column]
    if column is HazardColumn.STATE:
        # Major stands before the state and late after it: what does not fit is in the detail.
        shown = badges_of(line)[:2]
        return ft.Container(
            ft.Row(shown, spacing=theme.HALF, run_spacing=theme.HALF, wrap=True), width=width
        )
    # What stands in a catalogue may be longer in another language; names and figures are short.
    long = width > WIDTHS[HazardColumn.FOUND_AT] or column is HazardColumn.CATEGORY
    lines = 2 if long else 1
    text = words(cell_text(line, column), Type.SMALL, lines=lines)
    text.width = width
    return text
