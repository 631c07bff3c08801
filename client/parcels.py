"""Bundles on this device: its own unsent records written into one, and others' carried on.

What is carried stays sealed: this device can't open it and need not. It lies in `carried/` under
the SHA-256 of its bytes until the server has taken it.
"""

import asyncio
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import BinaryIO, TypeVar

from client.store.identity import Identity
from client.store.parcel import Parcel, note_parcel, parcel, take_parcel_back
from client.store.store import Store
from ledger.bundle.format import (
    BUNDLE_LIMIT_BYTES,
    BundleError,
    BundleForeign,
    BundleLine,
    check_whole,
    read_line,
)
from ledger.bundle.writing import write_bundle
from ledger.entry import digest
from ledger.keys import DeviceKey, Head

log = logging.getLogger(__name__)
ENDING, REFUSED, ARRIVING = ".xunan", ".refused", ".arriving"
ROOM_FOR_SEALS_BYTES = 32 * 1024 * 1024
"""What frames and seals may add to the records and photos of the largest bundle."""

T = TypeVar("T")
Note = Callable[[int, int], None]
"""Told from a worker's thread how many bytes of how many are through; what it raises ends the
work."""


def _no_note(done: int, total: int) -> None:
    pass


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


class Stopped(Exception):
    """The person, or the end of the app, stopped it before it was done; nothing has changed."""


async def export_bundle(
    store: Store,
    identity: Identity,
    key: DeviceKey,
    at: str,
    photo_path: Callable[[str], Path | None],
    target: Path,
    note: Note = _no_note,
) -> Exported:
    """Write what is unsent to `target`, whole or not at all.

    Beside two short transactions nothing is held while it writes. Raises `NothingUnsent`,
    `StoreError`, OSError and whatever `note` raises; then there is no new file and no number is
    used up.
    """
    content = await store.read(lambda c: parcel(c, identity))
    if content is None:
        raise NothingUnsent
    head = key.sign_head(identity.device, content.number, content.hash, at)
    aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        packed = await _in_thread(
            lambda note: _pack(aside, identity, head, content, photo_path, note), note
        )
        # Before the file is there: a number that left the device is never used for anything else.
        before = await store.write(lambda c: note_parcel(c, head))
        try:
            aside.replace(target)
        except OSError:
            await store.write(lambda c: take_parcel_back(c, head, before))
            raise
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
    return packed


class _Spoilt(Exception):
    """A photo's file can't be read, or is no longer the photo."""


def _pack(
    aside: Path,
    identity: Identity,
    head: Head,
    content: Parcel,
    photo_path: Callable[[str], Path | None],
    note: Note,
) -> Exported:
    """Without photos that are spoilt: the server would find the bundle damaged as a whole."""
    paths = {hash: path for hash in content.photos if (path := photo_path(hash)) is not None}
    try:
        return _write(aside, identity, head, content, paths, note)
    except _Spoilt:
        aside.unlink(missing_ok=True)
        whole = {hash: path for hash, path in paths.items() if _is_whole(hash, path)}
        log.warning("%d photos are spoilt and stay here", len(paths) - len(whole))
        return _write(aside, identity, head, content, whole, note)


def _write(
    aside: Path,
    identity: Identity,
    head: Head,
    content: Parcel,
    paths: Mapping[str, Path],
    note: Note,
) -> Exported:
    total = sum(len(entry.model_dump_json().encode()) for entry in content.entries)
    photos: dict[str, Path] = {}
    for hash, path in paths.items():
        size = _size(path)
        if total + size > BUNDLE_LIMIT_BYTES - ROOM_FOR_SEALS_BYTES:
            break
        photos[hash] = path
        total += size
    note(0, total)
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        write_bundle(
            file,
            school=identity.school,
            server_key=identity.server_key,
            head=head,
            entries=content.entries,
            photos=list(photos),
            read_photo=lambda hash: _photo(hash, photos[hash]),
            note=lambda done: note(done, total),
        )
        file.flush()
        os.fsync(file.fileno())
    return Exported(len(content.entries), len(photos), aside.stat().st_size)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise _Spoilt from error


def _photo(hash: str, path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _Spoilt from error
    if digest(data) != hash:
        raise _Spoilt
    return data


def _is_whole(hash: str, path: Path) -> bool:
    try:
        _photo(hash, path)
    except _Spoilt:
        return False
    return True


class Carrying:
    """Others' bundles on this device, in their folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def take_in(self, source: Path, identity: Identity, note: Note = _no_note) -> Carried:
        """Check a bundle as far as its carrier can, and keep a copy until it is delivered.

        Raises `BundleError`, OSError and whatever `note` raises; then nothing is kept.
        """
        return await _in_thread(lambda note: self._take_in(source, identity, note), note)

    def _take_in(self, source: Path, identity: Identity, note: Note) -> Carried:
        # One at a time: whatever a killed process left here is written over.
        aside = self._folder / ARRIVING
        total = source.stat().st_size
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with source.open("rb") as file, aside.open("wb") as copy:
                # Read twice, the file and the copy: each is half of it.
                line, name = check_whole(_Copied(file, copy), lambda done: note(done // 2, total))
                _check_ours(line, identity)
                path = self._folder / f"{name}{ENDING}"
                if path.exists():
                    return Carried(path, line.entries, line.photos, True)
                copy.flush()
                os.fsync(copy.fileno())
            with aside.open("rb") as file:
                if check_whole(file, lambda done: note((total + done) // 2, total))[1] != name:
                    raise OSError("the copy is not the file")
            aside.replace(path)
        finally:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
        return Carried(path, line.entries, line.photos)

    def all(self) -> list[Carried]:
        """Those that still have to be delivered, oldest first."""
        return self._lying_here(ENDING)

    def refused(self) -> list[Carried]:
        """Those that the server will never take."""
        return self._lying_here(REFUSED)

    def _lying_here(self, ending: str) -> list[Carried]:
        found = []
        for path in sorted(self._folder.glob(f"*{ending}"), key=lambda one: one.stat().st_mtime):
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


class _Copied:
    """A file that is also written to another as it is read."""

    def __init__(self, file: BinaryIO, copy: BinaryIO) -> None:
        self._file = file
        self._copy = copy

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self._copy.write(data)
        return data

    def readline(self, size: int = -1, /) -> bytes:
        line = self._file.readline(size)
        self._copy.write(line)
        return line


async def _in_thread(work: Callable[[Note], T], note: Note) -> T:
    """Run `work` beside the event loop. Whoever waits may be cancelled: then it is stopped at the
    next note, and has put away what it made before this ends."""
    ending = Event()

    def noting(done: int, total: int) -> None:
        if ending.is_set():
            raise Stopped
        note(done, total)

    running = asyncio.ensure_future(asyncio.to_thread(work, noting))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        ending.set()
        with suppress(Stopped, BundleError, OSError):
            await running
        raise


def _check_ours(line: BundleLine, identity: Identity) -> None:
    if (line.school, line.to) != (identity.school, identity.server_key):
        raise BundleForeign("of another school, or for another server")
