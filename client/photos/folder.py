"""The photos on this device: files named by their SHA-256, durable before an entry names them.

<root>/<two hex digits>/<hash>.jpg
<root>/<two hex digits>/<hash>.thumb.jpg
"""

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from client.photos.develop import Developed, thumbnail
from client.photos.errors import DamagedPicture, NoRoomForPhoto

_NAME = re.compile(r"[0-9a-f]{64}")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class PhotoFolder:
    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, developed: Developed) -> None:
        """Write a photo and its thumbnail; both are on the disk when this returns.

        Raises `NoRoomForPhoto`; nothing half-written stays.
        """
        write_durably(self._thumbnail(developed.hash), developed.thumbnail)
        write_durably(self._photo(developed.hash), developed.jpeg)

    def take_in(self, hash: str, jpeg: bytes) -> None:
        """Keep a photo that came from the server, when it is the one that was asked for."""
        if hashlib.sha256(jpeg).hexdigest() != hash:
            raise DamagedPicture
        if self.thumbnail_path(hash) is None:
            write_durably(self._thumbnail(hash), thumbnail(jpeg))
        write_durably(self._photo(hash), jpeg)

    def take_in_thumbnail(self, hash: str, jpeg: bytes) -> None:
        write_durably(self._thumbnail(hash), thumbnail(jpeg))

    def path(self, hash: str) -> Path | None:
        """The photo's file; None when it is not on this device."""
        found = self._photo(hash)
        return found if found.is_file() else None

    def thumbnail_path(self, hash: str) -> Path | None:
        found = self._thumbnail(hash)
        return found if found.is_file() else None

    def forget(self, hash: str) -> None:
        self._photo(hash).unlink(missing_ok=True)
        self._thumbnail(hash).unlink(missing_ok=True)

    def originals(self) -> dict[str, int]:
        """The photos that are here whole, with their bytes."""
        return {
            path.name.removesuffix(".jpg"): path.stat().st_size
            for path in self.root.glob("*/*.jpg")
            if _NAME.fullmatch(path.name.removesuffix(".jpg"))
        }

    def thumbnail_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.root.glob("*/*.thumb.jpg"))

    def drop_originals(self, kept: Collection[str]) -> None:
        """Remove every photo that is not named here; the small pictures stay."""
        for hash in self.originals():
            if hash not in kept and self.thumbnail_path(hash) is not None:
                self._photo(hash).unlink(missing_ok=True)

    def forget_all_but(self, kept: Collection[str]) -> None:
        """Remove every photo that is not named here."""
        for path in self.root.glob("*/*.jpg"):
            if path.name.partition(".")[0] not in kept:
                path.unlink(missing_ok=True)

    def _photo(self, hash: str) -> Path:
        return self._in(hash, ".jpg")

    def _thumbnail(self, hash: str) -> Path:
        return self._in(hash, ".thumb.jpg")

    def _in(self, hash: str, ending: str) -> Path:
        if not _NAME.fullmatch(hash):
            raise ValueError("not the name of a photo")
        return self.root / hash[:2] / (hash + ending)


def write_durably(path: Path, data: bytes) -> None:
    """All of it under its name, or nothing: written aside, synced, renamed, folder synced."""
    if path.is_file():
        return
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with _room():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        finally:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable; Windows has no such thing to sync."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoRoomForPhoto from error
        raise
