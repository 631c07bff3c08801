"""The photo lane: entries go first, photos follow; what is wanted here comes down.

Up: every photo of an answered entry, resumed where a cut left it. Down: on any connection the
thumbnails of open hazards, and the originals of those that wait for this person, so that a
returned hazard is whole offline; over mobile data the originals only when they are opened.
"""

import asyncio
import logging
from collections.abc import Callable

from client.gateway.errors import Refused
from client.gateway.gateway import Gateway
from client.gateway.photos import PhotoLine
from client.store.changes import SYNC
from client.store.cursors import read_epoch
from client.store.identity import Identity
from client.store.photos import mark_waiting, read_asked_epoch, received_photos, write_asked_epoch
from client.store.progress import forget_progress
from client.store.storage import wanted_photos
from client.store.store import Store
from client.store.sync_views import Moving
from client.sync.photo_faults import PhotoFaults
from client.sync.photo_folder import PHOTO, Folder
from client.sync.photo_sending import PhotoSending
from ledger.wire.photos import PHOTOS_AT_ONCE

log = logging.getLogger(__name__)

ORIGINALS_AT_ONCE = 100


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
        self._metered = metered
        self._broken = broken
        self._faults = PhotoFaults()
        self._sending = PhotoSending(store, gateway, folder, now, metered, self._faults)

    async def run(self) -> None:
        """Send what waits, then fetch what is wanted. Raises `GatewayError` and `StoreError`; what
        the server stumbles over keeps back nothing else."""
        self._faults.begin()
        await self._ask_again()
        try:
            while await self._sending.send_some():
                pass
        finally:
            await self._store.write(lambda c: forget_progress(c, (Moving.PHOTOS,)), {SYNC})
        await self._fetch_wanted()
        self._faults.tell()

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
            self._faults.bear(refused)
            return False
        return True
