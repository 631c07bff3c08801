"""What keeps this device's database from being lost: nightly copies, and a repair from them."""

import asyncio
import logging

from client.device.clock import DeviceClock
from client.device.vault import DeviceVault, SecretStoreError
from client.nightly import back_up_nightly
from client.photos.folder import PhotoFolder
from client.settings import ClientSettings
from client.store.backups import Backups, Sign, forget_backups
from client.store.errors import NotADatabase, StoreFull
from client.store.exchange import forget_put_aside
from client.store.rescue.repair import repair

log = logging.getLogger(__name__)


class Safekeeping:
    def __init__(self, settings: ClientSettings, clock: DeviceClock, photos: PhotoFolder) -> None:
        self._settings = settings
        self._clock = clock
        self._photos = photos
        self._nightly: asyncio.Task[None] | None = None

    async def repair(self, vault: DeviceVault) -> None:
        """Make a sound database of the damaged one and of the newest copy.

        Raises `NotADatabase` when nothing could be had of either, `StoreFull` when the disk
        refuses; then nothing has changed.
        """
        path = self._settings.database
        now = self._clock.stamp().at
        try:
            open_backup = (await self._backups(vault)).open_newest
        except SecretStoreError as error:
            log.warning("repairing without copies: %s", type(error).__name__)
            open_backup = None
        try:
            note = await asyncio.to_thread(repair, path, now, open_backup, self._photo_bytes)
        except OSError as error:
            raise StoreFull(path) from error
        if note is None:
            raise NotADatabase(path)
        log.warning("repaired %s: %s", path.name, note)

    async def begin_nightly(self, vault: DeviceVault) -> None:
        """Copy the database every night from now on. Raises `SecretStoreError`."""
        if self._nightly is not None:
            return
        backups = await self._backups(vault)

        async def signer() -> Sign | None:
            key = await vault.device_key()
            at = self._clock.stamp().at
            if key is None:
                return None
            return lambda device, number, hash: key.sign_head(device, number, hash, at)

        self._nightly = asyncio.create_task(
            back_up_nightly(backups, self._settings.database, self._clock.true_now, signer),
            name="nightly",
        )

    def stop(self) -> None:
        if self._nightly is not None:
            self._nightly.cancel()
            self._nightly = None

    def forget_copies(self) -> None:
        """Nothing of this person is to stay here."""
        forget_backups(self._settings.backups)
        forget_put_aside(self._settings.database)

    async def _backups(self, vault: DeviceVault) -> Backups:
        return Backups(self._settings.backups, await vault.backup_key())

    def _photo_bytes(self, hash: str) -> int | None:
        found = self._photos.path(hash)
        return None if found is None else found.stat().st_size
