"""Developing a picture: upright, small, without metadata, with its watermark, and named.

A photo's name is the SHA-256 of its final bytes, so the entry that names it also proves it.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from client.photos.marking import Mark, Stroke, draw_mark, draw_strokes
from client.photos.reading import read_picture, source_hash

LONG_SIDE = 1600
THUMBNAIL_SIDE = 320
AT_MOST_BYTES = 450_000
QUALITIES = (80, 72, 64, 54, 44)
"""Tried in turn until the photo is small enough: grass and gravel need more bytes than walls."""


@dataclass(frozen=True, slots=True)
class Developed:
    hash: str
    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    source_hash: str


def develop(
    picture: bytes,
    mark: Mark | None,
    *,
    long_side: int = LONG_SIDE,
    at_most: int = AT_MOST_BYTES,
    drawing: Sequence[Stroke] = (),
) -> Developed:
    """Make a photo of a picture. Raises the errors of `client.photos.errors`."""
    image = read_picture(picture, long_side)
    draw_strokes(image, drawing)
    if mark is not None:
        draw_mark(image, mark)
    jpeg = _small_enough(image, at_most)
    return Developed(
        hash=hashlib.sha256(jpeg).hexdigest(),
        jpeg=jpeg,
        thumbnail=thumbnail_of(image),
        width=image.width,
        height=image.height,
        source_hash=source_hash(picture),
    )


def preview(picture: bytes, drawing: Sequence[Stroke] = (), long_side: int = 800) -> bytes:
    """How it will look, without the watermark."""
    image = read_picture(picture, long_side)
    draw_strokes(image, drawing)
    return _jpeg(image, 80)


def thumbnail_of(image: Image.Image) -> bytes:
    """For lists; made from a copy."""
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return _jpeg(small, 75)


def thumbnail(jpeg: bytes) -> bytes:
    """The thumbnail of a photo that came from the server."""
    return _jpeg(read_picture(jpeg, THUMBNAIL_SIDE), 75)


def _small_enough(image: Image.Image, at_most: int) -> bytes:
    jpeg = b""
    for quality in QUALITIES:
        jpeg = _jpeg(image, quality)
        if len(jpeg) <= at_most:
            return jpeg
    scale = 0.8
    while len(jpeg) > at_most and max(image.size) > THUMBNAIL_SIDE:
        smaller = (round(image.width * scale), round(image.height * scale))
        image = image.resize(smaller, Image.Resampling.LANCZOS)
        jpeg = _jpeg(image, QUALITIES[-1])
    return jpeg


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    # A fresh buffer with nothing but pixels: no EXIF, no GPS, no profile comes along.
    image.info.clear()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()
