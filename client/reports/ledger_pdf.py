"""The ledger on paper: A4 across, the header on every page, long texts wrapped."""

from datetime import date, datetime
from pathlib import Path

from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from client.reports.ledger_xlsx import exported_line
from client.reports.lines import LedgerLine, LedgerSheet
from client.reports.paper import FAMILY, GREEN, Paper
from client.words import t

COLUMNS: tuple[tuple[str, int], ...] = (
    ("number", 20),
    ("found_at", 21),
    ("place", 28),
    ("content", 48),
    ("category", 17),
    ("grade", 11),
    ("measure", 42),
    ("responsible", 17),
    ("deadline", 21),
    ("state", 17),
    ("accepted_by", 16),
    ("closed_at", 21),
)
"""What fits across a page; the workbook has them all."""


def ledger_pdf(sheet: LedgerSheet, font: Path) -> bytes:
    paper = Paper(font, exported_line(sheet), landscape=True)
    paper.set_font(FAMILY, "B", 15)
    title = t("reports.ledger_title", school=sheet.school, year=sheet.year, next=sheet.year + 1)
    paper.cell(0, 10, title, align="C", new_x="LMARGIN", new_y="NEXT")
    paper.set_font(FAMILY, size=8)
    if not sheet.lines:
        paper.ln(8)
        paper.cell(0, 8, t("reports.nothing"), align="C")
        return paper.bytes_of()
    head = FontFace(emphasis="BOLD", color=(255, 255, 255), fill_color=GREEN)
    with paper.table(
        col_widths=tuple(width for _, width in COLUMNS),
        headings_style=head,
        borders_layout=TableBordersLayout.ALL,
        line_height=4.6,
        padding=1,
        text_align="LEFT",
        repeat_headings=1,
    ) as table:
        row = table.row()
        for name, _ in COLUMNS:
            row.cell(t(f"reports.column_{name}"))
        for line in sheet.lines:
            row = table.row()
            for name, _ in COLUMNS:
                row.cell(_text(line, name))
    return paper.bytes_of()


def _text(line: LedgerLine, name: str) -> str:
    value = getattr(line, name)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d")
    return value.isoformat() if isinstance(value, date) else str(value or "")
