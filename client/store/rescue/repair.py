"""Replaces a damaged database by a sound one, made of what can still be read."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, select

from client.store.cursors import EPOCH, Position, read_position
from client.store.database import Database
from client.store.errors import StoreError
from client.store.exchange import discard, exchange, new_beside
from client.store.identity import Identity, read_identity, read_setting, write_setting
from client.store.photos import note_own
from client.store.rescue.merge import Merged, merge
from client.store.rescue.note import (
    ChainState,
    RescueNote,
    missing_of,
    set_chain_state,
    unsent_of,
    write_note,
)
from client.store.tables import CURSOR, PHOTO
from client.store.upkeep import follow_rules
from ledger.bulk import insert_rows
from ledger.entry import UnreadableEntry, read_entry
from ledger.keys import Head
from ledger.photos import note_photos
from ledger.tables.journal import ENTRY, ENTRY_PHOTO


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was opened to stand beside the damaged file."""

    path: Path
    made_at: str
    head: Head | None
    """What the device signed for its own chain when the backup was made."""


def repair(
    path: Path,
    at: str,
    open_backup: Callable[[Path], Backup | None] | None = None,
    photo_bytes: Callable[[str], int | None] = lambda _hash: None,
) -> RescueNote | None:
    """Make a new database of what is readable in the damaged one at `path`, and of a backup.

    `open_backup` writes the newest backup to the path it is given; `photo_bytes` says how large
    a photo's file on this device is. `at` is the time now. Returns None, and changes nothing, when
    nothing at all could be had. Raises `StoreError`, and changes nothing, when the disk refuses.
    """
    new = new_beside(path)
    discard(new)
    try:
        backup = None if open_backup is None else open_backup(new)
        sound = Database.open(new)
        try:
            note = sound.write_now(lambda c: _fill(c, path, at, backup, photo_bytes))
        finally:
            sound.close()
    except (StoreError, OSError):
        discard(new)
        raise
    if note is None:
        discard(new)
        return None
    exchange(path, note.put_aside)
    return note


def _fill(
    connection: Connection,
    path: Path,
    at: str,
    backup: Backup | None,
    photo_bytes: Callable[[str], int | None],
) -> RescueNote | None:
    before = read_position(connection)
    merged = merge(connection, path)
    identity = read_identity(connection)
    if identity is None and not merged.entries:
        return None
    _photos(connection, identity, at, photo_bytes)
    _read_again(connection, identity, merged, before)
    # What names pupils is projected once its seal is at hand.
    for name in ("rules", "rules_private"):
        write_setting(connection, name, None)
    follow_rules(connection)
    aside = f"{path.name}.damaged-{''.join(c for c in at[:19] if c.isdigit())}"
    note = _note(connection, merged, backup, at, aside)
    write_note(connection, note)
    set_chain_state(connection, ChainState.IN_DOUBT)
    return note


def _note(
    connection: Connection, merged: Merged, backup: Backup | None, at: str, aside: str
) -> RescueNote:
    entries = connection.execute(select(ENTRY.c.id, ENTRY.c.device)).all()
    device = merged.device
    known = max(
        merged.largest.get(device, 0),
        backup.head.number if backup and backup.head and backup.head.device == device else 0,
        _confirmed(connection),
    )
    return RescueNote(
        at=at,
        rescued=len(entries),
        own=sum(row.device == device for row in entries),
        unsent=unsent_of(connection, device),
        backup="" if backup is None else backup.made_at,
        missing=missing_of(connection, device, known),
        put_aside=aside,
    )


def _confirmed(connection: Connection) -> int:
    """How far the server once said it holds this device's entries."""
    found = from_json(read_setting(connection, "sync") or "{}").get("confirmed", 0)
    return found if isinstance(found, int) else 0


def _read_again(
    connection: Connection, identity: Identity | None, merged: Merged, backup: Position
) -> None:
    """What may be missing is pulled again: all since the backup, or all there is. What is here
    already is recognised. The scopes stay named, so that one lost meanwhile is wiped."""
    if merged.whole:
        return
    connection.execute(CURSOR.update().values(seq=0))
    if identity is not None:
        rows = [{"scope": scope, "seq": 0} for scope in identity.scopes]
        insert_rows(connection, CURSOR, rows, ignore_known=True)
    for scope, seq in backup.cursors.items():
        connection.execute(CURSOR.update().where(CURSOR.c.scope == scope).values(seq=seq))
    write_setting(connection, EPOCH, to_json(backup.epoch).decode())


def _photos(
    connection: Connection,
    identity: Identity | None,
    at: str,
    photo_bytes: Callable[[str], int | None],
) -> None:
    """Which entries name which photos; own ones whose file is here and of which nothing is known
    are offered to the server again."""
    connection.execute(ENTRY_PHOTO.delete())
    known = set(connection.scalars(select(PHOTO.c.hash)))
    query = select(ENTRY.c.header, ENTRY.c.device).order_by(ENTRY.c.device, ENTRY.c.number)
    for row in connection.execute(query).all():
        if b'"photos":[]' in row.header:
            continue
        try:
            header = read_entry(bytes(row.header), None).header
        except UnreadableEntry:
            continue
        note_photos(connection, [header])
        if identity is None or row.device != identity.device:
            continue
        sizes = [(hash, photo_bytes(hash)) for hash in header.photos if hash not in known]
        here = [(hash, size) for hash, size in sizes if size is not None]
        note_own(connection, header.id, here, at)
