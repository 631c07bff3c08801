"""Bundles on this device: its own unsent records written into one, and others' carried on.

What is carried stays sealed: this device can't open it and need not. It lies in `carried/` under
the SHA-256 of its bytes until the server has taken it.
"""

import asyncio
import logging
import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from client.store.identity import Identity
from client.store.parcel import Parcel, note_parcel, parcel
from client.store.store import Store
from ledger.bundle.format import BundleError, BundleForeign, BundleLine, check_whole, read_line
from ledger.bundle.writing import write_bundle
from ledger.keys import DeviceKey

log = logging.getLogger(__name__)
ENDING, REFUSED = ".xunan", ".refused"


@dataclass(frozen=True, slots=True)
class Exported:
    entries: int
    photos: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Carried:
    """A bundle on its way. `taken` when it was here before."""

    path: Path
    entries: int
    photos: int
    known: bool = False


class NothingUnsent(Exception):
    """The server has answered for everything and has every photo."""


async def export_bundle(
    store: Store,
    identity: Identity,
    key: DeviceKey,
    at: str,
    photo_path: Callable[[str], Path | None],
    target: Path,
) -> Exported:
    """Write what is unsent to `target`, whole or not at all.

    Raises `NothingUnsent`, `StoreError` and OSError.
    """
    content = await store.read(lambda c: parcel(c, identity))
    if content is None:
        raise NothingUnsent
    head = key.sign_head(identity.device, content.number, content.hash, at)
    # Before the file is there: a number that left the device is never used for anything else.
    await store.write(lambda c: note_parcel(c, head))
    photos = [hash for hash in content.photos if photo_path(hash) is not None]

    def read_photo(hash: str) -> bytes:
        path = photo_path(hash)
        if path is None:
            raise FileNotFoundError(hash)
        return path.read_bytes()

    def work(content: Parcel = content) -> int:
        aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        try:
            with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                write_bundle(
                    file,
                    school=identity.school,
                    server_key=identity.server_key,
                    head=head,
                    entries=content.entries,
                    photos=photos,
                    read_photo=read_photo,
                )
                file.flush()
                os.fsync(file.fileno())
            aside.replace(target)
        finally:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
        return target.stat().st_size

    size = await asyncio.to_thread(work)
    return Exported(len(content.entries), len(photos), size)


class Carrying:
    """Others' bundles on this device, in their folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take_in(self, source: Path, identity: Identity) -> Carried:
        """Check a bundle as far as its carrier can, and keep a copy until it is delivered.

        Raises `BundleError` and OSError; then nothing is kept.
        """
        with source.open("rb") as file:
            line, name = check_whole(file)
        _check_ours(line, identity)
        path = self._folder / f"{name}{ENDING}"
        known = path.exists()
        if not known:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside = self._folder / f".{name}"
            try:
                shutil.copyfile(source, aside)
                with aside.open("rb") as file:
                    os.fsync(file.fileno())
                    if check_whole(file)[1] != name:
                        raise OSError("the copy is not the file")
                aside.replace(path)
            finally:
                with suppress(OSError):
                    aside.unlink(missing_ok=True)
        return Carried(path, line.entries, line.photos, known)

    def all(self) -> list[Carried]:
        """Those that still have to be delivered, oldest first."""
        found = []
        for path in sorted(self._folder.glob(f"*{ENDING}"), key=lambda one: one.stat().st_mtime):
            try:
                with path.open("rb") as file:
                    line, _ = read_line(file)
            except (BundleError, OSError) as error:
                log.warning("a carried bundle can't be read: %s", error)
                continue
            found.append(Carried(path, line.entries, line.photos, True))
        return found

    def delivered(self, path: Path) -> None:
        """The server has taken it."""
        path.unlink(missing_ok=True)

    def turned_away(self, path: Path) -> None:
        """The server will never take it; it is kept for whoever wants to know why."""
        path.replace(path.with_suffix(REFUSED))

    def forget(self) -> None:
        """Remove what was turned away. What still has to be delivered is another's and stays."""
        for path in self._folder.glob(f"*{REFUSED}"):
            path.unlink(missing_ok=True)


def _check_ours(line: BundleLine, identity: Identity) -> None:
    if (line.school, line.to) != (identity.school, identity.server_key):
        raise BundleForeign("of another school, or for another server")
