"""What a person asks of their district, and of what this device keeps for it: passed on to
whichever part answers, for as long as it is there."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

from client import words
from client.actions.errors import ActionFailed
from client.bundle_run import BundleRun
from client.carrying import Carrying
from client.device.clock import DeviceClock
from client.office import DistrictOffice
from client.parcel_desk import ParcelDesk
from client.photos.folder import PhotoFolder
from client.state.app import AppState
from client.storage import StorageUse, free_space, storage_use
from client.store.errors import StoreError
from client.store.parcel_views import BundleView
from client.store.store import Store
from client.store.sync_views import ProgressView


class FrontDesk:
    """The adapter of `client.actions.ports.Office`. `store` raises `ActionFailed` while none is
    open; `data` is this app's own folder."""

    def __init__(
        self,
        store: Callable[[], Store],
        office: Callable[[], DistrictOffice | None],
        clock: DeviceClock,
        photos: PhotoFolder,
        carrying: Carrying,
        data: Path,
        app: AppState,
    ) -> None:
        self._store = store
        self._office = office
        self._clock = clock
        self._photos = photos
        self._carrying = carrying
        self._data = data
        self._app = app
        self._bundle = BundleRun(self._show_bundle)

    async def sign_in_with_code(self, server: str, code: str) -> None:
        await self._at_office().sign_in_with_code(server, code)

    async def sign_in(self, server: str, username: str, password: str) -> None:
        await self._at_office().sign_in(server, username, password)

    async def sign_out(self) -> None:
        await self._at_office().sign_out()

    async def sync_now(self) -> bool:
        office = self._office()
        return office is not None and await office.sync_now()

    async def pause_sync(self) -> None:
        await self._at_office().pause_sync()

    async def resume_sync(self) -> None:
        await self._at_office().resume_sync()

    async def storage_use(self) -> StorageUse | None:
        store = self._store()
        identity = await store.identity()
        return None if identity is None else await storage_use(store, self._photos, identity)

    async def free_space(self) -> int:
        """Drop the originals the server holds; it is asked once more where it can be reached."""
        store = self._store()
        identity = await store.identity()
        if identity is None:
            return 0
        await self._at_office().confirm_photos()
        try:
            return await free_space(store, self._photos, identity)
        except StoreError as error:
            raise ActionFailed(error.word) from error

    async def export_bundle(self, target: Path | None, name: str) -> BundleView:
        return await self._desk().export(target, name)

    async def take_in_bundle(self, source: str | bytes) -> BundleView:
        """A file's path; or its bytes, where a browser hands them over."""
        if isinstance(source, str):
            found = await self._desk().take_in(Path(source))
        else:
            with tempfile.TemporaryDirectory(dir=self._data) as folder:
                file = Path(folder) / "picked"
                await asyncio.to_thread(file.write_bytes, source)
                found = await self._desk().take_in(file)
        office = self._office()
        if office is not None:
            office.wake()
        return found

    async def carried_bundles(self) -> tuple[BundleView, ...]:
        return await self._desk().carried()

    async def stop_bundle(self) -> None:
        self.stop()

    def stop(self) -> None:
        """Leave off a bundle that is under way."""
        self._bundle.stop()

    def _show_bundle(self, progress: ProgressView | None) -> None:
        self._app.bundle = progress

    def show_delivery(self, progress: ProgressView | None) -> None:
        """For the office, whose sync delivers what this desk took in."""
        self._app.delivery = progress

    def _desk(self) -> ParcelDesk:
        return ParcelDesk(
            self._store(),
            self._at_office().vault,
            self._clock,
            self._photos,
            self._carrying,
            self._data / "outgoing",
            self._bundle,
        )

    def _at_office(self) -> DistrictOffice:
        office = self._office()
        if office is None:
            raise ActionFailed(words.key("store.not_open"))
        return office
