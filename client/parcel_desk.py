"""Exporting and carrying bundles for the person at this device, in words where it fails."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from client.actions.errors import ActionFailed
from client.bundle_run import BundleRun
from client.carrying import Carrying
from client.device.clock import DeviceClock
from client.device.vault import DeviceVault, SecretStoreError
from client.parcels import NothingUnsent, export_bundle
from client.photos.folder import PhotoFolder
from client.store.errors import StoreError
from client.store.identity import Identity
from client.store.parcel_views import BundleView
from client.store.store import Store
from client.store.sync_views import Moving
from client.words import key
from ledger.bundle.format import (
    BundleError,
    BundleForeign,
    BundleNewer,
    BundleTooLarge,
    NotABundle,
)

WORDS: dict[type[BundleError], str] = {
    NotABundle: key("bundle.not_a_bundle"),
    BundleForeign: key("problems.bundle_foreign"),
    BundleNewer: key("problems.bundle_newer"),
    BundleTooLarge: key("bundle.too_large"),
}


class ParcelDesk:
    """`outgoing` is a folder for files on their way to a share sheet."""

    def __init__(
        self,
        store: Store,
        vault: DeviceVault,
        clock: DeviceClock,
        photos: PhotoFolder,
        carrying: Carrying,
        outgoing: Path,
        run: BundleRun,
    ) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._photos = photos
        self._carrying = carrying
        self._outgoing = outgoing
        self._run = run

    async def export(self, target: Path | None, name: str) -> BundleView:
        """Write the unsent records to `target`, or to a file of this name to be handed on."""
        with self._run.under_way(Moving.PACKED) as note, _explained():
            if target is None:
                await asyncio.to_thread(self._empty_outgoing)
                target = self._outgoing / name
            signing = await self._vault.device_key()
            if signing is None:
                raise ActionFailed(key("problems.sign_in_again"))
            done = await export_bundle(
                self._store,
                await self._identity(),
                signing,
                self._clock.stamp().at,
                self._photos.path,
                target,
                note,
            )
        return BundleView(str(target), done.entries, done.photos, done.bytes)

    async def take_in(self, source: Path) -> BundleView:
        """Keep another's bundle until it can be delivered."""
        identity = await self._identity()
        with self._run.under_way(Moving.TAKEN_IN) as note, _explained():
            found = await self._carrying.take_in(source, identity, note)
        size = found.path.stat().st_size
        return BundleView(str(found.path), found.entries, found.photos, size, found.known)

    async def carried(self) -> tuple[BundleView, ...]:
        """What waits to be delivered, and what the server would not take."""
        waiting = await asyncio.to_thread(self._carrying.all)
        refused = await asyncio.to_thread(self._carrying.refused)
        return tuple(
            BundleView(str(one.path), one.entries, one.photos, 0, True, not_taken)
            for found, not_taken in ((waiting, False), (refused, True))
            for one in found
        )

    async def _identity(self) -> Identity:
        identity = await self._store.identity()
        if identity is None:
            raise ActionFailed(key("store.signed_out"))
        return identity

    def _empty_outgoing(self) -> None:
        self._outgoing.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in self._outgoing.iterdir():
            with suppress(OSError):
                old.unlink()


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except NothingUnsent as error:
        raise ActionFailed(key("bundle.nothing_unsent")) from error
    except BundleError as error:
        raise ActionFailed(WORDS.get(type(error), key("problems.bundle_damaged"))) from error
    except (StoreError, SecretStoreError) as error:
        raise ActionFailed(error.word) from error
    except OSError as error:
        raise ActionFailed(key("bundle.disk")) from error
