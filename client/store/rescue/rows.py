"""Reading a damaged database with SQLite, around the pages it stumbles over."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from client.store.health import log_is_torn

FETCHED_AT_ONCE = 200
TRIES = 100_000
"""Ranges asked for before a table is given up: each takes some 20 µs when it fails at once."""


class DamagedFile:
    """One damaged file, opened for reading only; it and its log stay as they are."""

    def __init__(self, path: Path) -> None:
        address = f"file:{quote(path.absolute().as_posix(), safe='/:')}?mode=ro"
        self._raw = sqlite3.connect(address, uri=True)
        # A row whose text is no text is skipped by whoever reads it, not by an exception here.
        self._raw.text_factory = lambda data: data.decode("utf-8", "replace")
        self.whole = not log_is_torn(path)
        """False once anything could not be read; behind a tear in its log SQLite sees nothing."""

    def close(self) -> None:
        self._raw.close()

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        """Every row that can be read, by rowid; where a page is gone, the ranges around it."""
        names = ", ".join(f'"{name}"' for name in columns)
        query = f'SELECT rowid, {names} FROM "{table}" WHERE rowid BETWEEN ? AND ? ORDER BY rowid'  # noqa: S608
        newest = self._newest(table)
        if newest is None:
            return
        ranges, tries = [(1, newest)], 0
        while ranges:
            low, high = ranges.pop()
            tries += 1
            if tries > TRIES:
                self.whole = False
                return
            reached = low - 1
            try:
                found = self._raw.execute(query, (low, high))
                while some := found.fetchmany(FETCHED_AT_ONCE):
                    for row in some:
                        reached = row[0]
                        yield row[1:]
            except sqlite3.DatabaseError:
                self.whole = False
                low = reached + 1
                if low < high:
                    middle = (low + high) // 2
                    ranges += [(middle + 1, high), (low, middle)]

    def _newest(self, table: str) -> int | None:
        """The largest rowid; an upper bound when its page is gone, None when the table is."""
        try:
            return self._raw.execute(f'SELECT max(rowid) FROM "{table}"').fetchone()[0]  # noqa: S608
        except sqlite3.DatabaseError:
            self.whole = False
        for index in self._indexes(table):
            # An index is a tree of its own and holds every row's number.
            query = f'SELECT max(rowid) FROM "{table}" INDEXED BY "{index}"'  # noqa: S608
            try:
                return self._raw.execute(query).fetchone()[0]
            except sqlite3.DatabaseError:
                continue
        return self._bound(table)

    def _bound(self, table: str) -> int | None:
        """Well past the last row that can be reached by stepping up in powers of two."""
        query = f'SELECT rowid FROM "{table}" WHERE rowid >= ? LIMIT 1'  # noqa: S608
        reached = None
        for bound in (2**power for power in range(24)):
            try:
                if self._raw.execute(query, (bound,)).fetchone() is None:
                    return bound
                reached = bound
            except sqlite3.DatabaseError:
                continue
        return None if reached is None else 4 * reached + 64

    def _indexes(self, table: str) -> list[str]:
        query = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?"
        try:
            return [row[0] for row in self._raw.execute(query, (table,))]
        except sqlite3.DatabaseError:
            return []
