"""This device's own photos on their way to the district, and how far each has come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, func, select, update

from client.store.identity import read_setting, write_setting
from client.store.photo_views import PhotoReach
from client.store.sync_state import read_sync_state
from client.store.tables import PHOTO
from ledger.bulk import insert_rows
from ledger.tables.journal import ENTRY
from ledger.verdicts import Verdict
from ledger.wire.photos import PHOTOS_AT_ONCE

ASKED_EPOCH = "photos_epoch"


class PhotoState(StrEnum):
    WAITING = "waiting"
    RECEIVED = "received"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class WaitingPhoto:
    hash: str
    entry: str
    bytes: int
    upload: str
    """Where a broken-off upload goes on; empty before the first try."""


@dataclass(frozen=True, slots=True)
class PhotoCounts:
    waiting: int
    refused: int


def note_own(
    connection: Connection, entry: str, photos: Iterable[tuple[str, int]], kept_at: str
) -> None:
    """In the transaction that writes the entry: these photos (hash, bytes) have to be sent."""
    rows = [
        {
            "hash": hash,
            "entry": entry,
            "bytes": size,
            "state": PhotoState.WAITING.value,
            "upload": "",
            "problem": "",
            "kept_at": kept_at,
            "received_at": "",
        }
        for hash, size in photos
    ]
    insert_rows(connection, PHOTO, rows, ignore_known=True)


def waiting_photos(connection: Connection, limit: int = PHOTOS_AT_ONCE) -> list[WaitingPhoto]:
    """Those whose entry the server has answered for, oldest first: entries go first."""
    rows = connection.execute(
        select(PHOTO.c.hash, PHOTO.c.entry, PHOTO.c.bytes, PHOTO.c.upload)
        .join(ENTRY, ENTRY.c.id == PHOTO.c.entry)
        .where(
            PHOTO.c.state == PhotoState.WAITING.value,
            ENTRY.c.verdict != Verdict.PENDING.value,
        )
        .order_by(PHOTO.c.kept_at, PHOTO.c.hash)
        .limit(limit)
    )
    return [WaitingPhoto(row.hash, row.entry, row.bytes, row.upload) for row in rows]


def keep_upload(connection: Connection, hash: str, upload: str) -> None:
    """Remember where the upload goes on after a cut."""
    connection.execute(update(PHOTO).where(PHOTO.c.hash == hash).values(upload=upload))


def mark_received(connection: Connection, hashes: Sequence[str], at: str) -> None:
    connection.execute(
        update(PHOTO)
        .where(PHOTO.c.hash.in_(hashes))
        .values(state=PhotoState.RECEIVED.value, upload="", problem="", received_at=at)
    )


def received_photos(connection: Connection) -> list[str]:
    """Own photos the server has confirmed."""
    received = PHOTO.c.state == PhotoState.RECEIVED.value
    return list(connection.scalars(select(PHOTO.c.hash).where(received).order_by(PHOTO.c.hash)))


def mark_waiting(connection: Connection, hashes: Sequence[str]) -> None:
    """The server no longer has them."""
    connection.execute(
        update(PHOTO)
        .where(PHOTO.c.hash.in_(hashes))
        .values(state=PhotoState.WAITING.value, upload="", received_at="")
    )


def read_asked_epoch(connection: Connection) -> str:
    """In which of the server's epochs it was last asked about the photos it has confirmed."""
    return from_json(read_setting(connection, ASKED_EPOCH) or '""')


def write_asked_epoch(connection: Connection, epoch: str) -> None:
    write_setting(connection, ASKED_EPOCH, to_json(epoch).decode())


def mark_refused(connection: Connection, hash: str, problem: str) -> None:
    """The server will not take it; `problem` is its code. The file stays."""
    connection.execute(
        update(PHOTO)
        .where(PHOTO.c.hash == hash)
        .values(state=PhotoState.REFUSED.value, upload="", problem=problem)
    )


def wait_again(connection: Connection, entries: Sequence[str]) -> None:
    """The server has lost these entries: it is asked again about their photos."""
    for start in range(0, len(entries), 500):
        connection.execute(
            update(PHOTO)
            .where(
                PHOTO.c.entry.in_(entries[start : start + 500]),
                PHOTO.c.state == PhotoState.RECEIVED.value,
            )
            .values(state=PhotoState.WAITING.value, received_at="")
        )


def own_photos(connection: Connection) -> set[str]:
    """All photos this device has taken."""
    return set(connection.scalars(select(PHOTO.c.hash)))


def photo_counts(connection: Connection) -> PhotoCounts:
    rows = connection.execute(select(PHOTO.c.state, func.count()).group_by(PHOTO.c.state))
    many = {state: number for state, number in rows}
    return PhotoCounts(many.get(PhotoState.WAITING.value, 0), many.get(PhotoState.REFUSED.value, 0))


def reaches(connection: Connection, hashes: Sequence[str]) -> dict[str, PhotoReach]:
    """How far each of this device's photos has come, by the server's word."""
    disputed = read_sync_state(connection).disputed
    found = dict.fromkeys(hashes, PhotoReach.OF_OTHERS)
    rows = connection.execute(
        select(PHOTO.c.hash, PHOTO.c.state, ENTRY.c.verdict)
        .outerjoin(ENTRY, ENTRY.c.id == PHOTO.c.entry)
        .where(PHOTO.c.hash.in_(hashes))
    )
    for row in rows:
        if row.state == PhotoState.RECEIVED.value:
            found[row.hash] = PhotoReach.COMPLETE
        elif row.state == PhotoState.REFUSED.value:
            found[row.hash] = PhotoReach.REFUSED
        else:
            arrived = row.verdict not in (None, Verdict.PENDING.value) and not disputed
            found[row.hash] = PhotoReach.RECORD_ARRIVED if arrived else PhotoReach.ONLY_HERE
    return found
