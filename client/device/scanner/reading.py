"""Chooses among the codes a decoder found, and decides how often to look."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

from client.device.scanner.pictures import grey_picture
from ledger.codes import EnrolmentCode, PointCode, parse_code

FRAME_LONG_SIDE_PX: Final = 1920
STILL_LONG_SIDE_PX: Final = 1280
WHOLE_LONG_SIDE_PX: Final = 1280
"""Frames up to this size are looked at once, as they are."""
AIMED_AT: Final = 2 / 3
"""How much of a large frame, along each side, is looked at in full size."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code's text and the middle of where it was seen, in pixels."""

    text: str
    x: float
    y: float


Finder = Callable[[Image.Image], Sequence[Symbol]]


class PictureScanner:
    """A `Scanner` made of a decoder that finds every QR code in a grey picture."""

    def __init__(self, find_symbols: Finder) -> None:
        self._find_symbols = find_symbols

    def read(self, image: bytes) -> str | None:
        frame = grey_picture(image, FRAME_LONG_SIDE_PX)
        if max(frame.size) <= WHOLE_LONG_SIDE_PX:
            return self._best_text(frame)
        # At half the size a code near enough costs a fifth; one far away is looked for where the
        # camera points, at full size.
        near = self._best(frame.reduce(2))
        if near is not None and _ours(near):
            return near.text
        best = self._best(frame.crop(_middle_of(frame.size))) or near
        return None if best is None else best.text

    def read_still(self, image: bytes) -> str | None:
        picture = grey_picture(image, STILL_LONG_SIDE_PX)
        text = self._best_text(picture)
        if text is None:
            twice_px = 2 * max(picture.size)
            text = self._best_text(grey_picture(image, twice_px, enlarge=True))
        return text

    def _best_text(self, picture: Image.Image) -> str | None:
        best = self._best(picture)
        return None if best is None else best.text

    def _best(self, picture: Image.Image) -> Symbol | None:
        middle = (picture.width / 2, picture.height / 2)
        # A payment code beside our label must not win; of our own, the one aimed at does.
        return min(
            (symbol for symbol in self._find_symbols(picture) if symbol.text),
            key=lambda it: (not _ours(it), math.dist((it.x, it.y), middle)),
            default=None,
        )


def _middle_of(size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the middle of a picture."""
    (left, right), (top, bottom) = (
        (round(side * (1 - AIMED_AT) / 2), round(side * (1 + AIMED_AT) / 2)) for side in size
    )
    return left, top, right, bottom


def _ours(symbol: Symbol) -> bool:
    return isinstance(parse_code(symbol.text), PointCode | EnrolmentCode)
