"""Drawn photographs for the demo's hazards: something wrong before, in order after."""

import io
from typing import Final

from PIL import Image, ImageDraw

SIZE: Final = (1200, 900)
WALL, FLOOR, EDGE = "#d9d4c7", "#b9b2a2", "#4a463e"


def picture(colour: str, *, fixed: bool) -> bytes:
    """A JPEG: a box on a wall, crooked and dripping, or straight with a green tag."""
    image = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 640, SIZE[0], SIZE[1]), fill=FLOOR)
    draw.line((0, 640, SIZE[0], 640), fill=EDGE, width=6)
    tilt = 0 if fixed else 70
    corners = [(420, 160 + tilt), (780, 160 - tilt // 2), (800, 560 - tilt // 2), (440, 560 + tilt)]
    draw.polygon(corners, fill=colour, outline=EDGE, width=8)
    draw.ellipse((560, 300, 660, 400), fill="#f1eee6", outline=EDGE, width=6)
    if fixed:
        draw.rounded_rectangle((690, 470, 770, 530), 10, fill="#1b6b5c")
        draw.line((708, 500, 726, 516, 756, 484), fill="#ffffff", width=9)
    else:
        for x, y in ((520, 640), (600, 670), (690, 650)):
            draw.line((x, 560, x, y), fill="#6f93ad", width=7)
        draw.ellipse((430, 690, 830, 810), fill="#86a5ba")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()
