"""The photo lane: entries go first, photos follow; what is wanted here comes down.

Up: every photo of an answered entry, resumed where a cut left it. Down: on any connection the
thumbnails of open hazards, and the originals of those that wait for this person, so that a
returned hazard is whole offline; over mobile data the originals only when they are opened.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from client.gateway.errors import Refused
from client.gateway.gateway import Gateway
from client.gateway.photos import PhotoLine
from client.store.changes import SYNC
from client.store.cursors import read_epoch
from client.store.errors import StoreError
from client.store.identity import Identity, read_setting
from client.store.photos import (
    WaitingPhoto,
    keep_upload,
    mark_received,
    mark_refused,
    mark_waiting,
    read_asked_epoch,
    received_photos,
    waiting_photos,
    write_asked_epoch,
)
from client.store.progress import forget_progress, write_progress
from client.store.storage import wanted_photos
from client.store.store import Store
from client.store.sync_state import change_sync_state, read_sync_state
from client.store.sync_views import Moving
from client.sync.progress import Course
from ledger.entry import digest
from ledger.wire.photos import PHOTOS_AT_ONCE
from ledger.wire.problems import ProblemCode

log = logging.getLogger(__name__)

PHOTO = "photo"
"""The topic of `client.store.changes` for photos that came or went."""
LOST = "lost"
"""The problem of a photo whose file is no longer on this device, or no longer the photo."""
FAULTS_BORNE = 5
"""Photos the server may stumble over in a run before it is taken for the server's own trouble."""
ORIGINALS_AT_ONCE = 100
CONFIRM_EVERY = 10
"""Photos sent before the server is asked which of them it holds."""
TELL_EVERY_S = 1.0
WIFI_ONLY = "choice.photos_wifi_only"
CHOSEN = "true"
_FINAL = frozenset({ProblemCode.TOO_LARGE, ProblemCode.BAD_REQUEST, ProblemCode.NOT_ALLOWED})


class Folder(Protocol):
    """The port to this device's photo files."""

    def path(self, hash: str) -> Path | None: ...

    def thumbnail_path(self, hash: str) -> Path | None: ...

    def take_in(self, hash: str, jpeg: bytes) -> None: ...

    def take_in_thumbnail(self, hash: str, jpeg: bytes) -> None: ...


class _Sent(StrEnum):
    """What became of one try."""

    HANDED_OVER = "handed_over"
    """All bytes are there; the server is yet to be asked for its word."""
    SETTLED = "settled"
    """It will not be sent: lost here, or refused for good."""
    LATER = "later"


@dataclass
class _Bar:
    """How many photos are through; one half sent counts as a half."""

    course: Course
    done: float

    def write(self, connection: Connection) -> None:
        write_progress(connection, self.course.reached(self.done))


class PhotoLane:
    """`metered` says whether the connection costs its owner money. `broken` names the errors of
    the folder for a photo that can't be kept."""

    def __init__(
        self,
        store: Store,
        gateway: Gateway,
        identity: Identity,
        folder: Folder,
        now: Callable[[], str],
        metered: Callable[[], bool] = lambda: False,
        broken: tuple[type[Exception], ...] = (),
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._line = PhotoLine(gateway)
        self._identity = identity
        self._folder = folder
        self._now = now
        self._metered = metered
        self._broken = broken
        self._faults: list[Refused] = []

    async def run(self) -> None:
        """Send what waits, then fetch what is wanted. Raises `GatewayError` and `StoreError`; what
        the server stumbles over keeps back nothing else."""
        self._faults = []
        await self._ask_again()
        try:
            while await self._send_some():
                pass
        finally:
            await self._store.write(lambda c: forget_progress(c, (Moving.PHOTOS,)), {SYNC})
        await self._fetch_wanted()
        if self._faults:
            raise self._faults[0]

    async def fetch(self, hash: str, *, thumbnail: bool) -> None:
        """Bring one photo here when the server has it. Raises `GatewayError`."""
        data = await self._line.fetch(hash, thumbnail=thumbnail)
        if data is None:
            return
        keep = self._folder.take_in_thumbnail if thumbnail else self._folder.take_in
        try:
            await asyncio.to_thread(keep, hash, data)
        except self._broken as error:
            log.warning("photo %s was not kept: %s", hash[:8], type(error).__name__)

    async def _ask_again(self) -> None:
        """A server that begins a new epoch may have been restored from a backup, and its backup
        may lack photos it had confirmed: whatever it no longer has is sent again."""
        epoch, before = await self._store.read(lambda c: (read_epoch(c), read_asked_epoch(c)))
        if epoch == before:
            return
        await self.confirm_received()
        await self._store.write(lambda c: write_asked_epoch(c, epoch))

    async def confirm_received(self) -> None:
        """Ask again about every photo that counts as received; what the server has lost waits
        again. Raises `GatewayError`."""
        sent = await self._store.read(received_photos)
        for start in range(0, len(sent), PHOTOS_AT_ONCE):
            some = sent[start : start + PHOTOS_AT_ONCE]
            lost = sorted(set(some) - await self._gateway.photos_held(some))
            if lost:
                await self._store.write(lambda c, lost=lost: mark_waiting(c, lost), {PHOTO, SYNC})

    async def _send_some(self) -> bool:
        """A batch of waiting photos; True when another one may be waiting."""
        waiting = await self._store.read(waiting_photos)
        if not waiting or await self._waits_for_wifi():
            return False
        held = await self._confirm(waiting)
        rest = [photo for photo in waiting if photo.hash not in held]
        moved = len(held)
        async with self._shown(len(waiting), moved) as bar:
            for start in range(0, len(rest), CONFIRM_EVERY):
                group = rest[start : start + CONFIRM_EVERY]
                settled = 0
                handed: list[WaitingPhoto] = []
                for photo in group:
                    sent = await self._send(photo, bar)
                    if sent is _Sent.HANDED_OVER:
                        handed.append(photo)
                    settled += sent is _Sent.SETTLED
                    if await self._waits_for_wifi():
                        break
                moved += settled + len(await self._confirm(handed))
        return moved > 0 and len(waiting) == PHOTOS_AT_ONCE

    async def _confirm(self, photos: Sequence[WaitingPhoto]) -> set[str]:
        """Which of these the server says it holds whole. Only its word makes one received; what
        was sent and is not there is begun anew at the next run."""
        if not photos:
            return set()
        asked = {photo.hash for photo in photos}
        held = await self._gateway.photos_held(sorted(asked)) & asked
        if held:
            await self._received(sorted(held))
        return held

    async def _waits_for_wifi(self) -> bool:
        """The person wants photos sent over Wi-Fi only, and this is mobile data."""
        metered = self._metered()

        def waits(connection: Connection) -> tuple[bool, bool]:
            chosen = read_setting(connection, WIFI_ONLY) == CHOSEN
            return chosen and metered, read_sync_state(connection).photos_wait_for_wifi

        now, before = await self._store.read(waits)
        if now != before:
            await self._store.write(
                lambda c: change_sync_state(c, photos_wait_for_wifi=now), {SYNC}
            )
        return now

    @asynccontextmanager
    async def _shown(self, total: int, done: int) -> AsyncIterator[_Bar]:
        """Write down once a second how far it has come."""
        bar = _Bar(Course(Moving.PHOTOS, total), float(done))

        async def keep_telling() -> None:
            while True:
                await self._store.write(bar.write, {SYNC})
                await asyncio.sleep(TELL_EVERY_S)

        telling = asyncio.create_task(keep_telling())
        try:
            yield bar
        finally:
            telling.cancel()
            with suppress(asyncio.CancelledError, StoreError):
                await telling

    async def _send(self, photo: WaitingPhoto, bar: _Bar) -> _Sent:
        path = self._folder.path(photo.hash)
        if path is None:
            await self._refused(photo.hash, LOST)
            return _Sent.SETTLED
        try:
            data = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            log.warning("photo %s can't be read: %s", photo.hash[:8], type(error).__name__)
            return _Sent.LATER
        if digest(data) != photo.hash:
            await self._refused(photo.hash, LOST)
            return _Sent.SETTLED
        try:
            upload, offset = photo.upload, await self._offset(photo)
            if offset is None:
                upload, offset = await self._line.begin(photo.hash, len(data)), 0
                await self._store.write(lambda c: keep_upload(c, photo.hash, upload))
            before = bar.done

            def sent(bytes: int) -> None:
                bar.done = before + (offset + bytes) / max(len(data), 1)

            await self._line.send(upload, offset, data[offset:], sent)
            bar.done = before + 1
        except Refused as refused:
            return await self._turned_away(photo, refused)
        await self._store.write(lambda c: keep_upload(c, photo.hash, ""))
        return _Sent.HANDED_OVER

    async def _offset(self, photo: WaitingPhoto) -> int | None:
        return await self._line.offset(photo.upload) if photo.upload else None

    async def _turned_away(self, photo: WaitingPhoto, refused: Refused) -> _Sent:
        if refused.code is ProblemCode.PHOTO_HELD:
            return _Sent.HANDED_OVER
        if refused.code in _FINAL:
            await self._refused(photo.hash, refused.code.value)
            return _Sent.SETTLED
        if refused.code is ProblemCode.OUT_OF_STEP:
            # Another request of ours got there first: the next run asks where it is.
            return _Sent.LATER
        if refused.code in (ProblemCode.HASH_WRONG, ProblemCode.PHOTO_UNKNOWN):
            # Begin anew at the next run: the way there was bad, or our entry has yet to arrive.
            await self._store.write(lambda c: keep_upload(c, photo.hash, ""))
            return _Sent.LATER
        self._bear(refused)
        return _Sent.LATER

    def _bear(self, refused: Refused) -> None:
        """A fault of the server's may be of this one photo. Raises `Refused` where it is not."""
        if refused.code is not ProblemCode.SERVER_FAULT or len(self._faults) >= FAULTS_BORNE:
            raise refused
        self._faults.append(refused)

    async def _received(self, hashes: Sequence[str]) -> None:
        at = self._now()
        await self._store.write(lambda c: mark_received(c, hashes, at), {PHOTO, SYNC})

    async def _refused(self, hash: str, problem: str) -> None:
        await self._store.write(lambda c: mark_refused(c, hash, problem), {PHOTO, SYNC})

    async def _fetch_wanted(self) -> None:
        everybodys, ours = await self._store.read(lambda c: wanted_photos(c, self._identity))
        came = 0
        try:
            for hash in everybodys:
                if self._folder.thumbnail_path(hash) is None:
                    came += await self._fetched(hash, thumbnail=True)
            if not self._metered():
                for hash in ours[:ORIGINALS_AT_ONCE]:
                    if self._folder.path(hash) is None:
                        came += await self._fetched(hash, thumbnail=False)
        finally:
            if came:
                self._store.changes.publish({PHOTO})

    async def _fetched(self, hash: str, *, thumbnail: bool) -> bool:
        try:
            await self.fetch(hash, thumbnail=thumbnail)
        except Refused as refused:
            self._bear(refused)
            return False
        return True
