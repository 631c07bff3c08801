"""What can be wrong with the database file or with what is to be written, and the one border where
SQLite's errors become ours.

Each of the file has its sentence in the catalogue `store`:

StoreError
├── NotADatabase      the file is something else, or damaged beyond reading
│   └── Damaged       the file is ours, and parts of it can't be read or are not what was written
├── NewerDatabase     written by a newer app: readable, never written
├── StoreBusy         another process holds the file
└── StoreFull         the disk is full or read-only; nothing was half-written

Two more are about what is to be written: `NotAllowed` and `NotGenuine`.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DatabaseError

from ledger.verdicts import Reason


class StoreError(Exception):
    """The parent of all of them. `word` is the key of the sentence for people."""

    word = "store.broken"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{type(self).__name__}: {path}")
        self.path = path


class NotADatabase(StoreError):
    word = "store.not_a_database"


class Damaged(NotADatabase):
    word = "store.damaged"


class NewerDatabase(StoreError):
    word = "store.newer"


class StoreBusy(StoreError):
    word = "store.busy"


class StoreFull(StoreError):
    word = "store.full"


class NotAllowed(Exception):
    """The rules are against this entry already here, before it is sent; nothing was written."""

    def __init__(self, reason: Reason, detail: Mapping[str, Any]) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail


class NotGenuine(Exception):
    """What the server sent does not verify; nothing of it was stored. `entry` names the first."""

    def __init__(self, what: str, entry: str) -> None:
        super().__init__(f"{what}: {entry}")
        self.what = what
        self.entry = entry


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raises a `StoreError` for what SQLite or the disk says of this file."""
    try:
        yield
    except StoreError:
        raise
    except (sqlite3.DatabaseError, DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_NOTADB:
            raise NotADatabase(path) from error
        if code == sqlite3.SQLITE_CORRUPT:
            raise Damaged(path) from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreBusy(path) from error
        if code in (
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_CANTOPEN,
        ):
            raise StoreFull(path) from error
        raise
    except OSError as error:
        raise StoreFull(path) from error
