"""Draws one label as an A6 sign: what the place is for people, the symbol for phones."""

from typing import Final, Literal, NamedTuple

from fpdf import FPDF
from fpdf.enums import Corner

from client.labels.fitting import fit
from client.labels.label import Label
from client.labels.symbol import BLOCK_MM, QUIET_MM, draw_symbol
from client.words import t
from ledger.codes import grouped
from ledger.rules.places import Risk

FONT: Final = "sign"
_MEASURED_PT: Final = 100.0

# The sign's frame within the A6 cell; printers and scissors need the margin.
MARGIN_MM: Final = 6.0
FRAME_WIDTH_MM: Final = 105 - 2 * MARGIN_MM
FRAME_HEIGHT_MM: Final = 148.5 - 2 * MARGIN_MM
PADDING_MM: Final = 5.0
RADIUS_MM: Final = 3.5
LINE_MM: Final = 0.7

# From the top of the frame, with the symbol's block between the name and the typed code.
BAND_MM: Final = 13.0
AREA_TOP_MM: Final = BAND_MM + 2.5
AREA_MM: Final = 6.0
NAME_TOP_MM: Final = AREA_TOP_MM + AREA_MM + 0.5
NAME_MM: Final = 17.0
BLOCK_TOP_MM: Final = NAME_TOP_MM + NAME_MM
TYPED_TOP_MM: Final = BLOCK_TOP_MM + BLOCK_MM
TYPED_MM: Final = 9.0
FOOT_MM: Final = 5.0
FOOT_TOP_MM: Final = FRAME_HEIGHT_MM - FOOT_MM - 1.0

_INK: Final = (28, 28, 28)
_QUIET_INK: Final = (95, 95, 95)
_PALE: Final = (240, 240, 240)
_WHITE: Final = (255, 255, 255)
Colour = tuple[int, int, int]
Align = Literal["L", "C", "R"]

# The band and the ink upon it, at least 4.5 : 1.
_BANDS: Final[dict[Risk, tuple[Colour, Colour]]] = {
    Risk.RED: ((198, 40, 40), _WHITE),
    Risk.ORANGE: ((239, 108, 0), _INK),
    Risk.YELLOW: ((255, 202, 40), _INK),
    Risk.BLUE: ((21, 101, 192), _WHITE),
}


def draw_sign(pdf: FPDF, label: Label, cell_x: float, cell_y: float) -> None:
    """Draw the label into the A6 cell whose corner is given, in millimetres."""
    x, y = cell_x + MARGIN_MM, cell_y + MARGIN_MM
    left, width = x + PADDING_MM, FRAME_WIDTH_MM - 2 * PADDING_MM
    _draw_frame(pdf, label, x, y)
    area = _Box(left, y + AREA_TOP_MM, width, AREA_MM)
    _write(pdf, label.area, area, 12.5, ink=_QUIET_INK)
    name = _Box(left, y + NAME_TOP_MM, width, NAME_MM)
    _write(pdf, label.name, name, 26, bold=True)
    block_x = x + (FRAME_WIDTH_MM - BLOCK_MM) / 2
    draw_symbol(pdf, label.code_text, block_x + QUIET_MM, y + BLOCK_TOP_MM + QUIET_MM)
    _draw_typed_code(pdf, label, left, y + TYPED_TOP_MM, width)
    foot = _Box(left, y + FOOT_TOP_MM, width, FOOT_MM)
    _write(pdf, t("labels.foot"), foot, 8, ink=_QUIET_INK, align="L")
    version = t("labels.version", version=label.version)
    _write(pdf, version, foot, 8, ink=_QUIET_INK, align="R")


class _Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float


def _draw_frame(pdf: FPDF, label: Label, x: float, y: float) -> None:
    """The coloured line around, and the band with the school and the risk in words."""
    band, ink = _BANDS[label.risk]
    pdf.set_draw_color(*band)
    pdf.set_fill_color(*band)
    pdf.set_line_width(LINE_MM)
    pdf.rect(x, y, FRAME_WIDTH_MM, FRAME_HEIGHT_MM, round_corners=True, corner_radius=RADIUS_MM)
    pdf.rect(
        x,
        y,
        FRAME_WIDTH_MM,
        BAND_MM,
        "F",
        # fpdf2 documents corners here and declares a bool.
        round_corners=(Corner.TOP_LEFT, Corner.TOP_RIGHT),  # pyright: ignore[reportArgumentType]
        corner_radius=RADIUS_MM,
    )
    badge = _Box(x + FRAME_WIDTH_MM - PADDING_MM - 27, y + 2.75, 27, BAND_MM - 5.5)
    pdf.set_fill_color(*_WHITE)
    pdf.rect(*badge, "F", round_corners=True, corner_radius=badge.height / 2)
    badge_ink = band if ink == _WHITE else ink
    _write(pdf, t(f"kit.risk_{label.risk}"), badge, 13, ink=badge_ink, bold=True)
    school = _Box(x + PADDING_MM, y + 1.5, FRAME_WIDTH_MM - 2 * PADDING_MM - 29, BAND_MM - 3)
    _write(pdf, label.school_name, school, 14, ink=ink, bold=True, align="L")


def _draw_typed_code(pdf: FPDF, label: Label, x: float, y: float, width: float) -> None:
    """For a camera that fails, so beside the words that say so."""
    pdf.set_fill_color(*_PALE)
    pdf.rect(x, y, width, TYPED_MM, "F", round_corners=True, corner_radius=2)
    text_x, text_width = x + 4, width - 8
    caption = _Box(text_x, y, text_width * 0.5, TYPED_MM)
    _write(pdf, t("labels.typed_caption"), caption, 10.5, align="L")
    digits = _Box(text_x + text_width * 0.5, y, text_width * 0.5, TYPED_MM)
    _write(pdf, grouped(label.typed), digits, 20, bold=True, align="R")


def _write(
    pdf: FPDF,
    text: str,
    box: _Box,
    largest_pt: float,
    *,
    ink: Colour = _INK,
    bold: bool = False,
    align: Align = "C",
) -> None:
    """Write all of the text into the box, in the middle of its height."""
    style = "B" if bold else ""
    pdf.set_font(FONT, style, size=_MEASURED_PT)

    def width_at_one_point(part: str) -> float:
        return pdf.get_string_width(part) / _MEASURED_PT

    fitted = fit(text, width_at_one_point, box.width, box.height, largest_pt)
    pdf.set_font(FONT, style, size=fitted.size_pt)
    pdf.set_text_color(*ink)
    pdf.c_margin = 0
    y = box.y + (box.height - fitted.height_mm) / 2
    for line in fitted.lines:
        pdf.set_xy(box.x, y)
        pdf.cell(box.width, fitted.line_mm, line, align=align)
        y += fitted.line_mm
