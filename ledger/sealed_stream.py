"""A file that only the holder of its key can read, written and read a piece at a time.

Pieces of 256 KiB, each under AES-256-GCM. A piece's nonce is its place and whether it is the
last, so that none can be left out, moved, repeated or cut off without being noticed. The header
in front is readable by anybody and authenticated along with the first piece. A key serves for one
file alone; `fresh_key` makes one from a lasting secret.
"""

import struct
from collections.abc import Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PIECE_BYTES = 256 * 1024
TAG_BYTES = 16
KEY_BYTES = 32


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Writable(Protocol):
    def write(self, data: bytes, /) -> int: ...


class SealBroken(Exception):
    """The rest of the file is not what was sealed: cut off, altered, or under another key."""


def fresh_key(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    """The key of one file; `salt` is random and stands in the file's header."""
    return HKDF(SHA256(), KEY_BYTES, salt, purpose).derive(secret)


class SealedWriter:
    """Write with `write`, then `close` it: without its last piece the file does not open."""

    def __init__(self, file: Writable, key: bytes, header: bytes) -> None:
        self._file = file
        self._aes = AESGCM(key)
        self._header = header
        self._waiting = bytearray()
        self._pieces = 0
        file.write(header)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE_BYTES:
            self._seal(bytes(self._waiting[:PIECE_BYTES]), last=False)
            del self._waiting[:PIECE_BYTES]
        return len(data)

    def close(self) -> None:
        """Seals the last piece; the file itself stays open."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = nonce_of(self._pieces, last=last)
        along = self._header if self._pieces == 0 else None
        self._file.write(self._aes.encrypt(nonce, piece, along))
        self._pieces += 1


def unsealed(file: Readable, key: bytes, header: bytes) -> Iterator[bytes]:
    """The pieces of a file whose header has just been read. Raises `SealBroken`.

    What was yielded before the error is genuine, only not all.
    """
    aes = AESGCM(key)
    whole = PIECE_BYTES + TAG_BYTES
    piece, number = file.read(whole), 0
    while True:
        following = file.read(whole) if len(piece) == whole else b""
        along = header if number == 0 else None
        try:
            yield aes.decrypt(nonce_of(number, last=not following), piece, along)
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"piece {number}") from error
        if not following:
            return
        piece, number = following, number + 1


def nonce_of(number: int, *, last: bool) -> bytes:
    """12 bytes: the piece's place, and in the lowest bit whether it is the last."""
    return struct.pack(">IQ", 0, number << 1 | last)
