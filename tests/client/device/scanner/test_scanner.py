"""The scanner finds our codes in what cameras and galleries deliver, and survives the rest."""

import contextlib
import struct
import zlib
from collections.abc import Sequence

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from client.device.scanner import Scanner, Unreadable, UnreadableImage, scanner_for_platform
from client.device.scanner.pictures import MAX_IMAGE_BYTES
from client.device.scanner.reading import PictureScanner, Symbol
from tests.client.device.scanner.scenes import encoded, symbol, wall

OURS = "XA0001ABCDEFGHJK"
OURS_TOO = "XA0001MNPQRSTVWX"
FOREIGN = "https://pay.example/collect?to=canteen"
SCANNER = scanner_for_platform()


@pytest.fixture
def scanner() -> Scanner:
    return SCANNER


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (1920, 1080), (1080, 1920)])
@pytest.mark.parametrize("degrees", [0, 17, 90, 200])
def test_a_frame_is_read_at_any_turn(scanner: Scanner, size: tuple[int, int], degrees: int) -> None:
    picture = wall(size, [(OURS, 5, (size[0] // 2, size[1] // 2))])
    turned = picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=150)
    assert scanner.read(encoded(turned)) == OURS


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_a_photograph_is_read_in_every_form(scanner: Scanner, form: str) -> None:
    assert scanner.read_still(encoded(wall((900, 700), [(OURS, 4, (400, 300))]), form)) == OURS


def test_a_large_photograph_is_read(scanner: Scanner) -> None:
    photograph = wall((4000, 3000), [(OURS, 14, (1500, 1200))]).convert("RGB")
    assert scanner.read_still(encoded(photograph)) == OURS


def test_a_code_too_small_for_the_first_look_is_found_by_the_second(scanner: Scanner) -> None:
    photograph = encoded(wall((4000, 3000), [(OURS, 4, (1500, 1200))]))
    assert scanner.read_still(photograph) == OURS


def test_transparent_paper_is_white(scanner: Scanner) -> None:
    dark = symbol(OURS, 8).point([255 if grey < 128 else 0 for grey in range(256)])
    screenshot = Image.merge("LA", (Image.new("L", dark.size, 0), dark))
    assert scanner.read_still(encoded(screenshot, "PNG")) == OURS


def test_our_code_wins_over_a_foreign_one_in_the_middle(scanner: Scanner) -> None:
    frame = wall((1280, 720), [(FOREIGN, 5, (640, 360)), (OURS, 5, (200, 300))])
    assert scanner.read(encoded(frame)) == OURS


@pytest.mark.parametrize(("x", "expected"), [(600, OURS), (1000, OURS_TOO)])
def test_of_our_own_the_one_aimed_at_wins(scanner: Scanner, x: int, expected: str) -> None:
    frame = wall((1280, 720), [(OURS, 5, (x, 360)), (OURS_TOO, 5, (x - 320, 360))])
    assert scanner.read(encoded(frame)) == expected


def test_a_far_label_in_the_middle_of_a_large_frame_is_read(scanner: Scanner) -> None:
    frame = wall((1920, 1080), [(OURS, 2, (960, 540))])
    seen_at_half_size = SCANNER.read(encoded(frame.reduce(2)))
    assert seen_at_half_size is None
    assert scanner.read(encoded(frame)) == OURS


def test_a_far_label_of_ours_wins_over_a_large_foreign_code(scanner: Scanner) -> None:
    frame = wall((1920, 1080), [(FOREIGN, 9, (400, 540)), (OURS, 2, (1100, 540))])
    assert scanner.read(encoded(frame)) == OURS


def test_a_foreign_code_at_the_edge_of_a_large_frame_is_told(scanner: Scanner) -> None:
    assert scanner.read(encoded(wall((1920, 1080), [(FOREIGN, 6, (160, 540))]))) == FOREIGN


def test_a_foreign_code_alone_is_told(scanner: Scanner) -> None:
    assert scanner.read(encoded(wall((640, 480), [(FOREIGN, 5, (320, 240))]))) == FOREIGN


def test_other_symbologies_are_not_read(scanner: Scanner) -> None:
    code = zxingcpp.create_barcode(OURS, zxingcpp.BarcodeFormat.DataMatrix)
    picture = Image.fromarray(code.to_image(scale=8))
    assert zxingcpp.read_barcodes(picture)
    assert scanner.read_still(encoded(picture, "PNG")) is None


def test_an_empty_wall_has_no_code(scanner: Scanner) -> None:
    assert scanner.read(encoded(wall((640, 480), []))) is None
    assert scanner.read_still(encoded(wall((640, 480), []))) is None


class _SizesSeen:
    """A decoder that finds nothing and remembers what it was shown."""

    def __init__(self) -> None:
        self.sizes: list[tuple[int, int]] = []

    def __call__(self, picture: Image.Image) -> Sequence[Symbol]:
        assert picture.mode == "L"
        self.sizes.append(picture.size)
        return []


@pytest.mark.parametrize(
    ("size", "frame", "stills"),
    [
        ((640, 480), [(640, 480)], [(640, 480), (1280, 960)]),
        ((1920, 1080), [(960, 540), (1280, 720)], [(1280, 720), (2560, 1440)]),
        ((3000, 4000), [(720, 960), (960, 1280)], [(960, 1280), (1920, 2560)]),
        ((5000, 1), [(960, 1), (1280, 1)], [(1280, 1), (2560, 1)]),
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_small_frames_get_one_look_large_ones_and_failed_stills_two(
    size: tuple[int, int],
    frame: list[tuple[int, int]],
    stills: list[tuple[int, int]],
    form: str,
) -> None:
    seen = _SizesSeen()
    image = encoded(Image.new("RGB", size), form)
    assert PictureScanner(seen).read(image) is None
    assert seen.sizes == frame
    assert PictureScanner(seen).read_still(image) is None
    assert seen.sizes[len(frame) :] == stills


def _png(width: int, height: int) -> bytes:
    """A tiny file that claims to be a large picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels)


JPEG = encoded(wall((640, 480), [(OURS, 5, (320, 240))]))
PNG = encoded(wall((640, 480), [(OURS, 5, (320, 240))]), "PNG")
WEBP = encoded(wall((320, 240), [(OURS, 5, (160, 120))]), "WEBP")


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (b"", Unreadable.NOT_A_PICTURE),
        (b"not a picture", Unreadable.NOT_A_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Unreadable.NOT_A_PICTURE),
        (encoded(Image.new("L", (8, 8)), "TIFF"), Unreadable.NOT_A_PICTURE),
        (JPEG[: len(JPEG) // 2], Unreadable.NOT_A_PICTURE),
        (PNG[: len(PNG) // 2], Unreadable.NOT_A_PICTURE),
        (WEBP[: len(WEBP) // 2], Unreadable.NOT_A_PICTURE),
        (_png(100, 100), Unreadable.NOT_A_PICTURE),
        (_png(9000, 9000), Unreadable.TOO_LARGE),
        (_png(11000, 11000), Unreadable.TOO_LARGE),
        (_png(60000, 60000), Unreadable.TOO_LARGE),
        (JPEG + bytes(MAX_IMAGE_BYTES), Unreadable.TOO_LARGE),
    ],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_what_is_no_picture_is_refused_with_a_reason(
    scanner: Scanner, image: bytes, reason: Unreadable
) -> None:
    for look in (scanner.read, scanner.read_still):
        with pytest.raises(UnreadableImage) as refusal:
            look(image)
        assert refusal.value.reason is reason


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([JPEG, PNG, WEBP]), st.data())
def test_damaged_pictures_raise_nothing_else(image: bytes, data: st.DataObject) -> None:
    damaged = bytearray(image)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, min(len(image), 2000) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnreadableImage):
        assert SCANNER.read(bytes(damaged)) in (OURS, None)


@given(st.binary(max_size=200))
def test_random_bytes_are_no_picture(image: bytes) -> None:
    with pytest.raises(UnreadableImage):
        SCANNER.read_still(image)


def test_damage_to_the_decoder_itself_is_not_hidden() -> None:
    def broken(picture: Image.Image) -> Sequence[Symbol]:
        raise RuntimeError("the decoder is broken")

    with pytest.raises(RuntimeError, match="decoder is broken"):
        PictureScanner(broken).read(JPEG)
