"""Finds the QR code in a picture, the same way for the camera, the gallery and the command line.

`read` looks at one camera frame; the next frame is the second try. (A large frame is looked at in
half its size, and its middle, where a far label is aimed at, in full size.) `read_still`
looks at a photograph made small, and once more at twice that size when it found nothing, because a
photograph has no next frame. Both answer None when they see no code, and raise `UnreadableImage`,
and nothing else, when the bytes are no picture we open.

Both are plain blocking calls of a few milliseconds; the caller keeps them off the event loop.
"""

from typing import Protocol

from client.device.scanner.pictures import Unreadable, UnreadableImage
from client.device.scanner.reading import PictureScanner

__all__ = ["Scanner", "Unreadable", "UnreadableImage", "scanner_for_platform"]


class Scanner(Protocol):
    def read(self, image: bytes) -> str | None:
        """The text of the code in a camera frame (JPEG)."""
        ...

    def read_still(self, image: bytes) -> str | None:
        """The text of the code in a photograph (JPEG, PNG, WebP, GIF, BMP)."""
        ...


def scanner_for_platform() -> Scanner:
    """The scanner with the decoder this build carries.

    zxing-cpp reads far more codes and wins wherever it is installed; it has no phone wheels, so
    phones carry pyzbar. The platform's name is not asked: a Python on Android may say "linux".
    """
    try:
        from client.device.scanner.zxing import find_symbols
    except ImportError:
        from client.device.scanner.zbar import find_symbols
    return PictureScanner(find_symbols)
