"""What is drawn on a photo: the person's arrows and circles, and the watermark."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, pi, sin
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

FONT = Path(__file__).resolve().parents[2] / "assets" / "fonts" / "NotoSansSC-Regular.ttf"
TEXT_PART = 0.026
"""Height of the watermark's letters as a part of the photo's long side: legible at 1600 px and
still there in a print."""
RED, WHITE, BAND = (222, 34, 34), (255, 255, 255), (0, 0, 0, 150)


@dataclass(frozen=True, slots=True)
class Mark:
    """The watermark: who saw what, where and when, and the entry that names the photo."""

    school: str
    place: str
    at: str
    person: str
    entry: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """An arrow that points to its second corner, or an ellipse between both; corners are parts
    (0 to 1) of the upright picture's width and height."""

    shape: Literal["arrow", "circle"]
    x1: float
    y1: float
    x2: float
    y2: float


def draw_strokes(image: Image.Image, strokes: Sequence[Stroke]) -> None:
    """Red with a white edge, so that it shows on every ground."""
    draw = ImageDraw.Draw(image)
    thick = max(3, round(max(image.size) * 0.006))
    for stroke in strokes:
        for colour, width in ((WHITE, thick + max(2, thick // 2)), (RED, thick)):
            if stroke.shape == "circle":
                _ellipse(draw, image.size, stroke, colour, width)
            else:
                _arrow(draw, image.size, stroke, colour, width)


def _ellipse(
    draw: ImageDraw.ImageDraw,
    size: tuple[int, int],
    stroke: Stroke,
    colour: tuple[int, int, int],
    width: int,
) -> None:
    x1, x2 = sorted((stroke.x1 * size[0], stroke.x2 * size[0]))
    y1, y2 = sorted((stroke.y1 * size[1], stroke.y2 * size[1]))
    half = width / 2
    draw.ellipse((x1 - half, y1 - half, x2 + half, y2 + half), outline=colour, width=width)


def _arrow(
    draw: ImageDraw.ImageDraw,
    size: tuple[int, int],
    stroke: Stroke,
    colour: tuple[int, int, int],
    width: int,
) -> None:
    start = (stroke.x1 * size[0], stroke.y1 * size[1])
    tip = (stroke.x2 * size[0], stroke.y2 * size[1])
    angle = atan2(tip[1] - start[1], tip[0] - start[0])
    barb = max(size) * 0.03
    draw.line((start, tip), fill=colour, width=width)
    for side in (-1, 1):
        turned = angle + pi + side * pi / 7
        end = (tip[0] + barb * cos(turned), tip[1] + barb * sin(turned))
        draw.line((tip, end), fill=colour, width=width)


def draw_mark(image: Image.Image, mark: Mark) -> None:
    """Two lines on a dark band at the foot of the photo."""
    size = max(14, round(max(image.size) * TEXT_PART))
    font = _font(size)
    edge = round(size * 0.5)
    room = image.width - 2 * edge
    lines = (
        _fitted(_joined(mark.school, mark.place), font, room),
        _fitted(_joined(mark.at, mark.person, mark.entry), font, room),
    )
    line_height = round(size * 1.35)
    height = line_height * len(lines) + edge
    top = max(0, image.height - height)
    ground = image.crop((0, top, image.width, image.height)).convert("RGBA")
    ground.alpha_composite(Image.new("RGBA", ground.size, BAND))
    draw = ImageDraw.Draw(ground)
    for number, line in enumerate(lines):
        draw.text((edge, edge // 2 + number * line_height), line, font=font, fill=WHITE)
    image.paste(ground.convert("RGB"), (0, top))


def _joined(*parts: str) -> str:
    return "  ".join(part for part in parts if part)


def _fitted(text: str, font: ImageFont.FreeTypeFont, room: float) -> str:
    """The text, cut with an ellipsis where it doesn't fit."""
    if font.getlength(text) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if font.getlength(text[:middle] + "…") <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low] + "…"


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)
