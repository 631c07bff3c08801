"""What the sync needs of this device's photo files."""

from pathlib import Path
from typing import Protocol

PHOTO = "photo"
"""The topic of `client.store.changes` for photos that came or went."""


class Folder(Protocol):
    """The port to this device's photo files."""

    def path(self, hash: str) -> Path | None: ...

    def thumbnail_path(self, hash: str) -> Path | None: ...

    def take_in(self, hash: str, jpeg: bytes) -> None: ...

    def take_in_thumbnail(self, hash: str, jpeg: bytes) -> None: ...
