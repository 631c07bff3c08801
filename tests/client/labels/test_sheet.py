"""A printed sheet says everything about its points and is read by a phone 1.5 m away."""

import dataclasses
import io
import math

import numpy as np
import pypdf
import pypdfium2
import pytest
from PIL import Image, ImageFilter

from client.device.scanner import scanner_for_platform
from client.labels import Label
from client.labels.sheet import LABELS_A_PAGE, SIGN_HEIGHT_MM, SIGN_WIDTH_MM, draw_sheet
from client.labels.sign import BLOCK_TOP_MM, FRAME_WIDTH_MM, MARGIN_MM
from client.labels.symbol import BLOCK_MM, QUIET_MM, symbol_rows
from client.words import t
from ledger.codes import grouped
from tests.client.labels.samples import BOLD, REGULAR, sample_labels

DOTS_A_POINT = 2
DOTS_A_MM = DOTS_A_POINT * 72 / 25.4
PAPER_WHITE = 255

DISTANCE_MM = 1500
VIEW_DEGREES = 65
FRAME_PX = (1920, 1080)
SEEN_MM = 2 * DISTANCE_MM * math.tan(math.radians(VIEW_DEGREES / 2))
PIXELS_A_MM = FRAME_PX[0] / SEEN_MM
WALL_GREY = 165


@pytest.fixture(scope="module")
def labels() -> list[Label]:
    return sample_labels()


@pytest.fixture(scope="module")
def sheet(labels: list[Label]) -> bytes:
    return draw_sheet(labels, REGULAR, BOLD)


@pytest.fixture(scope="module")
def signs(sheet: bytes, labels: list[Label]) -> list[Image.Image]:
    """Every label as the printer draws it, cut from its page."""
    document = pypdfium2.PdfDocument(sheet)
    pages = [page.render(scale=DOTS_A_POINT).to_pil().convert("L") for page in document]
    cut: list[Image.Image] = []
    for number in range(len(labels)):
        page, place = divmod(number, LABELS_A_PAGE)
        row, column = divmod(place, 2)
        x, y = column * SIGN_WIDTH_MM * DOTS_A_MM, row * SIGN_HEIGHT_MM * DOTS_A_MM
        box = (x, y, x + SIGN_WIDTH_MM * DOTS_A_MM, y + SIGN_HEIGHT_MM * DOTS_A_MM)
        cut.append(pages[page].crop(tuple(round(side) for side in box)))
    return cut


def _as_seen(sign: Image.Image, rng: np.random.Generator) -> bytes:
    """A camera frame of the sign: turned, tilted, out of the middle, blurred, noisy, compressed."""
    turn, sideways, upwards = np.radians(rng.uniform(-15, 15, 3))
    right = np.array([math.cos(sideways), 0, math.sin(sideways)])
    down = np.array([0, math.cos(upwards), math.sin(upwards)])
    middle = np.array([*rng.uniform(-150, 150, 2), DISTANCE_MM])
    spin = np.array(
        [[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]]
    )
    focal_px = PIXELS_A_MM * DISTANCE_MM
    camera = np.array([[focal_px, 0, FRAME_PX[0] / 2], [0, focal_px, FRAME_PX[1] / 2], [0, 0, 1]])
    # Sensor pixels gather light over their area: average before sampling.
    blurred = sign.filter(ImageFilter.BoxBlur(DOTS_A_MM / PIXELS_A_MM / 2))
    to_mm = np.array(
        [[1 / DOTS_A_MM, 0, -SIGN_WIDTH_MM / 2], [0, 1 / DOTS_A_MM, -SIGN_HEIGHT_MM / 2], [0, 0, 1]]
    )
    sign_to_frame = camera @ np.column_stack([spin @ right, spin @ down, middle]) @ to_mm
    frame_to_sign = np.linalg.inv(sign_to_frame)
    frame_to_sign /= frame_to_sign[2, 2]
    frame = blurred.transform(
        FRAME_PX,
        Image.Transform.PERSPECTIVE,
        frame_to_sign.flatten()[:8].tolist(),
        Image.Resampling.BICUBIC,
        fillcolor=WALL_GREY,
    ).filter(ImageFilter.GaussianBlur(0.7))
    light = 40 + np.asarray(frame) * 0.7 + rng.normal(0, 3, (FRAME_PX[1], FRAME_PX[0]))
    stream = io.BytesIO()
    Image.fromarray(light.clip(0, 255).astype(np.uint8)).save(stream, "JPEG", quality=85)
    return stream.getvalue()


def test_a_phone_reads_every_label_from_a_metre_and_a_half(
    signs: list[Image.Image], labels: list[Label]
) -> None:
    scanner = scanner_for_platform()
    rng = np.random.default_rng(20)
    views = 5
    read = [
        scanner.read(_as_seen(sign, rng)) == label.code_text
        for sign, label in zip(signs, labels, strict=True)
        for _ in range(views)
    ]
    assert all(any(read[start : start + views]) for start in range(0, len(read), views))
    # A camera delivers many frames a second; still, hardly one may be wasted.
    assert sum(read) >= 0.95 * len(read)


def test_the_symbol_is_version_1(labels: list[Label]) -> None:
    assert all(len(symbol_rows(label.code_text)) == 21 for label in labels)


def test_nothing_is_printed_in_the_quiet_zone(signs: list[Image.Image]) -> None:
    left = MARGIN_MM + (FRAME_WIDTH_MM - BLOCK_MM) / 2
    top = MARGIN_MM + BLOCK_TOP_MM
    block = [round(side * DOTS_A_MM) for side in (left, top, left + BLOCK_MM, top + BLOCK_MM)]
    quiet = math.floor(QUIET_MM * DOTS_A_MM) - 1
    for sign in signs:
        pixels = np.asarray(sign.crop((block[0], block[1], block[2], block[3]))).copy()
        assert pixels[quiet:-quiet, quiet:-quiet].min() == 0
        pixels[quiet:-quiet, quiet:-quiet] = PAPER_WHITE
        assert pixels.min() == PAPER_WHITE


def test_every_word_is_on_its_page(sheet: bytes, labels: list[Label]) -> None:
    pages = pypdf.PdfReader(io.BytesIO(sheet)).pages
    texts = ["".join(page.extract_text().split()) for page in pages]
    assert len(texts) == 2
    for number, label in enumerate(labels):
        text = texts[number // LABELS_A_PAGE]
        for said in (
            label.school_name,
            label.area,
            label.name,
            t(f"kit.risk_{label.risk}"),
            grouped(label.typed),
            t("labels.version", version=label.version),
        ):
            assert "".join(said.split()) in text


def test_the_fonts_are_embedded_and_cut_to_what_is_used(sheet: bytes) -> None:
    assert sheet.count(b"/FontFile2") == sheet.count(b"/Type /FontDescriptor") == 2
    assert len(sheet) < 100_000


def test_a_full_page_is_followed_by_no_empty_one(labels: list[Label]) -> None:
    sheet = draw_sheet(labels[:LABELS_A_PAGE], REGULAR)
    assert len(pypdf.PdfReader(io.BytesIO(sheet)).pages) == 1


def test_a_sheet_without_labels_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one label"):
        draw_sheet([], REGULAR)


@pytest.mark.parametrize("name", ["", "号" * 200, "x" * 200, "a\nb\tc"])
def test_the_strangest_name_is_drawn_whole(labels: list[Label], name: str) -> None:
    sheet = draw_sheet([dataclasses.replace(labels[0], name=name)], REGULAR)
    text = pypdf.PdfReader(io.BytesIO(sheet)).pages[0].extract_text()
    assert "".join(name.split()) in "".join(text.split())
