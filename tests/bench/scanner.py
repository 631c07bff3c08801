"""What reading a camera frame and a photograph costs, on noisy pictures of our own labels."""

import io
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import qrcode
from PIL import Image, ImageFilter
from qrcode.constants import ERROR_CORRECT_Q

from client.device.scanner import scanner_for_platform
from ledger.codes import new_token, point_code_text

FRAMES = 40
SIZES = {"640": (640, 480), "720": (1280, 720), "1080": (1920, 1080)}
STILL = (4032, 3024)


def run() -> dict[str, Any]:
    scanner = scanner_for_platform()
    figures: dict[str, Any] = {}
    missed = frames = 0
    for name, size in SIZES.items():
        pictures = [picture(size, seed) for seed in range(FRAMES)]
        times, wrong = _read(scanner.read, pictures)
        figures[f"frame_{name}_ms"] = round(statistics.median(times) * 1000, 2)
        missed += wrong
        frames += len(pictures)
    times, wrong = _read(scanner.read_still, [picture(STILL, seed) for seed in range(8)])
    figures["still_12mp_ms"] = round(statistics.median(times) * 1000, 1)
    figures["missed"] = missed + wrong
    figures["pictures"] = frames + 8
    return figures


def picture(size: tuple[int, int], seed: int) -> tuple[bytes, str]:
    """A label on a noisy wall, a little turned and blurred, as JPEG; and what it says."""
    rng = random.Random(seed)
    text = point_code_text("0A1B", new_token(rng))
    code = qrcode.QRCode(version=1, error_correction=ERROR_CORRECT_Q, box_size=12, border=4)
    code.add_data(text)
    label = code.make_image().get_image().convert("L")
    side = int(min(size) * rng.uniform(0.25, 0.5))
    label = label.resize((side, side)).rotate(rng.uniform(-12, 12), expand=True, fillcolor=255)
    noise = np.random.default_rng(seed).normal(110, 9, (size[1], size[0])).clip(0, 255)
    wall = Image.fromarray(noise.astype("uint8"))
    x, y = ((size[axis] - label.size[axis]) // 2 for axis in (0, 1))
    wall.paste(label, (x, y))
    out = io.BytesIO()
    wall.filter(ImageFilter.GaussianBlur(0.6)).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue(), text


def _read(
    read: Callable[[bytes], str | None], pictures: list[tuple[bytes, str]]
) -> tuple[list[float], int]:
    times, wrong = [], 0
    for data, text in pictures:
        started = time.perf_counter()
        found = read(data)
        times.append(time.perf_counter() - started)
        wrong += found != text
    return times, wrong
