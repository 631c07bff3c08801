"""Fits text into a box by wrapping, then by shrinking: a name on a wall is never cut."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

MM_A_POINT: Final = 25.4 / 72
LINE_HEIGHT: Final = 1.25  # of the font's size
_SHRINK: Final = 0.96
# A line that need not be broken is worth this much of its size: Chinese breaks inside words.
_WORTH_ONE_LINE: Final = 0.68


@dataclass(frozen=True, slots=True)
class Fitted:
    size_pt: float
    lines: tuple[str, ...]

    @property
    def line_mm(self) -> float:
        return self.size_pt * MM_A_POINT * LINE_HEIGHT

    @property
    def height_mm(self) -> float:
        return self.line_mm * len(self.lines)


def fit(
    text: str,
    width_of: Callable[[str], float],
    width_mm: float,
    height_mm: float,
    largest_pt: float,
) -> Fitted:
    """The largest size at which all of the text fits; `width_of` measures it at one point."""
    text = " ".join(text.split())
    one_line_pt = min(
        largest_pt,
        width_mm / (width_of(text) or 1),
        height_mm / (MM_A_POINT * LINE_HEIGHT),
    )
    if one_line_pt >= largest_pt * _WORTH_ONE_LINE:
        return Fitted(one_line_pt, (text,))
    size_pt = largest_pt
    while True:
        lines = _wrap(text, width_of, width_mm / size_pt)
        fitted = Fitted(size_pt, tuple(lines))
        if fitted.height_mm <= height_mm:
            return _balanced(fitted, text, width_of, width_mm)
        size_pt *= _SHRINK


def _balanced(
    fitted: Fitted, text: str, width_of: Callable[[str], float], width_mm: float
) -> Fitted:
    """As many lines, about equally long: no single character alone on the last one."""
    best = fitted
    for percent in range(95, 40, -5):
        lines = _wrap(text, width_of, width_mm / fitted.size_pt * percent / 100)
        if len(lines) > len(fitted.lines):
            break
        best = Fitted(fitted.size_pt, tuple(lines))
    return best


def _wrap(text: str, width_of: Callable[[str], float], width: float) -> list[str]:
    lines = [""]
    for unit in _units(text):
        pieces = [unit] if width_of(unit.strip()) <= width else list(unit)
        for piece in pieces:
            if lines[-1] and width_of((lines[-1] + piece).rstrip()) > width:
                lines.append("")
            lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def _units(text: str) -> Iterator[str]:
    """What stays together: a word of Latin letters; a bracket or a comma with its neighbour."""
    unit = ""
    for character in text:
        if unit and not _glued(unit[-1], character):
            yield unit
            unit = ""
        unit += character
    if unit:
        yield unit


def _glued(before: str, after: str) -> bool:
    if before == " ":
        return False
    if after == " " or (before.isascii() and after.isascii()):
        return True
    opens = unicodedata.category(before) in ("Ps", "Pi")
    closes = unicodedata.category(after) in ("Pe", "Pf", "Po")
    return opens or closes
