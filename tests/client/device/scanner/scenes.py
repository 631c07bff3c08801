"""Pictures with QR codes in them, as cameras and galleries would deliver them."""

import io
from collections.abc import Sequence

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_Q

WALL_GREY = 150
PAPER_GREY = 225
INK_GREY = 40


def symbol(text: str, module_px: int) -> Image.Image:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=4)
    code.add_data(text)
    rows = code.get_matrix()
    picture = Image.new("L", (len(rows), len(rows)))
    picture.putdata([INK_GREY if dark else PAPER_GREY for row in rows for dark in row])
    side = len(rows) * module_px
    return picture.resize((side, side), Image.Resampling.NEAREST)


def wall(size: tuple[int, int], codes: Sequence[tuple[str, int, tuple[int, int]]]) -> Image.Image:
    """A grey wall with codes: text, pixels a module, and where the middle is."""
    picture = Image.new("L", size, WALL_GREY)
    for text, module_px, (x, y) in codes:
        label = symbol(text, module_px)
        picture.paste(label, (x - label.width // 2, y - label.height // 2))
    return picture


def encoded(picture: Image.Image, form: str = "JPEG", **options: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()
