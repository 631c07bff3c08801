"""Photos on their way up: resumed where a cut left them, received when the server says so."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from client.gateway.errors import Refused
from client.gateway.gateway import Gateway
from client.gateway.photos import PhotoLine
from client.store.changes import SYNC
from client.store.errors import StoreError
from client.store.identity import read_setting
from client.store.photos import (
    WaitingPhoto,
    keep_upload,
    mark_received,
    mark_refused,
    waiting_photos,
)
from client.store.progress import write_progress
from client.store.store import Store
from client.store.sync_state import change_sync_state, read_sync_state
from client.store.sync_views import Moving
from client.sync.photo_faults import PhotoFaults
from client.sync.photo_folder import PHOTO, Folder
from client.sync.progress import Course
from ledger.entry import digest
from ledger.wire.photos import PHOTOS_AT_ONCE
from ledger.wire.problems import ProblemCode

log = logging.getLogger(__name__)

LOST = "lost"
"""The problem of a photo whose file is no longer on this device, or no longer the photo."""
CONFIRM_EVERY = 10
"""Photos sent before the server is asked which of them it holds."""
TELL_EVERY_S = 1.0
WIFI_ONLY = "choice.photos_wifi_only"
CHOSEN = "true"
_FINAL = frozenset({ProblemCode.TOO_LARGE, ProblemCode.BAD_REQUEST, ProblemCode.NOT_ALLOWED})


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


class PhotoSending:
    """The photos that wait on this device, a batch at a time."""

    def __init__(
        self,
        store: Store,
        gateway: Gateway,
        folder: Folder,
        now: Callable[[], str],
        metered: Callable[[], bool],
        faults: PhotoFaults,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._line = PhotoLine(gateway)
        self._folder = folder
        self._now = now
        self._metered = metered
        self._faults = faults

    async def send_some(self) -> bool:
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
        self._faults.bear(refused)
        return _Sent.LATER

    async def _received(self, hashes: Sequence[str]) -> None:
        at = self._now()
        await self._store.write(lambda c: mark_received(c, hashes, at), {PHOTO, SYNC})

    async def _refused(self, hash: str, problem: str) -> None:
        await self._store.write(lambda c: mark_refused(c, hash, problem), {PHOTO, SYNC})
