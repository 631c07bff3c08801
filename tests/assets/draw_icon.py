"""Draws the app's mark, a checked shield inside a scanner's frame: run by hand when it changes.

.venv/bin/python -m tests.assets.draw_icon
"""

import math
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).parents[2] / "assets"
JADE = "#1B6B5C"
MINT = "#8ED1BF"
WHITE = "#FFFFFF"
DEEP = "#0E3F36"
ICON_PX = 1024
FAVICON_PX = 192
SPLASH_PX = 768
FINER = 4  # drawn larger and scaled down: smooth edges

Point = tuple[float, float]


def bezier(start: Point, left: Point, right: Point, end: Point, steps: int = 60) -> list[Point]:
    corners = (start, left, right, end)
    points: list[Point] = []
    for step in range(steps + 1):
        t = step / steps
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        pulls = list(zip(weights, corners, strict=True))
        points.append((sum(w * x for w, (x, _) in pulls), sum(w * y for w, (_, y) in pulls)))
    return points


class Canvas:
    """A square of 100 by 100 units, scaled about its middle."""

    def __init__(self, side_px: int, background: str | None, scale: float = 1.0) -> None:
        self.side_px = side_px
        self.unit = side_px * FINER / 100
        self.scale = scale
        side = side_px * FINER
        self.image = Image.new("RGBA", (side, side), background or (0, 0, 0, 0))
        self.draw = ImageDraw.Draw(self.image)

    def at(self, point: Point) -> Point:
        x, y = point
        return (50 + (x - 50) * self.scale) * self.unit, (50 + (y - 50) * self.scale) * self.unit

    def line(self, points: list[Point], width: float, colour: str) -> None:
        """A stroke with round ends and corners, made of discs: segments would show as facets."""
        radius = width * self.unit * self.scale / 2
        placed = [self.at(point) for point in points]
        for (x, y), (next_x, next_y) in pairwise(placed):
            discs = max(1, round(math.hypot(next_x - x, next_y - y)))
            for step in range(discs + 1):
                along_x = x + (next_x - x) * step / discs
                along_y = y + (next_y - y) * step / discs
                self.draw.ellipse(
                    (along_x - radius, along_y - radius, along_x + radius, along_y + radius),
                    fill=colour,
                )

    def shape(self, points: list[Point], colour: str) -> None:
        self.draw.polygon([self.at(point) for point in points], fill=colour)

    def save(self, path: Path, corner: float = 0) -> None:
        if corner:
            mask = Image.new("L", self.image.size, 0)
            edge = self.image.size[0] - 1
            ImageDraw.Draw(mask).rounded_rectangle(
                (0, 0, edge, edge), radius=corner * self.unit, fill=255
            )
            self.image.putalpha(mask)
        smooth = self.image.resize((self.side_px, self.side_px), Image.Resampling.LANCZOS)
        smooth.save(path, optimize=True)


def shield() -> list[Point]:
    right = bezier((50, 29), (55, 33), (61, 35), (68, 35.5))
    right += bezier((68, 35.5), (68, 55), (64, 65), (50, 73))
    return right + [(100 - x, y) for x, y in reversed(right)]


def corner(x: float, y: float, towards: tuple[int, int], length: float = 9) -> list[Point]:
    """One corner of the scanner's frame, bent in a small arc."""
    across, down = towards
    bend = 5
    arc = bezier(
        (x, y + down * bend), (x, y + down * 1.4), (x + across * 1.4, y), (x + across * bend, y)
    )
    return [(x, y + down * (bend + length)), *arc, (x + across * (bend + length), y)]


def mark(canvas: Canvas, body: str, tick: str, frame: str) -> None:
    for x, y, towards in (
        (21, 21, (1, 1)),
        (79, 21, (-1, 1)),
        (21, 79, (1, -1)),
        (79, 79, (-1, -1)),
    ):
        canvas.line(corner(x, y, towards), 3.6, frame)
    canvas.shape(shield(), body)
    canvas.line(shield(), 2.6, body)  # rounds its corners
    canvas.line([(41.5, 50.5), (48, 57), (59.5, 43.5)], 5, tick)


def main() -> None:
    icon = Canvas(ICON_PX, JADE)
    mark(icon, WHITE, JADE, MINT)
    icon.save(FOLDER / "icon.png")
    favicon = Canvas(FAVICON_PX, JADE, scale=1.3)
    mark(favicon, WHITE, JADE, MINT)
    favicon.save(FOLDER / "favicon.png", corner=22)
    light = Canvas(SPLASH_PX, None)
    mark(light, JADE, WHITE, MINT)
    light.save(FOLDER / "splash.png")
    dark = Canvas(SPLASH_PX, None)
    mark(dark, MINT, DEEP, JADE)
    dark.save(FOLDER / "splash_dark.png")


if __name__ == "__main__":
    main()
