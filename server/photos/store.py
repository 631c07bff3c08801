"""The district's photos: one copy per school and hash, checked before it counts.

Works synchronously; routes run it on the district's threads.
"""

import hashlib
import io
import logging
from collections.abc import Sequence

from PIL import Image
from sqlalchemy import Connection, false, or_, select

from ledger.codes import DISTRICT
from ledger.permissions import grants_for
from ledger.scopes import reads
from ledger.tables.journal import ENTRY, ENTRY_PHOTO
from server.clock import Now, moment
from server.database import Database, insert_unless_there
from server.journal.append import Sender
from server.journal.people import devices_of, read_author
from server.photos.shelves import Shelf, ShelfFailed
from server.tables import PHOTO

log = logging.getLogger(__name__)

THUMBNAIL_SIDE = 320
LARGEST_PIXELS = 20_000_000
"""Devices make them 1600 px wide; whatever is much larger was not made by one."""
_JPEG_BEGINS = b"\xff\xd8\xff"


class NotThePhoto(Exception):
    """These bytes are not what their name says, or not a JPEG."""


class PhotoStore:
    def __init__(self, database: Database, shelf: Shelf, now: Now) -> None:
        self._database = database
        self._shelf = shelf
        self._now = now

    def may_send(self, sender: Sender, hash: str) -> bool:
        """A device may send what an entry of its person names: it may have had another key, and
        another id, when that was written."""
        with self._database.read() as connection:
            mine = select(ENTRY_PHOTO.c.hash).where(
                ENTRY_PHOTO.c.school == sender.school,
                ENTRY_PHOTO.c.hash == hash,
                ENTRY_PHOTO.c.device.in_(devices_of(sender.school, sender.actor)),
            )
            return connection.scalar(mine.limit(1)) is not None

    def may_see(self, sender: Sender, hashes: Sequence[str]) -> set[str]:
        """Those that an entry names which this person may read."""
        with self._database.read() as connection:
            return _visible(connection, sender, hashes)

    def held(self, school: str, hashes: Sequence[str]) -> set[str]:
        with self._database.read() as connection:
            return set(_homes(connection, school, hashes))

    def watched(self, hash: str) -> bool:
        """Whether the district's own journal names it."""
        with self._database.read() as connection:
            named = select(ENTRY_PHOTO.c.hash).where(
                ENTRY_PHOTO.c.school == DISTRICT, ENTRY_PHOTO.c.hash == hash
            )
            return connection.scalar(named.limit(1)) is not None

    def keep(self, sender: Sender, hash: str, data: bytes) -> None:
        """Raises `NotThePhoto` and `ShelfFailed`; then nothing is kept."""
        if hashlib.sha256(data).hexdigest() != hash or not data.startswith(_JPEG_BEGINS):
            raise NotThePhoto
        self._shelf.put(_key(sender.school, hash), data)
        row = {
            "school": sender.school,
            "hash": hash,
            "bytes": len(data),
            "device": sender.device,
            "received_at": moment(self._now()),
        }
        with self._database.write() as connection:
            insert_unless_there(connection, PHOTO, row)

    def _home(self, school: str, hash: str) -> str:
        """Empty while it isn't held."""
        with self._database.read() as connection:
            return _homes(connection, school, [hash]).get(hash, "")

    def get(self, school: str, hash: str) -> bytes | None:
        """`school` is the asker's; a photo the district looks at lies with its own school. Raises
        `ShelfFailed`."""
        home = self._home(school, hash)
        return self._whole(home, hash) if home else None

    def _whole(self, home: str, hash: str) -> bytes | None:
        found = self._shelf.get(_key(home, hash))
        if found is None:
            log.error("photo %s of %s is no longer in the storage", hash, home)
        elif hashlib.sha256(found).hexdigest() != hash:
            log.error("in place of photo %s of %s the storage has something else", hash, home)
            raise ShelfFailed("not the photo")
        return found

    def thumbnail(self, school: str, hash: str) -> bytes | None:
        """Made at the first asking and kept."""
        home = self._home(school, hash)
        if not home:
            return None
        key = _key(home, hash, "thumb.jpg")
        found = self._shelf.get(key)
        if found is not None:
            return found
        whole = self._whole(home, hash)
        if whole is None:
            return None
        small = _small(whole)
        if small is not None:
            self._shelf.put(key, small)
        return small


def _homes(connection: Connection, school: str, hashes: Sequence[str]) -> dict[str, str]:
    """Under which school each of these photos is held. The district has none of its own: it sees
    those of the schools whose hazards it watches, each only where that hazard's school keeps it."""
    if school != DISTRICT:
        there = select(PHOTO.c.hash).where(PHOTO.c.school == school, PHOTO.c.hash.in_(hashes))
        return dict.fromkeys(connection.scalars(there), school)
    named = (
        select(ENTRY_PHOTO.c.hash, ENTRY.c.subject)
        .join(ENTRY, ENTRY.c.id == ENTRY_PHOTO.c.entry)
        .where(ENTRY_PHOTO.c.school == DISTRICT, ENTRY_PHOTO.c.hash.in_(hashes))
    )
    schools: dict[str, set[str]] = {}
    for row in connection.execute(named):
        _, of_school, _ = row.subject.split(":", 2)
        schools.setdefault(of_school, set()).add(row.hash)
    return {
        hash: of_school
        for of_school, some in schools.items()
        for hash in _homes(connection, of_school, sorted(some))
    }


def _visible(connection: Connection, sender: Sender, hashes: Sequence[str]) -> set[str]:
    author = read_author(connection, sender.school, sender.actor)
    grants = grants_for(sender.school, author)
    named = select(ENTRY_PHOTO.c.hash).where(
        ENTRY_PHOTO.c.school == sender.school,
        ENTRY_PHOTO.c.hash.in_(hashes),
        or_(false(), *(reads(ENTRY_PHOTO.c.scope, grant) for grant in grants)),
    )
    return set(connection.scalars(named.distinct()))


def _key(school: str, hash: str, ending: str = "jpg") -> str:
    return f"{school}/{hash[:2]}/{hash}.{ending}"


def _small(jpeg: bytes) -> bytes | None:
    """None when it is no picture after all: the bytes are what their author signed for."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
            if image.width * image.height > LARGEST_PIXELS:
                return None
            image.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
            image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
            out = io.BytesIO()
            image.convert("RGB").save(out, "JPEG", quality=75)
            return out.getvalue()
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return None
