"""A photo is upright, small, marked, named by what it holds, and tells nothing else."""

import hashlib
import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from client.photos import reading
from client.photos.develop import develop, preview, thumbnail
from client.photos.errors import (
    DamagedPicture,
    EmptyPicture,
    HeicUnreadable,
    NotAPhoto,
    PhotoError,
    TooLarge,
)
from client.photos.marking import Mark, Stroke
from client.photos.reading import read_picture
from client.words import t

MARK = Mark("明湖区实验学校", "东侧楼梯", "2026-11-24 10:00:00", "陈晓", "5C097340")


def scene(width: int = 1200, height: int = 900) -> Image.Image:
    """Red above left, blue elsewhere: one can tell how it lies."""
    image = Image.new("RGB", (width, height), "blue")
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height // 2), fill="red")
    return image


def encoded(image: Image.Image, format: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))


def is_red(image: Image.Image, x: float, y: float) -> bool:
    pixel = image.convert("RGB").getpixel((int(image.width * x), int(image.height * y)))
    assert isinstance(pixel, tuple)
    return pixel[0] > 150 and pixel[2] < 100


def test_its_name_is_the_hash_of_its_bytes() -> None:
    picture = encoded(scene())
    done = develop(picture, MARK)
    assert done.hash == hashlib.sha256(done.jpeg).hexdigest()
    assert done.source_hash == hashlib.sha256(picture).hexdigest()


@pytest.mark.parametrize("turned", range(1, 9))
def test_it_is_upright_however_the_phone_was_held(turned: int) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    lying = scene().transpose(undo[turned]) if turned in undo else scene()
    exif = Image.Exif()
    exif[0x0112] = turned
    image = opened(develop(encoded(lying, exif=exif), None).jpeg)
    assert image.size == (1200, 900)
    assert is_red(image, 0.2, 0.2) and not is_red(image, 0.8, 0.2) and not is_red(image, 0.2, 0.8)


def test_nothing_the_phone_wrote_beside_the_picture_is_left() -> None:
    exif = Image.Exif()
    exif[0x010F] = "a phone"
    exif.get_ifd(0x8825)[1] = "N"
    picture = encoded(scene(), exif=exif, comment=b"secret")
    image = opened(develop(picture, MARK).jpeg)
    assert dict(image.getexif()) == {}
    assert not {"exif", "icc_profile", "comment", "xmp"} & set(image.info)
    assert b"secret" not in develop(picture, None).jpeg


def test_it_is_never_enlarged_and_never_larger_than_wanted() -> None:
    assert opened(develop(encoded(scene(400, 300)), None).jpeg).size == (400, 300)
    done = develop(encoded(scene(4000, 3000)), MARK)
    assert (done.width, done.height) == opened(done.jpeg).size == (1600, 1200)
    assert max(opened(done.thumbnail).size) == 320


def test_even_a_restless_picture_is_small_enough() -> None:
    noise = Image.effect_noise((2400, 1800), 120).convert("RGB")
    done = develop(encoded(noise, quality=95), MARK)
    assert len(done.jpeg) <= 450_000


def test_the_watermark_is_in_the_picture_and_says_who_and_where() -> None:
    picture = encoded(Image.new("RGB", (1600, 1200), "white"))
    plain, marked = develop(picture, None), develop(picture, MARK)
    other = develop(picture, Mark("", "", "", "王敏", "00000000"))
    assert len({plain.hash, marked.hash, other.hash}) == 3
    foot = opened(marked.jpeg).convert("L").crop((0, 1100, 1600, 1200))
    dark, light = foot.getextrema()
    assert isinstance(dark, int) and isinstance(light, int)
    assert dark < 130 and light > 230
    assert opened(marked.jpeg).convert("L").getpixel((800, 200)) == 255


def test_a_long_name_stays_within_the_picture() -> None:
    long = Mark("实验学校" * 20, "图书馆三层东侧" * 20, "2026", "陈" * 80, "5C097340")
    assert develop(encoded(scene(600, 400)), long).width == 600


def test_what_was_drawn_is_red_where_it_was_drawn() -> None:
    picture = encoded(Image.new("RGB", (1000, 800), "#777777"))
    circle = opened(preview(picture, (Stroke("circle", 0.2, 0.2, 0.8, 0.8),)))
    assert is_red(circle, 0.2, 0.5) and not is_red(circle, 0.5, 0.5)
    arrow = opened(preview(picture, (Stroke("arrow", 0.1, 0.5, 0.9, 0.5),)))
    assert is_red(arrow, 0.5, 0.5) and not is_red(arrow, 0.5, 0.2)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "GIF", "BMP"])
def test_other_kinds_of_pictures_are_read(format: str) -> None:
    assert opened(develop(encoded(scene(), format), MARK).jpeg).format == "JPEG"


IPHONE = Path(__file__).with_name("iphone.heic")
"""The scene, a fifth as large, as an HEVC still: our own libraries read the format only."""


def test_an_iphones_picture_is_read() -> None:
    image = opened(develop(IPHONE.read_bytes(), None).jpeg)
    assert (image.format, image.size) == ("JPEG", (320, 240))
    assert is_red(image, 0.2, 0.2) and not is_red(image, 0.8, 0.2) and not is_red(image, 0.2, 0.8)


def test_a_broken_iphone_picture_is_told() -> None:
    with pytest.raises(PhotoError):
        develop(IPHONE.read_bytes()[:300], MARK)


def test_a_device_without_the_reader_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_can_heic", False)
    with pytest.raises(HeicUnreadable) as told:
        develop(IPHONE.read_bytes(), MARK)
    assert "HEIC" in t(told.value.word)


def test_no_bytes_are_no_picture() -> None:
    with pytest.raises(EmptyPicture):
        develop(b"", MARK)


@pytest.mark.parametrize("bad", [b"not a picture", b"%PDF-1.7\n", b"\x00" * 5000])
def test_something_else_is_no_picture(bad: bytes) -> None:
    with pytest.raises(NotAPhoto):
        develop(bad, MARK)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_a_picture_that_breaks_off_is_told(share: float) -> None:
    whole = encoded(Image.effect_noise((1200, 900), 90).convert("RGB"))
    with pytest.raises(PhotoError) as told:
        develop(whole[: int(len(whole) * share)], MARK)
    assert isinstance(told.value, DamagedPicture | NotAPhoto)


def bomb(width: int, height: int) -> bytes:
    """A PNG whose head claims more than anybody has; its body is never looked at."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    body = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(20_000, 10_000), (60_000, 60_000)])
def test_a_bomb_of_200_megapixels_is_not_read(size: tuple[int, int]) -> None:
    with pytest.raises(TooLarge):
        develop(bomb(*size), MARK)


def test_a_file_larger_than_any_camera_writes_is_not_read() -> None:
    with pytest.raises(TooLarge):
        read_picture(b"\xff\xd8" + bytes(65 * 1024 * 1024), 1600)


def test_a_picture_as_thin_as_a_hair_is_read() -> None:
    thin = encoded(Image.new("RGB", (6000, 3), "red"))
    assert opened(thumbnail(thin)).width == 320
