"""Turns the bytes of a picture into grey pixels of a wanted size, or says why it can't.

Everything Pillow may object to becomes `UnreadableImage` here, so that no caller has to know what a
damaged, hostile or merely strange file makes an image library do.
"""

import io
import struct
import zlib
from enum import StrEnum
from typing import Final

from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

# A 50-megapixel phone photograph is about 20 MB; both limits leave room and stop bombs.
MAX_IMAGE_BYTES: Final = 40_000_000
MAX_IMAGE_PIXELS: Final = 70_000_000
# Fewer parsers, fewer surprises: what cameras, galleries and screenshots produce. Imported here,
# because Pillow would otherwise import all it has while the first frame waits.
_PARSERS: Final = (JpegImageFile, PngImageFile, WebPImageFile, GifImageFile, BmpImageFile)
_FORMATS: Final = tuple(str(parser.format) for parser in _PARSERS)


class Unreadable(StrEnum):
    NOT_A_PICTURE = "not_a_picture"
    TOO_LARGE = "too_large"


_SENTENCES: Final = {
    Unreadable.NOT_A_PICTURE: "This is not a complete JPEG, PNG, WebP, GIF or BMP picture.",
    Unreadable.TOO_LARGE: "This picture is larger than 40 MB or 70 megapixels.",
}


class UnreadableImage(Exception):
    """The bytes are no picture this app opens; `reason` says why."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(_SENTENCES[reason])
        self.reason = reason


BROKEN_FILE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What a broken file leads Pillow's parsers to raise."""


def grey_picture(data: bytes, long_side_px: int, *, enlarge: bool = False) -> Image.Image:
    """The picture in grey, its long side at most `long_side_px`; exactly so with `enlarge`."""
    if len(data) > MAX_IMAGE_BYTES:
        raise UnreadableImage(Unreadable.TOO_LARGE)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > MAX_IMAGE_PIXELS:
                raise UnreadableImage(Unreadable.TOO_LARGE)
            wanted = _fitted(picture.size, long_side_px, enlarge)
            # A JPEG can be decoded straight to grey, and to a half, a quarter or an eighth.
            picture.draft("L", wanted)
            grey = _grey(picture)
    except UnreadableImage:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise UnreadableImage(Unreadable.TOO_LARGE) from error
    except BROKEN_FILE as error:
        raise UnreadableImage(Unreadable.NOT_A_PICTURE) from error
    return grey if grey.size == wanted else grey.resize(wanted, Image.Resampling.BICUBIC)


def _fitted(size: tuple[int, int], long_side_px: int, enlarge: bool) -> tuple[int, int]:
    long_side = max(size)
    if long_side <= long_side_px and not enlarge:
        return size
    width, height = (max(1, round(side * long_side_px / long_side)) for side in size)
    return width, height


def _grey(picture: Image.Image) -> Image.Image:
    if picture.has_transparency_data:
        # Screenshots may leave the paper transparent: it is white, not black.
        coloured = picture.convert("RGBA")
        paper = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(paper, coloured).convert("L")
    if picture.mode == "L":
        picture.load()
        return picture.copy() if picture.format != "JPEG" else picture
    return picture.convert("L")
