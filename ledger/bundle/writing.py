"""Writing a bundle, a piece at a time: however many photos, never more than one in memory."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO

from ledger.bundle.boxes import new_box
from ledger.bundle.format import END, ENTRY, FORMAT, FRAME, HEAD, PHOTO, VERSION, BundleLine
from ledger.identifiers import new_id
from ledger.keys import Head
from ledger.sealed_stream import SealedWriter
from ledger.wire.journal import SentEntry


class _Summing:
    """A file that also sums up what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.sum.update(data)
        return self._file.write(data)


def write_bundle(
    file: BinaryIO,
    *,
    school: str,
    server_key: str,
    head: Head,
    entries: Sequence[SentEntry],
    photos: Sequence[str],
    read_photo: Callable[[str], bytes],
    note: Callable[[int], None] = lambda done: None,
) -> BundleLine:
    """Write a bundle to `file`. `head` is signed for the last of `entries`, or for the end of the
    chain when there are none. `note` is told after each entry and photo how many bytes of them
    are in; what it raises ends the writing."""
    ephemeral, key = new_box(server_key)
    bundle = BundleLine(
        format=FORMAT,
        version=VERSION,
        id=new_id(),
        school=school,
        entries=len(entries),
        photos=len(photos),
        to=server_key,
        ephemeral=ephemeral,
    )
    summing = _Summing(file)
    writer = SealedWriter(summing, key, bundle.line())
    _frame(writer, HEAD, [head.model_dump_json().encode()])
    done = 0
    for entry in entries:
        content = entry.model_dump_json().encode()
        _frame(writer, ENTRY, [content])
        done += len(content)
        note(done)
    for hash in photos:
        jpeg = read_photo(hash)
        _frame(writer, PHOTO, [bytes.fromhex(hash), jpeg])
        done += len(jpeg)
        note(done)
    _frame(writer, END, [])
    writer.close()
    file.write(summing.sum.digest())
    return bundle


def _frame(writer: SealedWriter, sort: bytes, parts: Iterable[bytes]) -> None:
    content = b"".join(parts)
    writer.write(FRAME.pack(sort, len(content)))
    writer.write(content)
