"""What of this device has not reached the server: the content of a bundle."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from client.store.identity import Identity
from client.store.journal import own_end
from client.store.outgoing import keep_head, outgoing_from
from client.store.own_chain import exported_up_to, note_exported, take_exported_back
from client.store.photos import PhotoState
from client.store.queue import own_entries
from client.store.tables import PHOTO
from ledger.bundle.format import (
    BUNDLE_LIMIT_ENTRIES,
    BUNDLE_LIMIT_PHOTOS,
    BUNDLE_LIMIT_RECORD_BYTES,
)
from ledger.keys import Head
from ledger.wire.journal import SentEntry


@dataclass(frozen=True, slots=True)
class Parcel:
    entries: list[SentEntry]
    number: int
    hash: str
    """Where this device's chain ends with them."""
    photos: list[str]
    """Waiting ones, oldest first."""


def parcel(connection: Connection, identity: Identity) -> Parcel | None:
    """Everything unsent, oldest first, as much as a bundle may hold; None when there is nothing.

    From the first unanswered entry on all are taken, answered or not: they are one chain.
    """
    own = own_entries(connection, identity)
    outgoing = None
    if own.pending:
        outgoing = outgoing_from(
            connection,
            identity,
            own.first_pending,
            BUNDLE_LIMIT_ENTRIES,
            BUNDLE_LIMIT_RECORD_BYTES // 2,  # quoted as JSON they are twice as long at most
        )
    photos = connection.scalars(
        select(PHOTO.c.hash)
        .where(PHOTO.c.state == PhotoState.WAITING.value)
        .order_by(PHOTO.c.kept_at, PHOTO.c.hash)
        .limit(BUNDLE_LIMIT_PHOTOS)
    ).all()
    if outgoing is not None:
        return Parcel(outgoing.entries, outgoing.number, outgoing.hash, list(photos))
    end = own_end(connection, identity.device)
    return Parcel([], end.number, end.hash, list(photos)) if photos and end.number else None


def note_parcel(connection: Connection, head: Head) -> int:
    """A bundle with this head leaves the device: its numbers are used for good. Returns how far
    they had been before."""
    before = exported_up_to(connection)
    keep_head(connection, head)
    note_exported(connection, head.number)
    return before


def take_parcel_back(connection: Connection, head: Head, before: int) -> None:
    """It did not leave after all."""
    take_exported_back(connection, head.number, before)
