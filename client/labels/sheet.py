"""Lays labels out on A4 pages, four A6 signs a page, with marks where to cut.

Why four and not more: a phone's 1080p camera with a horizontal view of 65° sees, at 1.5 m,
2 x 1.5 m x tan(32.5°) = 1.91 m across 1920 pixels, which is 1.005 pixels a millimetre. In simulated
frames (blur of 0.8 pixels, noise, JPEG) zxing-cpp read every code of 2.5 pixels a module, two of
three at 2.2 and two of five at 2.0. A module of 2.8 mm makes 2.8 pixels and leaves room for a
tilted label and a shaking hand. The version-1 symbol is then 21 x 2.8 = 58.8 mm wide, and 81.2 mm
with the four light modules the standard asks for on each side: more than the sixth of a page has
room for beside a name people can read. And A6 is a size that laminating pouches are sold in.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fpdf import FPDF

from client.labels.label import Label
from client.labels.sign import FONT, draw_sign
from client.words import language, t

COLUMNS: Final = 2
ROWS: Final = 2
LABELS_A_PAGE: Final = COLUMNS * ROWS
SIGN_WIDTH_MM: Final = 210 / COLUMNS
SIGN_HEIGHT_MM: Final = 297 / ROWS

_MARK_MM: Final = 5
_EDGE_MM: Final = 4  # what office printers leave white
_MARK_GREY: Final = 150


def draw_sheet(labels: Sequence[Label], font: Path, bold: Path | None = None) -> bytes:
    """The labels as a PDF, in their order; `font` and `bold` are TrueType or OpenType files."""
    if not labels:
        raise ValueError("a sheet needs at least one label")
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_title(t("labels.title", school=labels[0].school_name))
    pdf.set_creator("Xun'an")
    pdf.set_lang(language().replace("_", "-"))
    pdf.add_font(FONT, "", font)
    pdf.add_font(FONT, "B", bold or font)
    for start in range(0, len(labels), LABELS_A_PAGE):
        pdf.add_page()
        _draw_cut_marks(pdf)
        for place, label in enumerate(labels[start : start + LABELS_A_PAGE]):
            row, column = divmod(place, COLUMNS)
            with pdf.local_context():
                draw_sign(pdf, label, column * SIGN_WIDTH_MM, row * SIGN_HEIGHT_MM)
    return bytes(pdf.output())


def _draw_cut_marks(pdf: FPDF) -> None:
    """A cross in the middle of the page and a tick at each end of the two cuts."""
    pdf.set_draw_color(_MARK_GREY)
    pdf.set_line_width(0.2)
    x, y = SIGN_WIDTH_MM, SIGN_HEIGHT_MM
    for top in (_EDGE_MM, y - _MARK_MM / 2, pdf.h - _EDGE_MM - _MARK_MM):
        pdf.line(x, top, x, top + _MARK_MM)
    for left in (_EDGE_MM, x - _MARK_MM / 2, pdf.w - _EDGE_MM - _MARK_MM):
        pdf.line(left, y, left + _MARK_MM, y)
