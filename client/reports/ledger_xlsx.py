"""The ledger as an Excel workbook: real dates, filters, a frozen header, photos in their cells."""

import io
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from client.reports.lines import LedgerSheet, Thumbnail
from client.words import t

COLUMNS: tuple[tuple[str, int], ...] = (
    ("number", 12),
    ("source", 10),
    ("found_at", 16),
    ("place", 22),
    ("content", 34),
    ("category", 10),
    ("grade", 7),
    ("basis", 26),
    ("measure", 30),
    ("unit", 12),
    ("responsible", 10),
    ("deadline", 12),
    ("funds", 10),
    ("protection", 22),
    ("state", 10),
    ("done_at", 16),
    ("accepted_by", 10),
    ("closed_at", 16),
    ("before", 14),
    ("after", 14),
)
"""Name (`reports.column_…`) and width in characters. 照片 is two columns: before and after."""
HEAD_ROW = 2
PHOTO_ROW_PT = 62
PHOTO_PX = 80
A4, LANDSCAPE_SCALE_PAGES = 9, (1, 0)


def ledger_xlsx(sheet: LedgerSheet, thumbnail: Thumbnail) -> bytes:
    """The workbook's bytes."""
    out = io.BytesIO()
    # Text stays text: what begins with "=" was written by a person, not meant to be computed.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, {**options, "remove_timezone": True})
    book.set_properties({"title": _title(sheet), "author": sheet.exporter})
    columns = columns_of(sheet)
    page = book.add_worksheet(t("reports.sheet_name"))
    plain = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C8CFCC"}
    body = book.add_format(plain)
    day = book.add_format({**plain, "num_format": "yyyy-mm-dd"})
    moment = book.add_format({**plain, "num_format": "yyyy-mm-dd hh:mm"})
    money = book.add_format({**plain, "num_format": "#,##0.00"})
    head = book.add_format(
        {**plain, "bold": True, "bg_color": "#1B6B5C", "font_color": "#FFFFFF", "valign": "vcenter"}
    )
    title = book.add_format({"bold": True, "font_size": 16})
    small = book.add_format({"font_color": "#555555"})

    page.write_string(0, 0, _title(sheet), title)
    page.write_string(1, 0, exported_line(sheet), small)
    for column, (name, width) in enumerate(columns):
        page.set_column(column, column, width)
        page.write_string(HEAD_ROW, column, t(f"reports.column_{name}"), head)
    page.set_row(HEAD_ROW, 24)
    for number, line in enumerate(sheet.lines, HEAD_ROW + 1):
        for column, (name, _) in enumerate(columns):
            value = getattr(line, name)
            if isinstance(value, tuple):
                if value:
                    page.set_row(number, PHOTO_ROW_PT)
                _photo(page, number, column, value, thumbnail, body)
            else:
                _write(page, number, column, value, body, day, moment, money)
    last = HEAD_ROW + max(1, len(sheet.lines))
    page.autofilter(HEAD_ROW, 0, last, len(columns) - 1)
    page.freeze_panes(HEAD_ROW + 1, 1)
    page.repeat_rows(HEAD_ROW)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(*LANDSCAPE_SCALE_PAGES)
    page.set_footer(f"&L{exported_line(sheet).replace('&', '&&')}&R&P / &N")
    book.close()
    return out.getvalue()


def columns_of(sheet: LedgerSheet) -> tuple[tuple[str, int], ...]:
    """Those that were asked for, in the ledger's order."""
    wanted = set(sheet.columns)
    if "photos" in wanted:
        wanted |= {"before", "after"}
    return tuple(one for one in COLUMNS if not wanted or one[0] in wanted)


def _title(sheet: LedgerSheet) -> str:
    return t("reports.ledger_title", school=sheet.school, year=sheet.year, next=sheet.year + 1)


def exported_line(sheet: LedgerSheet) -> str:
    """Who made it and when: exports carry the name of their maker. And of what it is a part."""
    said = t(
        "reports.exported",
        person=sheet.exporter,
        at=sheet.exported_at.strftime("%Y-%m-%d %H:%M"),
        count=len(sheet.lines),
    )
    return t("reports.of_part", said=said, part=sheet.filtered) if sheet.filtered else said


def _write(
    page: Worksheet,
    row: int,
    column: int,
    value: object,
    body: Format,
    day: Format,
    moment: Format,
    money: Format,
) -> None:
    if isinstance(value, datetime):
        page.write_datetime(row, column, value.replace(tzinfo=None), moment)
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), day)
    elif isinstance(value, float):
        if value:
            page.write_number(row, column, value, money)
        else:
            page.write_blank(row, column, None, money)
    elif isinstance(value, str):
        page.write_string(row, column, value, body)
    else:
        page.write_blank(row, column, None, body)


def _photo(
    page: Worksheet,
    row: int,
    column: int,
    hashes: tuple[str, ...],
    thumbnail: Thumbnail,
    body: Format,
) -> None:
    """The first one there is; how many more stands beside it."""
    page.write_blank(row, column, None, body)
    found = next((data for data in map(thumbnail, hashes) if data), None)
    if found is None:
        if hashes:
            page.write_string(row, column, t("reports.photos_elsewhere", count=len(hashes)), body)
        return
    page.insert_image(
        row,
        column,
        f"{hashes[0][:8]}.jpg",
        {
            "image_data": io.BytesIO(found),
            "x_scale": PHOTO_PX / 320,
            "y_scale": PHOTO_PX / 320,
            "x_offset": 2,
            "y_offset": 2,
            "object_position": 1,
            "description": t("reports.photo_count", count=len(hashes)),
        },
    )
