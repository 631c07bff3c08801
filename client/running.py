"""One process of the app, put together: store, secrets, sync, state and actions.

The only place where the parts meet. It walks through the phases a person can see: opening the
database, opening the secrets, signing in, working.
"""

import asyncio
import contextlib
import logging
from datetime import UTC, datetime

from client import words
from client.actions.actions import Actions
from client.actions.errors import ActionFailed
from client.actions.ports import Documents
from client.album import DeviceAlbum
from client.bundle_run import DeliveryRun
from client.carrying import Carrying
from client.device.clock import DeviceClock
from client.device.scanner import scanner_for_platform
from client.device.vault import (
    DeviceVault,
    NoSecretStore,
    SecretStore,
    SecretStoreError,
    forget_sealed_secrets,
    open_secret_store,
)
from client.device.vault.phone_storage import SecureStorage
from client.front_desk import FrontDesk
from client.office import DistrictOffice
from client.photos.darkroom import Darkroom
from client.photos.drafts import DraftPictures
from client.photos.folder import PhotoFolder
from client.safekeeping import Safekeeping
from client.settings import FONT, ClientSettings, app_version, device_name, platform_name
from client.state.app import Phase, State
from client.state.loading import Loading
from client.store.errors import NotADatabase, StoreError
from client.store.file import put_aside
from client.store.identity import read_contact
from client.store.store import Store
from client.store.upkeep import follow_rules
from client.sync.enrol import DeviceFacts
from ledger.codes import EnrolmentCode, parse_code

log = logging.getLogger(__name__)


class Running:
    """A running client. Its `state` and `actions` are all that screens get."""

    def __init__(self, settings: ClientSettings) -> None:
        self.settings = settings
        self.state = State()
        self.clock = DeviceClock()
        self.photos = PhotoFolder(settings.photos)
        self.album = DeviceAlbum(Darkroom(self.photos, DraftPictures(settings.data / "drafts")))
        self._carrying = Carrying(settings.carried)
        self._desk = FrontDesk(
            self._open_store,
            lambda: self._office,
            self.clock,
            self.photos,
            self._carrying,
            settings.data,
            self.state.app,
        )
        self.actions = Actions(
            self._open_store,
            self.clock,
            scanner_for_platform(),
            self._desk,
            self,
            FONT,
            lambda: self.album,
            self._documents,
        )
        self._safekeeping = Safekeeping(settings, self.clock, self.photos)
        self.loading: Loading | None = None
        self._store: Store | None = None
        self._office: DistrictOffice | None = None
        self._phone_storage: SecureStorage | None = None
        self._started = False
        self._reopening: asyncio.Task[None] | None = None

    def _documents(self) -> Documents:
        # Drawing libraries take a phone seconds to load: no start of the app waits for them.
        from client.documents import DeviceDocuments

        return DeviceDocuments(self._open_store, self.clock, self.photos)

    async def start(self, phone_storage: SecureStorage | None = None) -> None:
        """Go as far as possible without asking anybody. On a phone `phone_storage` keeps the
        secrets: flet's service, which only a page can bring."""
        if self._started:
            return
        self._started = True
        self._phone_storage = phone_storage
        await self._open()

    async def stop(self) -> None:
        self.album.close()
        await self._close()

    async def _close(self) -> None:
        self._safekeeping.stop()
        self._desk.stop()
        if self._office is not None:
            await self._office.stop()
        if self.loading is not None:
            await self.loading.stop()
        if self._store is not None:
            self._store.close()
        self._store = self._office = self.loading = None

    def wake(self, metered: bool | None = None) -> None:
        """The network is back, or the app is in front again; `metered` when it is known."""
        if self._office is not None:
            if metered is not None:
                self._office.metered = metered
            self._office.wake()

    # What `client.actions.ports.Entrance` asks for.

    async def unlock(self, passphrase: str) -> None:
        """Open the encrypted secrets; the first passphrase ever given is the one from then on."""
        if len(passphrase) < 6:
            raise ActionFailed(words.key("signin.passphrase_short"))
        try:
            secrets = await self._secrets(passphrase)
        except SecretStoreError as error:
            raise ActionFailed(error.word) from error
        await self._enter(secrets)

    async def forget_passphrase(self) -> None:
        """Drop the sealed secrets: the person signs in again, with a new key. No record is lost:
        what was not sent is written anew under the new key."""
        forget_sealed_secrets(self.settings.data)
        self.state.app.phase = Phase.NEW_LOCK

    async def start_over(self) -> None:
        """Put a file that can't be opened aside, unchanged, and begin with an empty one."""
        path = self.settings.database
        with contextlib.suppress(OSError):
            aside = put_aside(path, datetime.now(UTC).strftime("damaged-%Y%m%dT%H%M%S"))
            log.warning("put the unreadable database aside as %s", aside.name)
        await self._open()

    async def try_again(self) -> None:
        """What kept the file from being opened may be over."""
        await self._open()

    async def _open(self) -> None:
        app = self.state.app
        app.phase = Phase.STARTING
        try:
            await self._use(await asyncio.to_thread(Store.open, self.settings.database))
        except NotADatabase as error:
            # Its backups may be needed, and they are sealed: the secrets come first.
            log.error("%s", error)
            app.phase = Phase.REPAIRING
        except StoreError as error:
            await self._close()
            self._broken(error)
            return
        try:
            secrets = await self._secrets(self.settings.passphrase)
        except NoSecretStore as error:
            app.phase = Phase.LOCKED if error.sealed else Phase.NEW_LOCK
            return
        except SecretStoreError as error:
            log.error("%s", type(error).__name__)
            app.phase = Phase.LOCKED
            return
        await self._enter(secrets)

    async def _use(self, store: Store) -> None:
        app = self.state.app
        self._store = store
        store.on_damage = self._damage_found
        app.read_only = store.read_only
        if not app.read_only:
            await store.write(follow_rules)
        self.clock.contact = await store.read(read_contact)
        self.loading = Loading(store, self.clock, self.state)
        await self.loading.start()
        words.use(app.language)

    def _broken(self, error: StoreError) -> None:
        log.error("%s", error)
        app = self.state.app
        app.broken_word = error.word
        app.broken_path = str(error.path)
        app.can_start_over = isinstance(error, NotADatabase)
        app.phase = Phase.BROKEN

    def _damage_found(self) -> None:
        """While the app was running: close the file, look through it, repair it."""
        self.state.app.phase = Phase.REPAIRING

        async def reopen() -> None:
            await self._close()
            await self._open()

        self._reopening = asyncio.create_task(reopen(), name="reopen")

    async def _repair(self, vault: DeviceVault) -> bool:
        """Make a sound database of the damaged one; False when nothing could be had of it."""
        self.state.app.phase = Phase.REPAIRING
        try:
            await self._safekeeping.repair(vault)
            await self._use(await asyncio.to_thread(Store.open, self.settings.database))
        except StoreError as error:
            self._broken(error)
            return False
        return True

    async def _secrets(self, passphrase: str | None) -> SecretStore:
        return await open_secret_store(
            platform_name(),
            self.settings.profile,
            self.settings.data,
            passphrase,
            phone_storage=self._phone_storage,
        )

    async def _enter(self, secrets: SecretStore) -> None:
        if self._store is None and not await self._repair(DeviceVault(secrets)):
            return
        store = self._open_store()
        facts = DeviceFacts(
            name=self.settings.device_name or device_name(),
            platform=platform_name(),
            app_version=app_version(),
        )
        office = DistrictOffice(
            store,
            secrets,
            self.clock,
            facts,
            self._changed,
            self.photos,
            self._safekeeping.forget_copies,
            self._carrying,
            DeliveryRun(self._desk.show_delivery),
        )
        self._office = office
        self.album.fetch_photo = office.fetch_photo
        self.album.fetch_thumbnail = office.fetch_thumbnail
        try:
            await self._office.unseal()
            signed_in = await self._office.resume()
        except SecretStoreError as error:
            raise ActionFailed(error.word) from error
        except StoreError as error:
            await self._close()
            self._broken(error)
            return
        if not signed_in:
            code = parse_code(self.settings.enrolment)
            if isinstance(code, EnrolmentCode):
                try:
                    await self._office.sign_in_with_code(code.server, code.code)
                    return
                except ActionFailed as error:
                    log.warning("the enrolment given at start was not taken: %s", error.word)
        await self._changed()

    async def _changed(self) -> None:
        """The person came or went."""
        app = self.state.app
        if self._office is not None and (self._office.signed_in or app.read_only):
            if self.loading is not None:
                await self.loading.refresh({"all"})
            if not app.read_only:
                with contextlib.suppress(SecretStoreError):
                    await self._safekeeping.begin_nightly(self._office.vault)
            app.phase = Phase.READY
            return
        if self.loading is not None:
            self.loading.signed_out()
        if self._office is not None:
            app.notice_word = words.key("problems.device_revoked") if self._office.revoked else ""
            app.waiting_for, app.waiting_entries = await self._office.left_behind()
        app.phase = Phase.SIGNED_OUT

    def _open_store(self) -> Store:
        if self._store is None:
            raise ActionFailed(words.key("store.not_open"))
        return self._store
