"""Nights on paper and in a workbook: a month of a class or a room, and one night's summary.

Both carry the name of who made them, as every export that names pupils must.
"""

import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from client.reports.paper import FAMILY, GREEN, Paper
from client.words import month, n, t
from ledger.rules.dorms.statuses import Status

COUNTED = (Status.PRESENT, Status.LEAVE, Status.SICK, Status.LATE, Status.MISSING)
"""Their totals stand at the end of each line."""


@dataclass(frozen=True, slots=True)
class PupilLine:
    name: str
    class_id: str
    where: str
    nights: tuple[Status | None, ...]

    def count(self, status: Status) -> int:
        return sum(one is status for one in self.nights)


@dataclass(frozen=True, slots=True)
class MonthSheet:
    school: str
    exporter: str
    of: str
    """Which class, room or pupil."""
    first: date
    exported_at: datetime
    lines: tuple[PupilLine, ...]


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    name: str
    class_id: str
    where: str
    status: Status
    contested: bool
    note: str


@dataclass(frozen=True, slots=True)
class BuildingLine:
    name: str
    total: int
    unmarked: int
    counts: tuple[tuple[Status, int], ...]
    closed: str
    """When and by whom; empty while it is open."""
    exceptions: tuple[ExceptionLine, ...]


@dataclass(frozen=True, slots=True)
class NightSheet:
    school: str
    exporter: str
    night: date
    exported_at: datetime
    buildings: tuple[BuildingLine, ...]


def month_xlsx(sheet: MonthSheet) -> bytes:
    out = io.BytesIO()
    book = _book(out, month_title(sheet), sheet.exporter)
    page = book.add_worksheet(t("attendance.sheet_name"))
    cell = {"border": 1, "border_color": "#C8CFCC", "valign": "vcenter"}
    body, middle = book.add_format(cell), book.add_format({**cell, "align": "center"})
    head = book.add_format(
        {**cell, "bold": True, "bg_color": "#1B6B5C", "font_color": "#FFFFFF", "align": "center"}
    )
    page.write_string(0, 0, month_title(sheet), book.add_format({"bold": True, "font_size": 16}))
    page.write_string(1, 0, _exported(sheet.exporter, sheet.exported_at))
    columns = [t("attendance.name"), t("attendance.class"), t("attendance.where")]
    for column, word in enumerate(columns):
        page.write_string(2, column, word, head)
    days = _days(sheet)
    for column, day in enumerate(days, len(columns)):
        page.write_datetime(2, column, _midnight(day), book.add_format(_day_head(cell)))
    for column, status in enumerate(COUNTED, len(columns) + len(days)):
        page.write_string(2, column, t(f"attendance.status_{status.value}"), head)
    for row, line in enumerate(sheet.lines, 3):
        for column, word in enumerate((line.name, line.class_id, line.where)):
            page.write_string(row, column, word, body)
        for column, status in enumerate(line.nights, len(columns)):
            page.write_string(row, column, _sign(status), middle)
        for column, status in enumerate(COUNTED, len(columns) + len(days)):
            page.write_number(row, column, line.count(status), middle)
    page.set_column(0, 2, 12)
    page.set_column(3, 2 + len(days), 5)
    page.set_column(3 + len(days), 2 + len(days) + len(COUNTED), 9)
    page.autofilter(2, 0, 2 + max(1, len(sheet.lines)), 2 + len(days) + len(COUNTED))
    page.freeze_panes(3, 3)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(2)
    foot = _exported(sheet.exporter, sheet.exported_at).replace("&", "&&")
    page.set_footer(f"&L{foot}&R&P / &N")
    page.write_string(4 + len(sheet.lines), 0, legend())
    book.close()
    return out.getvalue()


def month_pdf(sheet: MonthSheet, font: Path) -> bytes:
    paper = Paper(font, _exported(sheet.exporter, sheet.exported_at), landscape=True)
    _title(paper, month_title(sheet))
    if not sheet.lines:
        paper.cell(0, 8, t("attendance.nothing"), align="C")
        return paper.bytes_of()
    days = _days(sheet)
    widths = (22, 20, 16, *(6.2 for _ in days), *(9 for _ in COUNTED))
    paper.set_font(FAMILY, size=7)
    head = FontFace(emphasis="BOLD", color=(255, 255, 255), fill_color=GREEN)
    with paper.table(
        col_widths=widths,
        headings_style=head,
        borders_layout=TableBordersLayout.ALL,
        line_height=4.4,
        padding=0.6,
        text_align="CENTER",
        repeat_headings=1,
    ) as table:
        row = table.row()
        for word in (t("attendance.name"), t("attendance.class"), t("attendance.where")):
            row.cell(word)
        for day in days:
            row.cell(str(day.day))
        for status in COUNTED:
            row.cell(_sign(status))
        for line in sheet.lines:
            row = table.row()
            for word in (line.name, line.class_id, line.where):
                row.cell(word)
            for status in line.nights:
                row.cell(_sign(status))
            for status in COUNTED:
                row.cell(str(line.count(status)))
    paper.ln(3)
    paper.set_font(FAMILY, size=8)
    paper.multi_cell(0, 5, legend())
    return paper.bytes_of()


def night_xlsx(sheet: NightSheet) -> bytes:
    out = io.BytesIO()
    book = _book(out, night_title(sheet), sheet.exporter)
    cell = {"border": 1, "border_color": "#C8CFCC", "valign": "vcenter"}
    body = book.add_format(cell)
    head = book.add_format({**cell, "bold": True, "bg_color": "#1B6B5C", "font_color": "#FFFFFF"})
    title = book.add_format({"bold": True, "font_size": 16})
    page = book.add_worksheet(t("attendance.summary"))
    page.write_string(0, 0, night_title(sheet), title)
    page.write_string(1, 0, _exported(sheet.exporter, sheet.exported_at))
    words = [t("attendance.building"), t("attendance.total"), t("attendance.unmarked")]
    words += [t(f"attendance.status_{one.value}") for one in Status]
    words.append(t("attendance.closed"))
    for column, word in enumerate(words):
        page.write_string(2, column, word, head)
    for row, one in enumerate(sheet.buildings, 3):
        counts = dict(one.counts)
        numbers = [one.total, one.unmarked, *(counts.get(status, 0) for status in Status)]
        page.write_string(row, 0, one.name, body)
        for column, number in enumerate(numbers, 1):
            page.write_number(row, column, number, body)
        page.write_string(row, len(numbers) + 1, one.closed or t("attendance.open"), body)
    page.set_column(0, 0, 16)
    page.set_column(len(words) - 1, len(words) - 1, 26)
    page.freeze_panes(3, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    odd = book.add_worksheet(t("attendance.exceptions"))
    columns = ("building", "where", "name", "class", "status", "note")
    for column, name in enumerate(columns):
        odd.write_string(0, column, t(f"attendance.{name}"), head)
    row = 1
    for building in sheet.buildings:
        for one in building.exceptions:
            told = (building.name, one.where, one.name, one.class_id, _said(one), one.note)
            for column, word in enumerate(told):
                odd.write_string(row, column, word, body)
            row += 1
    odd.set_column(0, len(columns) - 1, 16)
    odd.autofilter(0, 0, max(1, row - 1), len(columns) - 1)
    odd.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def night_pdf(sheet: NightSheet, font: Path) -> bytes:
    paper = Paper(font, _exported(sheet.exporter, sheet.exported_at))
    _title(paper, night_title(sheet))
    for building in sheet.buildings:
        paper.set_font(FAMILY, "B", 11)
        paper.cell(0, 8, building.name, new_x="LMARGIN", new_y="NEXT")
        paper.set_font(FAMILY, size=10)
        counts = [f"{t(f'attendance.status_{one.value}')} {many}" for one, many in building.counts]
        if building.unmarked:
            counts.append(f"{t('attendance.unmarked')} {building.unmarked}")
        told = [n("attendance.pupils", building.total), *counts]
        paper.multi_cell(0, 6, t("attendance.gap").join(told), new_x="LMARGIN", new_y="NEXT")
        paper.multi_cell(
            0, 6, building.closed or t("attendance.open"), new_x="LMARGIN", new_y="NEXT"
        )
        for one in building.exceptions:
            line = t("attendance.gap").join(
                part for part in (one.where, one.name, one.class_id, _said(one), one.note) if part
            )
            paper.multi_cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
        paper.ln(3)
    if not sheet.buildings:
        paper.cell(0, 8, t("attendance.nothing"), align="C")
    return paper.bytes_of()


def month_title(sheet: MonthSheet) -> str:
    return t(
        "attendance.month_title",
        school=sheet.school,
        of=sheet.of,
        year=sheet.first.year,
        month=month(sheet.first),
    )


def night_title(sheet: NightSheet) -> str:
    return t("attendance.night_title", school=sheet.school, night=sheet.night.isoformat())


def legend() -> str:
    """What each sign means."""
    return t("attendance.legend") + t("attendance.gap").join(
        f"{_sign(one)} {t(f'attendance.status_{one.value}')}" for one in Status
    )


def _sign(status: Status | None) -> str:
    return "" if status is None else t(f"attendance.sign_{status.value}")


def _said(one: ExceptionLine) -> str:
    word = t(f"attendance.status_{one.status.value}")
    return t("attendance.contested", status=word) if one.contested else word


def _exported(exporter: str, at: datetime) -> str:
    return t("attendance.exported", person=exporter, at=at.strftime("%Y-%m-%d %H:%M"))


def _days(sheet: MonthSheet) -> list[date]:
    many = len(sheet.lines[0].nights) if sheet.lines else 0
    return [sheet.first + timedelta(days=number) for number in range(many)]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _day_head(cell: dict[str, object]) -> dict[str, object]:
    return {
        **cell,
        "bold": True,
        "bg_color": "#1B6B5C",
        "font_color": "#FFFFFF",
        "align": "center",
        "num_format": "d",
    }


def _book(out: io.BytesIO, title: str, author: str) -> xlsxwriter.Workbook:
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": title, "author": author})
    return book


def _title(paper: Paper, text: str) -> None:
    paper.set_font(FAMILY, "B", 15)
    paper.multi_cell(0, 9, text, align="C", new_x="LMARGIN", new_y="NEXT")
    paper.set_font(FAMILY, size=10)
    paper.ln(2)
