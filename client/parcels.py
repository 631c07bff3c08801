"""This device's own unsent records and photos, written into a bundle."""

import logging
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from client.long_work import Note, beside, no_note
from client.store.identity import Identity
from client.store.parcel import Parcel, note_parcel, parcel, take_parcel_back
from client.store.store import Store
from ledger.bundle.format import BUNDLE_LIMIT_BYTES
from ledger.bundle.writing import write_bundle
from ledger.entry import digest
from ledger.keys import DeviceKey, Head

log = logging.getLogger(__name__)
ROOM_FOR_SEALS_BYTES = 32 * 1024 * 1024
"""What frames and seals may add to the records and photos of the largest bundle."""


@dataclass(frozen=True, slots=True)
class Exported:
    entries: int
    photos: int
    bytes: int


class NothingUnsent(Exception):
    """The server has answered for everything and has every photo."""


async def export_bundle(
    store: Store,
    identity: Identity,
    key: DeviceKey,
    at: str,
    photo_path: Callable[[str], Path | None],
    target: Path,
    note: Note = no_note,
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
        packed = await beside(
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
