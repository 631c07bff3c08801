"""A4 paper with Chinese letters: what the PDF documents have in common."""

import io
from pathlib import Path

from fpdf import FPDF

FAMILY = "xunan"
INK, QUIET_INK, GREEN = (30, 36, 34), (110, 118, 114), (27, 107, 92)


class Paper(FPDF):
    """Counts its pages at the foot, beside a line of the document's own."""

    def __init__(self, font: Path, foot: str, *, landscape: bool = False) -> None:
        super().__init__(orientation="L" if landscape else "P", format="A4")
        self._foot = foot
        self.set_margins(14, 14)
        self.set_auto_page_break(True, 16)
        self.add_font(FAMILY, "", str(font))
        self.add_font(FAMILY, "B", str(font.with_name(font.name.replace("Regular", "Bold"))))
        self.set_font(FAMILY, size=10)
        self.set_text_color(*INK)
        self.add_page()

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(FAMILY, size=8)
        self.set_text_color(*QUIET_INK)
        self.cell(0, 6, self._foot, align="L")
        self.set_y(-12)
        self.cell(0, 6, f"{self.page_no()} / {{nb}}", align="R")
        self.set_text_color(*INK)

    def bytes_of(self) -> bytes:
        out = io.BytesIO()
        self.output(out)  # pyright: ignore[reportCallIssue, reportArgumentType]
        return out.getvalue()
