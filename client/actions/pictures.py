"""Pictures of something somebody is writing down, and how they become photos of an entry.

A picture is kept as a file the moment it is taken. Only when the entry is saved does it get its
watermark, which names the entry, and its final name; it is on the disk before the entry is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from client.store.hazard_drafts import Picture
from client.store.identity import Identity
from client.store.photos import note_own
from client.store.places import person, school, zone_of
from client.store.store import Store
from ledger.rules.hazards.bodies import PhotoNote


@dataclass(frozen=True, slots=True)
class Marking:
    """What is burned into a photo."""

    school: str
    place: str
    at: str
    person: str
    entry: str


@dataclass(frozen=True, slots=True)
class Developed:
    """A photo that is on the disk under its final name."""

    hash: str
    bytes: int
    source: str
    """SHA-256 of the picture as it was taken."""


class Album(Protocol):
    """The port to this device's photos. Errors are `ActionFailed`."""

    async def add(self, picture: bytes) -> str:
        """Keep a picture that was just taken, durably; returns its name."""
        ...

    async def preview(self, picture: Picture) -> bytes:
        """A small JPEG of it, upright, with what was drawn on it."""
        ...

    async def develop(self, picture: Picture, marking: Marking) -> Developed: ...

    async def remove(self, names: Sequence[str]) -> None:
        """Forget pictures that were saved or thrown away."""
        ...

    async def photo(self, hash: str) -> Path | None:
        """The file of a photo, fetched when it is not here; None while there is no network."""
        ...

    async def thumbnail(self, hash: str) -> Path | None: ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """Photos that are on the disk, waiting for the entry that names them."""

    notes: tuple[PhotoNote, ...]
    sizes: tuple[tuple[str, int], ...]

    @property
    def hashes(self) -> tuple[str, ...]:
        return tuple(note.hash for note in self.notes)


async def prepare(
    store: Store,
    album: Album,
    identity: Identity,
    pictures: Sequence[Picture],
    *,
    entry: str,
    place: str,
    at: datetime,
) -> Prepared:
    """Develop the pictures of the entry `entry`; raises `ActionFailed`, and nothing is lost:
    the pictures stay until `Album.remove`."""
    if not pictures:
        return Prepared((), ())

    def read(connection: Connection) -> Marking:
        about = school(connection, identity.school)
        who = person(connection, identity.school, identity.actor)
        local = at.astimezone(zone_of(connection, identity.school))
        return Marking(
            school=about.name if about else identity.school,
            place=place,
            at=local.strftime("%Y-%m-%d %H:%M:%S"),
            person=who.name if who else identity.actor,
            entry=entry[-8:].upper(),
        )

    marking = await store.read(read)
    notes: dict[str, PhotoNote] = {}
    sizes: dict[str, int] = {}
    for picture in pictures:
        done = await album.develop(picture, marking)
        notes[done.hash] = PhotoNote(
            hash=done.hash, use=picture.use, origin=picture.origin, source=done.source
        )
        sizes[done.hash] = done.bytes
    return Prepared(tuple(notes.values()), tuple(sizes.items()))


def note_prepared(connection: Connection, entry: str, prepared: Prepared, at: str) -> None:
    """In the entry's transaction: its photos have to be sent."""
    note_own(connection, entry, prepared.sizes, at)
