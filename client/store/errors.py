"""What can be wrong with the database file or with what is to be written.

Each of the file has its sentence in the catalogue `store`:

StoreError
├── NotADatabase      the file is something else, or damaged beyond reading
│   └── Damaged       the file is ours, and parts of it can't be read or are not what was written
├── NewerDatabase     written by a newer app: readable, never written
├── StoreBusy         another process holds the file
└── StoreFull         the disk is full or read-only; nothing was half-written

Two more are about what is to be written: `NotAllowed` and `NotGenuine`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

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
