"""What can be wrong with the database file, each with its sentence in the catalogue `store`.

StoreError
├── NotADatabase      the file is something else, or damaged beyond reading
├── NewerDatabase     written by a newer app: readable, never written
├── StoreBusy         another process holds the file
└── StoreFull         the disk is full or read-only; nothing was half-written
"""

from pathlib import Path


class StoreError(Exception):
    """The parent of all of them. `word` is the key of the sentence for people."""

    word = "store.broken"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{type(self).__name__}: {path}")
        self.path = path


class NotADatabase(StoreError):
    word = "store.not_a_database"


class NewerDatabase(StoreError):
    word = "store.newer"


class StoreBusy(StoreError):
    word = "store.busy"


class StoreFull(StoreError):
    word = "store.full"
