"""Reading a bundle with the server's key: everything is checked before anything is done with it."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pydantic import ValidationError

from ledger.bundle.boxes import NotAKey, opened_box
from ledger.bundle.format import (
    BUNDLE_LIMIT_RECORD_BYTES,
    END,
    ENTRY,
    FRAME,
    FRAME_LIMITS,
    HASH_BYTES,
    HEAD,
    PHOTO,
    BundleDamaged,
    BundleError,
    BundleForeign,
    BundleLine,
    read_line,
)
from ledger.chain import Link, follow
from ledger.entry import Entry, UnreadableEntry, read_entry
from ledger.keys import DeviceKey, Head
from ledger.sealed_stream import SealBroken, unsealed
from ledger.wire.journal import SentEntry


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle's records. Photos are read by `photos_in`."""

    line: BundleLine
    head: Head
    entries: list[Entry]


def open_bundle(file: BinaryIO, key: DeviceKey) -> Opened:
    """Read and check the whole file: every piece, every frame, every photo's hash, and that each
    entry leads to the head. Whose head it is, the caller checks. An entry that has lost its body
    is here for the chain's sake: whoever brings it must not speak for its author. Raises
    `BundleError`."""
    line, frames = _frames(file, key)
    head: Head | None = None
    entries: list[Entry] = []
    photos = size = 0
    for sort, content in frames:
        if (sort == HEAD) != (head is None):
            raise BundleDamaged("the head is not its first frame")
        if sort == HEAD:
            head = _head(content)
        elif sort == ENTRY:
            size += len(content)
            if photos or size > BUNDLE_LIMIT_RECORD_BYTES:
                raise BundleDamaged("too many entries, or after the photos")
            entries.append(_entry(content))
        elif sort == PHOTO:
            _photo(content)
            photos += 1
    if head is None or (len(entries), photos) != (line.entries, line.photos):
        raise BundleDamaged("it holds not what its first line says")
    _check_chain(entries, head)
    return Opened(line, head, entries)


def photos_in(file: BinaryIO, key: DeviceKey) -> Iterator[tuple[str, bytes]]:
    """Hash and JPEG of each photo, one at a time, of a bundle that was opened before."""
    for sort, content in _frames(file, key)[1]:
        if sort == PHOTO:
            yield _photo(content)


def _frames(file: BinaryIO, key: DeviceKey) -> tuple[BundleLine, Iterator[tuple[bytes, bytes]]]:
    line, raw = read_line(file)
    if line.to != key.public:
        raise BundleForeign("sealed to another key")
    try:
        secret = opened_box(key, line.ephemeral)
    except NotAKey as error:
        raise BundleDamaged("its key") from error
    start = file.tell()
    length = file.seek(0, os.SEEK_END) - start - HASH_BYTES
    file.seek(start)
    if length <= 0:
        raise BundleDamaged("cut off")
    # What is beyond the sealed part is only for who can't open it.
    return line, _split(unsealed(_Part(file, length), secret, raw))


class _Part:
    """So many bytes of a file, from where it stands."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._left = length

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(min(size, self._left) if size >= 0 else self._left)
        self._left -= len(data)
        return data


def _split(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    waiting = bytearray()
    ended = False
    try:
        for piece in pieces:
            waiting += piece
            while len(waiting) >= FRAME.size:
                sort, length = FRAME.unpack_from(waiting)
                if ended or length > FRAME_LIMITS.get(sort, -1):
                    raise BundleDamaged("a frame that can't be")
                if len(waiting) < FRAME.size + length:
                    break
                content = bytes(waiting[FRAME.size : FRAME.size + length])
                del waiting[: FRAME.size + length]
                ended = sort == END
                yield sort, content
    except SealBroken as error:
        raise BundleDamaged(str(error)) from error
    if not ended or waiting:
        raise BundleDamaged("it does not end as it should")


def _head(content: bytes) -> Head:
    try:
        return Head.model_validate_json(content)
    except ValidationError as error:
        raise BundleDamaged("its head") from error


def _entry(content: bytes) -> Entry:
    try:
        sent = SentEntry.model_validate_json(content)
        body = None if sent.body is None else sent.body.encode()
        return read_entry(sent.header.encode(), body)
    except (ValidationError, UnreadableEntry, UnicodeEncodeError) as error:
        raise BundleDamaged("an entry") from error


def _photo(content: bytes) -> tuple[str, bytes]:
    hash, jpeg = content[:HASH_BYTES], content[HASH_BYTES:]
    if hashlib.sha256(jpeg).digest() != hash:
        raise BundleDamaged("a photo")
    return hash.hex(), jpeg


def _check_chain(entries: list[Entry], head: Head) -> None:
    """The head vouches for the last entry, and each for the one before it. In a push the sender is
    known; here this is all that keeps a carrier from slipping something in."""
    if not entries:
        return
    first = entries[0].header
    reached, broken = follow(Link(first.number - 1, first.previous), entries)
    if broken is not None or reached != Link(head.number, head.hash):
        raise BundleDamaged("its entries are no chain that leads to its head")
    if any(entry.header.device != head.device for entry in entries):
        raise BundleDamaged("an entry of another device")


__all__ = ["BundleError", "Opened", "open_bundle", "photos_in"]
