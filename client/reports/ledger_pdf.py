"""The ledger on paper: A4 across, the header on every page, long texts wrapped."""

from datetime import date, datetime
from pathlib import Path

from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from client.reports.ledger_xlsx import exported_line
from client.reports.lines import LedgerLine, LedgerSheet
from client.reports.paper import FAMILY, GREEN, Paper
from client.words import t

WIDTHS: dict[str, int] = {
    "number": 20,
    "source": 17,
    "found_at": 21,
    "place": 28,
    "content": 48,
    "category": 17,
    "grade": 11,
    "basis": 38,
    "measure": 42,
    "unit": 20,
    "responsible": 17,
    "deadline": 21,
    "funds": 16,
    "protection": 30,
    "state": 17,
    "done_at": 21,
    "accepted_by": 16,
    "closed_at": 21,
}
"""Their parts of the page's width. Photos are in the workbook alone."""
LEFT_OUT = frozenset({"source", "basis", "unit", "funds", "protection", "done_at"})
"""Where nobody chose columns: what does not fit across a page."""


def ledger_pdf(sheet: LedgerSheet, font: Path) -> bytes:
    paper = Paper(font, exported_line(sheet), landscape=True)
    paper.set_font(FAMILY, "B", 15)
    title = t("reports.ledger_title", school=sheet.school, year=sheet.year, next=sheet.year + 1)
    paper.cell(0, 10, title, align="C", new_x="LMARGIN", new_y="NEXT")
    if sheet.filtered:
        paper.set_font(FAMILY, size=9)
        part = t("reports.part", part=sheet.filtered)
        paper.cell(0, 6, part, align="C", new_x="LMARGIN", new_y="NEXT")
    paper.set_font(FAMILY, size=8)
    if not sheet.lines:
        paper.ln(8)
        paper.cell(0, 8, t("reports.nothing"), align="C")
        return paper.bytes_of()
    chosen = set(sheet.columns) or set(WIDTHS) - LEFT_OUT
    columns = [name for name in WIDTHS if name in chosen] or ["content"]
    head = FontFace(emphasis="BOLD", color=(255, 255, 255), fill_color=GREEN)
    with paper.table(
        col_widths=tuple(WIDTHS[name] for name in columns),
        headings_style=head,
        borders_layout=TableBordersLayout.ALL,
        line_height=4.6,
        padding=1,
        text_align="LEFT",
        repeat_headings=1,
    ) as table:
        row = table.row()
        for name in columns:
            row.cell(t(f"reports.column_{name}"))
        for line in sheet.lines:
            row = table.row()
            for name in columns:
                row.cell(_text(line, name))
    return paper.bytes_of()


def _text(line: LedgerLine, name: str) -> str:
    value = getattr(line, name)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float):
        return f"{value:,.2f}" if value else ""
    return value.isoformat() if isinstance(value, date) else str(value or "")
