"""How a bundle is laid out.

    one line of JSON      readable by anybody: whose school, how much is in it, how it is sealed
    sealed pieces         frames: a head, entries, photos, an end
    32 bytes              SHA-256 of everything before, for who can't open it

A frame is one letter, its length in four bytes, and its content:

    H  the device's signed head, JSON; the first frame
    E  an entry, JSON, in the order of their numbers up to the head's
    P  a photo: the 32 bytes of its hash, then the JPEG
    Z  nothing; the last frame
"""

import hashlib
import struct
from collections.abc import Callable
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ledger.entry import BODY_LIMIT_BYTES, HEADER_LIMIT_BYTES
from ledger.wire.photos import PHOTO_LIMIT_BYTES

FORMAT = "xunan bundle"
VERSION = 1
BUNDLE_LIMIT_ENTRIES = 20_000
BUNDLE_LIMIT_RECORD_BYTES = 128 * 1024 * 1024
"""Entries are held together until all are checked; photos are not."""
BUNDLE_LIMIT_PHOTOS = 5_000
BUNDLE_LIMIT_BYTES = 2 * 1024 * 1024 * 1024
LINE_LIMIT_BYTES = 4096
HEAD_LIMIT_BYTES = 4096
HASH_BYTES = 32
FRAME = struct.Struct(">cI")
HEAD, ENTRY, PHOTO, END = b"H", b"E", b"P", b"Z"
FRAME_LIMITS = {
    HEAD: HEAD_LIMIT_BYTES,
    # JSON may write every byte as six.
    ENTRY: 6 * (HEADER_LIMIT_BYTES + BODY_LIMIT_BYTES) + 64,
    PHOTO: HASH_BYTES + PHOTO_LIMIT_BYTES,
    END: 0,
}
READ_AT_ONCE = 256 * 1024


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...

    def readline(self, size: int = -1, /) -> bytes: ...


class BundleError(Exception):
    """A file that is not taken; nothing was changed by it.

    BundleError
    ├── NotABundle        something else
    ├── BundleDamaged     cut off or altered
    ├── BundleForeign     of another school, or sealed to another server
    ├── BundleNewer       written by a newer app
    ├── BundleTooLarge    more than may be in one
    └── BundleNotGenuine  not signed by a device of the school that may write
    """


class NotABundle(BundleError):
    pass


class BundleDamaged(BundleError):
    pass


class BundleForeign(BundleError):
    pass


class BundleNewer(BundleError):
    pass


class BundleTooLarge(BundleError):
    pass


class BundleNotGenuine(BundleError):
    pass


class BundleLine(BaseModel):
    """The first line. It names nobody: not even the device."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: str
    version: int
    id: Annotated[str, Field(min_length=36, max_length=36)]
    school: Annotated[str, Field(min_length=1, max_length=16, pattern=r"^[^\x00-\x1f\x7f]*$")]
    entries: Annotated[int, Field(ge=0, le=BUNDLE_LIMIT_ENTRIES)]
    photos: Annotated[int, Field(ge=0, le=BUNDLE_LIMIT_PHOTOS)]
    to: Annotated[str, Field(min_length=43, max_length=43)]
    """The server's public key for the school, as the device pinned it."""
    ephemeral: Annotated[str, Field(min_length=43, max_length=43)]

    def line(self) -> bytes:
        return self.model_dump_json().encode() + b"\n"


class _Begin(BaseModel):
    """What can be said of every version."""

    format: str
    version: int


def read_line(file: Readable) -> tuple[BundleLine, bytes]:
    """The first line and its bytes. Raises `BundleError`."""
    line = file.readline(LINE_LIMIT_BYTES)
    try:
        begin = _Begin.model_validate_json(line)
    except ValidationError as error:
        raise NotABundle("no bundle's first line") from error
    if begin.format != FORMAT:
        raise NotABundle(begin.format)
    if begin.version > VERSION:
        raise BundleNewer(f"version {begin.version}")
    try:
        return BundleLine.model_validate_json(line), line
    except ValidationError as error:
        raise BundleDamaged("the first line") from error


def check_whole(
    file: Readable, note: Callable[[int], None] = lambda done: None
) -> tuple[BundleLine, str]:
    """Read a bundle once, from where the file stands, without being able to open it.

    Returns its first line and the SHA-256 of the whole file, by which copies are told. `note` is
    told how many bytes have been read; what it raises ends the reading. Raises `BundleError`.
    """
    bundle, line = read_line(file)
    inner, whole, size = hashlib.sha256(line), hashlib.sha256(line), len(line)
    tail = b""
    while some := file.read(READ_AT_ONCE):
        size += len(some)
        if size > BUNDLE_LIMIT_BYTES:
            raise BundleTooLarge(f"more than {BUNDLE_LIMIT_BYTES} bytes")
        whole.update(some)
        tail += some
        inner.update(tail[:-HASH_BYTES])
        tail = tail[-HASH_BYTES:]
        note(size)
    if len(tail) != HASH_BYTES or inner.digest() != tail:
        raise BundleDamaged("its checksum does not fit")
    return bundle, whole.hexdigest()
