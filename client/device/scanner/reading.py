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
        return self._best_text(grey_picture(image, FRAME_LONG_SIDE_PX))

    def read_still(self, image: bytes) -> str | None:
        picture = grey_picture(image, STILL_LONG_SIDE_PX)
        text = self._best_text(picture)
        if text is None:
            twice_px = 2 * max(picture.size)
            text = self._best_text(grey_picture(image, twice_px, enlarge=True))
        return text

    def _best_text(self, picture: Image.Image) -> str | None:
        symbols = [symbol for symbol in self._find_symbols(picture) if symbol.text]
        if not symbols:
            return None
        middle = (picture.width / 2, picture.height / 2)
        # A payment code beside our label must not win; of our own, the one aimed at does.
        return min(symbols, key=lambda it: (not _ours(it), math.dist((it.x, it.y), middle))).text


def _ours(symbol: Symbol) -> bool:
    return isinstance(parse_code(symbol.text), PointCode | EnrolmentCode)
