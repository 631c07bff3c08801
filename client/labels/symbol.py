"""Draws a point's QR symbol as vector squares, so that no printer has to scale a picture."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

import qrcode
from fpdf import FPDF
from qrcode.constants import ERROR_CORRECT_Q

SYMBOL_MODULES: Final = 21  # version 1
QUIET_MODULES: Final = 4
MODULE_MM: Final = 2.8
QUIET_MM: Final = QUIET_MODULES * MODULE_MM
SYMBOL_MM: Final = SYMBOL_MODULES * MODULE_MM
BLOCK_MM: Final = SYMBOL_MM + 2 * QUIET_MM


def symbol_rows(text: str) -> list[list[bool]]:
    """The dark modules, without the quiet zone; a text too long for version 1 is refused."""
    code = qrcode.QRCode(version=1, error_correction=ERROR_CORRECT_Q, border=0)
    code.add_data(text, optimize=0)  # one alphanumeric piece: several need more room
    code.make(fit=False)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


def draw_symbol(pdf: FPDF, text: str, x: float, y: float) -> None:
    """Draw the symbol in black; x, y is the corner of its dark part."""
    rows = symbol_rows(text)
    pdf.set_fill_color(0)
    for row, modules in enumerate(rows):
        for start, length in _dark_runs(modules):
            left, top = x + start * MODULE_MM, y + row * MODULE_MM
            pdf.rect(left, top, length * MODULE_MM, MODULE_MM, "F")
    # Once more in columns: rows that merely touch show hairlines between them on a screen.
    for column, modules in enumerate(zip(*rows, strict=True)):
        for start, length in _dark_runs(modules):
            left, top = x + column * MODULE_MM, y + start * MODULE_MM
            if length > 1:
                pdf.rect(left, top, MODULE_MM, length * MODULE_MM, "F")


def _dark_runs(modules: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where each run of dark modules starts, and how long it is."""
    column = 0
    for dark, run in groupby(modules):
        length = len(list(run))
        if dark:
            yield column, length
        column += length
