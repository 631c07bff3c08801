"""Rows straight from a file's pages, for what SQLite itself can no longer reach.

When a page high up in a table's tree is gone, SQLite finds nothing below it, though the rows are
there. This reads every leaf page by itself, of the file and of its write-ahead log, as the file
format says (https://www.sqlite.org/fileformat2.html). What it finds may be outdated or nonsense:
the caller takes only what vouches for itself, and entries do.
"""

import struct
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path

LEAF = 0x0D
FILE_HEADER_BYTES = 100
LOG_HEADER_BYTES = 32
FRAME_HEADER_BYTES = 24
USUAL_PAGE_BYTES = 4096
LARGEST_ROW_BYTES = 1024 * 1024
"""Far above an entry's largest; a length read from rubbish is above it sooner or later."""

Value = None | int | float | str | bytes
Row = tuple[Value, ...]


def rows_in_pages(path: Path, columns: int) -> Iterator[Row]:
    """Every row with so many columns that any page of the file or of its log seems to hold."""
    pages = _Pages(path)
    for page, start in pages.leaves():
        for cell in _cells(page, start):
            payload = pages.payload(page, cell)
            row = None if payload is None else _decode(payload, columns)
            if row is not None:
                yield row


class _Pages:
    """The pages of a database file, and the newer ones in its write-ahead log."""

    def __init__(self, path: Path) -> None:
        self._file = _mapped(path)
        self._log = _mapped(path.with_name(path.name + "-wal"))
        self._size = self._page_bytes()
        self._newest = {number: start for number, start in self._frames()}

    def leaves(self) -> Iterator[tuple[bytes, int]]:
        """Pages that say they are leaves of a table, each with where its own header starts."""
        for number in range(len(self._file) // self._size):
            page = self._file[number * self._size : (number + 1) * self._size]
            start = FILE_HEADER_BYTES if number == 0 else 0
            if page[start] == LEAF:
                yield page, start
        for number, place in self._frames():
            page = self._log[place : place + self._size]
            start = FILE_HEADER_BYTES if number == 1 else 0
            if page[start] == LEAF:
                yield page, start

    def payload(self, page: bytes, cell: int) -> bytes | None:
        """A cell's row, with what of it lies on overflow pages; None when it makes no sense."""
        length, at = _varint(page, cell)
        _, at = _varint(page, at)
        if not 0 < length <= LARGEST_ROW_BYTES:
            return None
        local = _local_bytes(length, self._size)
        data = page[at : at + local]
        if local == length:
            return data if len(data) == length else None
        following = int.from_bytes(page[at + local : at + local + 4], "big")
        parts, missing, seen = [data], length - local, set[int]()
        while missing > 0:
            more = self._page(following)
            if more is None or following in seen:
                return None
            seen.add(following)
            following = int.from_bytes(more[:4], "big")
            parts.append(more[4 : 4 + missing])
            missing -= self._size - 4
        return b"".join(parts)

    def _page(self, number: int) -> bytes | None:
        if (place := self._newest.get(number)) is not None:
            return self._log[place : place + self._size]
        page = self._file[(number - 1) * self._size : number * self._size] if number > 0 else b""
        return page if len(page) == self._size else None

    def _frames(self) -> Iterator[tuple[int, int]]:
        """The numbers of the pages in the log, oldest first, and where each begins."""
        step = FRAME_HEADER_BYTES + self._size
        for start in range(LOG_HEADER_BYTES, len(self._log) - step + 1, step):
            number = int.from_bytes(self._log[start : start + 4], "big")
            yield number, start + FRAME_HEADER_BYTES

    def _page_bytes(self) -> int:
        """From the log, else from the file; else the usual one, when both their headers are
        gone."""
        for said in (
            int.from_bytes(self._log[8:12], "big"),
            int.from_bytes(self._file[16:18], "big"),
        ):
            size = 65536 if said == 1 else said
            if 512 <= size <= 65536 and size & (size - 1) == 0:
                return size
        return USUAL_PAGE_BYTES


def _mapped(path: Path) -> mmap | bytes:
    """The file without reading it into memory; empty when there is none."""
    if not path.exists() or path.stat().st_size == 0:
        return b""
    with path.open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)


def _cells(page: bytes, start: int) -> Iterator[int]:
    count = int.from_bytes(page[start + 3 : start + 5], "big")
    for place in range(start + 8, min(start + 8 + 2 * count, len(page) - 1), 2):
        cell = int.from_bytes(page[place : place + 2], "big")
        if start + 8 <= cell < len(page):
            yield cell


def _local_bytes(length: int, size: int) -> int:
    """How much of a row stands on the leaf itself."""
    if length <= size - 35:
        return length
    least = (size - 12) * 32 // 255 - 23
    surplus = least + (length - least) % (size - 4)
    return surplus if surplus <= size - 35 else least


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends. Past the data's end everything is 0."""
    value = 0
    for step in range(8):
        byte = data[at + step] if at + step < len(data) else 0
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    last = data[at + 8] if at + 8 < len(data) else 0
    return value << 8 | last, at + 9


def _decode(payload: bytes, columns: int) -> Row | None:
    """A record's values; None when it has another number of columns, or is no record."""
    end, at = _varint(payload, 0)
    if not at < end <= len(payload):
        return None
    kinds: list[int] = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != end or len(kinds) != columns:
        return None
    values: list[Value] = []
    for kind in kinds:
        size = _bytes_of(kind)
        data = payload[at : at + size]
        if kind in (10, 11) or len(data) != size:
            return None
        at += size
        try:
            values.append(_value(kind, data))
        except UnicodeDecodeError:
            return None
    return tuple(values)


def _bytes_of(kind: int) -> int:
    if kind >= 12:
        return (kind - 12) // 2
    return (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)[kind]


def _value(kind: int, data: bytes) -> Value:
    if kind == 0:
        return None
    if kind <= 6:
        return int.from_bytes(data, "big", signed=True)
    if kind == 7:
        return float(struct.unpack(">d", data)[0])
    if kind in (8, 9):
        return kind - 8
    return data.decode() if kind % 2 else data
