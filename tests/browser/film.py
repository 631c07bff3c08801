"""Makes a film of a label for the camera of the tests: a hand approaches, shakes, holds still.

Chromium plays Y4M, which is nothing but plain pictures one after the other: to unpack packed ones,
thirty times a second, costs a small machine more than the app's own work.
"""

import random
from functools import cache
from pathlib import Path

import pypdfium2
import qrcode
from PIL import Image, ImageChops, ImageFilter, ImageOps
from qrcode.constants import ERROR_CORRECT_Q

from client.labels import Label
from client.labels.sheet import SIGN_HEIGHT_MM, SIGN_WIDTH_MM, draw_sheet
from client.settings import FONT

WIDTH, HEIGHT = 1280, 720
FRAMES_A_SECOND = 10
"""As many as a scanner on a phone gets to see."""
WALL = (118, 126, 112)
PAPER = (248, 247, 242)
FRAMES = 12
EMPTY_FRAMES = 3
NEARING_FRAMES = 5
QUIET_MODULES = 4
NOISE_SIGMA = 14
NOISES = 4
STILL_FRAMES = 10
DOTS_A_POINT = 2
DOTS_A_MM = DOTS_A_POINT * 72 / 25.4
SIGN_HEIGHT_PX = 720


def label_picture(text: str, side: int = 360) -> Image.Image:
    """The bare code as our labels carry it: version as small as the text allows, level Q."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_MODULES, box_size=12)
    code.add_data(text)
    code.make(fit=True)
    symbol = code.make_image().get_image().convert("RGB").resize((side, side))
    paper = Image.new("RGB", (side + 80, side + 140), PAPER)
    paper.paste(symbol, (40, 30))
    return paper


def printed_label(label: Label) -> Image.Image:
    """A label as the printer draws it, cut from its sheet."""
    document = pypdfium2.PdfDocument(draw_sheet([label], FONT))
    page = document[0].render(scale=DOTS_A_POINT).to_pil().convert("RGB")
    sign = page.crop((0, 0, round(SIGN_WIDTH_MM * DOTS_A_MM), round(SIGN_HEIGHT_MM * DOTS_A_MM)))
    return sign.resize((round(sign.width * SIGN_HEIGHT_PX / sign.height), SIGN_HEIGHT_PX))


def frames(label: Image.Image, seed: int = 7) -> list[Image.Image]:
    """First the bare wall, then the label nearing, turned by up to 12 degrees, and noisy."""
    chance = random.Random(seed)
    film = []
    for number in range(FRAMES):
        frame = Image.new("RGB", (WIDTH, HEIGHT), WALL)
        if number >= EMPTY_FRAMES:
            nearness = min(1.0, (number - EMPTY_FRAMES) / NEARING_FRAMES)
            scale = 0.55 + 0.35 * nearness
            turn = chance.uniform(-12, 12) * (1.2 - nearness)
            turned = label.resize((round(label.width * scale), round(label.height * scale))).rotate(
                turn, expand=True, resample=Image.Resampling.BICUBIC, fillcolor=WALL
            )
            frame.paste(
                turned,
                (
                    (WIDTH - turned.width) // 2 + chance.randint(-24, 24),
                    (HEIGHT - turned.height) // 2 + chance.randint(-16, 16),
                ),
            )
            if number % 5 == 0:
                frame = frame.filter(ImageFilter.GaussianBlur(3))
        film.append(ImageChops.add(frame, _noise(number % NOISES), offset=-128))
    return film


@cache
def _noise(_number: int) -> Image.Image:
    grey = Image.effect_noise((WIDTH, HEIGHT), NOISE_SIGMA)
    return Image.merge("RGB", (grey,) * 3)


def write_still(label: Image.Image, path: Path) -> Path:
    """The label held still, mirrored: browsers mirror the camera's picture once more."""
    frame = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    frame.paste(label, ((WIDTH - label.width) // 2, (HEIGHT - label.height) // 2))
    return _write([ImageOps.mirror(frame)] * STILL_FRAMES, path)


def write_film(label: str | Image.Image, path: Path, seed: int = 7) -> Path:
    """Of a picture, or of a code that says `label`.

    The file takes its place whole: a camera that is on plays its old film to the end, and one
    that starts plays the new one.
    """
    picture = label_picture(label) if isinstance(label, str) else label
    return _write(frames(picture, seed), path)


def write_wall(path: Path) -> Path:
    """Nothing to recognise."""
    return write_film(Image.new("RGB", (8, 8), WALL), path)


def _write(pictures: list[Image.Image], path: Path) -> Path:
    partial = path.with_name(f"{path.name}.new")
    with partial.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_A_SECOND}:1 Ip A1:1 C420\n".encode())
        for picture in pictures:
            brightness, *colours = picture.convert("YCbCr").split()
            file.write(b"FRAME\n" + brightness.tobytes())
            for colour in colours:
                file.write(colour.reduce(2).tobytes())
    return partial.replace(path)
