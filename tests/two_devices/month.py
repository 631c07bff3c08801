"""A month of a school without a network, written on one phone."""

import hashlib
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy import Connection

from client.store.identity import Identity
from client.store.journal import append
from client.store.photos import note_own
from client.store.place_views import PointView
from client.store.places import points
from client.store.store import Store
from ledger.clock import Stamp
from ledger.entry import Clock
from ledger.identifiers import new_id
from ledger.rules.checkins import (
    CheckInRecorded,
    ItemResult,
    LabelRead,
    Method,
    Result,
    WindowSeen,
)
from ledger.rules.hazards.bodies import HazardReported, PhotoNote, PhotoOrigin, PhotoUse
from ledger.rules.plans import round_subject


@dataclass(frozen=True)
class Month:
    check_ins: int
    hazards: int
    photos: int


@dataclass
class Files:
    """A photo folder without a darkroom."""

    root: Path

    def path(self, hash: str) -> Path | None:
        found = self.root / hash
        return found if found.exists() else None

    def thumbnail_path(self, hash: str) -> Path | None:
        return self.root / hash

    def take_in(self, hash: str, jpeg: bytes) -> None:
        (self.root / hash).write_bytes(jpeg)

    def take_in_thumbnail(self, hash: str, jpeg: bytes) -> None:
        """Nobody looks."""

    def add(self, jpeg: bytes) -> str:
        hash = hashlib.sha256(jpeg).hexdigest()
        (self.root / hash).write_bytes(jpeg)
        return hash


def picture(rng: random.Random, size: int = 160) -> bytes:
    """A small JPEG that nothing compresses."""
    out = io.BytesIO()
    noise = Image.frombytes("RGB", (size, size), rng.randbytes(size * size * 3))
    noise.save(out, "JPEG", quality=70)
    return out.getvalue()


async def write_month(
    store: Store,
    identity: Identity,
    month: Month,
    files: Files,
    first: datetime,
    rng: random.Random,
) -> None:
    """Rounds of 40 points and hazards, a transaction a day."""
    places = await store.read(lambda c: points(c, identity.school))
    days = max(1, -(-month.check_ins // 240))
    left, hazards, photos = month.check_ins, month.hazards, month.photos
    for day in range(days):
        today, many = first + timedelta(days=day), min(240, left)
        left -= many
        reports = -(-hazards // (days - day))
        hazards -= reports

        def write(
            connection: Connection,
            today: datetime = today,
            many: int = many,
            reports: int = reports,
        ) -> None:
            nonlocal photos
            for number in range(many):
                _check_in(connection, identity, places, today, number, rng)
            for _ in range(reports):
                share = min(photos, -(-month.photos // max(1, month.hazards)))
                photos -= share
                _report(connection, identity, today, [picture(rng) for _ in range(share)], files)

        await store.write(write)


def _stamp(at: datetime) -> Stamp:
    return Stamp(
        at.isoformat(timespec="milliseconds"),
        Clock(uptime=round(at.timestamp() % 1e6, 3), boot="3f0c9a52-77b1", offset=0.21),
    )


def _check_in(
    connection: Connection,
    identity: Identity,
    places: Sequence[PointView],
    today: datetime,
    number: int,
    rng: random.Random,
) -> None:
    slot, day = number // 48 % 5, today.date().isoformat()
    at = today + timedelta(hours=3 * slot, seconds=50 * (number % 48) + rng.randrange(20))
    place = places[number % len(places)]
    append(
        connection,
        identity,
        _stamp(at),
        kind="checkin.recorded",
        subject=round_subject("daily", day, slot),
        body=CheckInRecorded(
            label=LabelRead(method=Method.SCAN, token=place.label.token if place.label else ""),
            point=place.id,
            point_seen=place.seen,
            area=place.area,
            spot=place.spot,
            window=WindowSeen(
                plan="daily",
                day=day,
                slot=slot,
                opens=today.replace(hour=0).isoformat(),
                closes=today.replace(hour=23).isoformat(),
            ),
            items=tuple(ItemResult(item=item.id, result=Result.NORMAL) for item in place.items),
        ),
    )


def _report(
    connection: Connection,
    identity: Identity,
    today: datetime,
    pictures: Sequence[bytes],
    files: Files,
) -> None:
    taken = [(files.add(jpeg), len(jpeg)) for jpeg in pictures]
    entry = append(
        connection,
        identity,
        _stamp(today + timedelta(hours=10)),
        kind="hazard.reported",
        subject=f"hazard:{new_id()}",
        body=HazardReported(
            content="消防通道堆放杂物",
            area="gate",
            photos=tuple(
                PhotoNote(hash=hash, use=PhotoUse.BEFORE, origin=PhotoOrigin.CAMERA)
                for hash, _ in taken
            ),
        ),
        photos=[hash for hash, _ in taken],
    )
    note_own(connection, entry.header.id, taken, today.isoformat())
