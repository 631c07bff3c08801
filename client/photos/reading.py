"""Opening a picture somebody took, within limits, upright and in plain colours.

The decoder's reduced-size mode does most of the scaling while it decodes: a 12-megapixel JPEG
never exists at full size. Pillow's own errors end here.
"""

import hashlib
import io
import struct
import zlib

from PIL import Image, ImageCms, ImageFile, UnidentifiedImageError

from client.photos.errors import (
    DamagedPicture,
    EmptyPicture,
    HeicUnreadable,
    NotAPhoto,
    TooLarge,
)

LIMIT_BYTES = 64 * 1024 * 1024
"""Larger than what any phone's camera writes."""
LIMIT_PIXELS = 120_000_000
"""A 108-megapixel sensor's JPEG is read at an eighth of its sides; a bomb is not read at all."""
LIMIT_PIXELS_WHOLE = 26_000_000
"""Of formats without a reduced-size mode, which have to be held whole: about 80 MB."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "HEIF")
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")

try:
    from pi_heif import register_heif_opener
except ImportError:  # phones have no wheel of it; their own cameras hand over JPEG
    _can_heic = False
else:
    register_heif_opener()
    _can_heic = True


def source_hash(picture: bytes) -> str:
    """SHA-256 of the picture as it came: the same picture twice has the same one."""
    return hashlib.sha256(picture).hexdigest()


def read_picture(picture: bytes, long_side: int) -> Image.Image:
    """Decode to RGB, upright, long side at most `long_side` and at no point much larger.

    Raises the errors of `client.photos.errors`.
    """
    if not picture:
        raise EmptyPicture
    if len(picture) > LIMIT_BYTES:
        raise TooLarge
    try:
        with _opened(picture) as image:
            return _read(image, long_side)
    except UnidentifiedImageError as error:
        if picture[4:8] == b"ftyp" and picture[8:12] in _HEIC_BRANDS and not _can_heic:
            raise HeicUnreadable from error
        raise NotAPhoto from error
    except Image.DecompressionBombError as error:
        raise TooLarge from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error) as error:
        # What Pillow's decoders raise on bytes that break off or contradict themselves.
        raise DamagedPicture from error


def check_picture(picture: bytes) -> None:
    """Whether it can be read at all, at the least cost: a small decoding."""
    read_picture(picture, 320)


def _opened(picture: bytes) -> ImageFile.ImageFile:
    # Pillow's own guard against bombs is for a whole process; ours below is stricter.
    return Image.open(io.BytesIO(picture), formats=FORMATS if _can_heic else FORMATS[:-1])


def _read(image: ImageFile.ImageFile, long_side: int) -> Image.Image:
    pixels = image.width * image.height
    if pixels > LIMIT_PIXELS or (image.format != "JPEG" and pixels > LIMIT_PIXELS_WHOLE):
        raise TooLarge
    turned = image.getexif().get(0x0112, 1)
    profile = image.info.get("icc_profile")
    if image.format == "JPEG":
        longest = max(image.size)
        # Half as large again as wanted at least: the last, fine step of scaling sharpens.
        wanted = min(1.0, long_side / longest)
        # The decoder divides by it: of a hair's breadth nothing would be left.
        sides = (max(1, round(side * wanted)) for side in image.size)
        image.draft("RGB", (next(sides), next(sides)))
    image.load()
    image_ = image.convert("RGBA") if "transparency" in image.info else image
    plain = _plain(image_)
    if max(plain.size) > long_side:
        # The decoder has done most of the scaling; for the rest BICUBIC can't be told from
        # LANCZOS and costs two thirds.
        plain.thumbnail((long_side, long_side), Image.Resampling.BICUBIC)
    plain = _in_srgb(plain, profile)
    return _upright(plain, turned)


def _plain(image: Image.Image) -> Image.Image:
    """RGB; what is transparent becomes white."""
    if image.mode in ("RGBA", "LA", "PA"):
        ground = Image.new("RGB", image.size, "white")
        whole = image.convert("RGBA")
        ground.paste(whole, mask=whole.getchannel("A"))
        return ground
    # What is RGB already is not copied: at this size that costs as much as drawing on it.
    return image if image.mode == "RGB" else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Phones write wider colour spaces; without the profile they would look dull."""
    if not profile or b"sRGB" in profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return image  # a broken profile spoils nothing but the tint
    return found or image


_TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}
"""EXIF 2.3, tag 0x0112 "Orientation": what makes the picture upright."""


def _upright(image: Image.Image, turned: int) -> Image.Image:
    for turn in _TURNS.get(turned, ()):
        image = image.transpose(turn)
    return image
