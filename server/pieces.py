"""Texts that go to many: deflated once each, and joined into one gzip stream for whoever asks.

A deflate stream that was flushed in full ends on a byte and refers to nothing before it (RFC
1951), so ready pieces can stand one after the other; only the checksum is of the whole (RFC 1952).
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

GZIP_LEVEL = 1
_RAW = -zlib.MAX_WBITS
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"
"""Deflate, no name, no time, quickest, any system."""
_END = b"\x03\x00"
"""A last block with nothing in it."""


@dataclass(frozen=True, slots=True)
class Piece:
    plain: bytes
    deflated: bytes

    @classmethod
    def of(cls, plain: bytes) -> "Piece":
        squeeze = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, _RAW)
        return cls(plain, squeeze.compress(plain) + squeeze.flush(zlib.Z_FULL_FLUSH))

    def __len__(self) -> int:
        """Bytes of memory, about."""
        return len(self.plain) + len(self.deflated)


def gzip_of(pieces: Iterable[Piece]) -> bytes:
    """One gzip file with the plain texts one after the other."""
    checksum, length, parts = 0, 0, [_HEADER]
    for piece in pieces:
        checksum = zlib.crc32(piece.plain, checksum)
        length += len(piece.plain)
        parts.append(piece.deflated)
    end = checksum.to_bytes(4, "little") + (length & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join([*parts, _END, end])
