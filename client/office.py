"""The district as this process reaches it: signing in and out, and keeping in sync.

Puts gateway, sync and secrets together behind the port that `client.actions` names; turns their
errors into ones with a sentence.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection

from client.actions.errors import ActionFailed
from client.bundle_run import DeliveryRun
from client.carrying import Carrying
from client.device.clock import DeviceClock
from client.device.vault import DeviceVault, SecretStore, SecretStoreError, VaultTokens
from client.gateway.errors import GatewayError, Refused
from client.gateway.gateway import Gateway
from client.photos.errors import PhotoError
from client.photos.folder import PhotoFolder
from client.store.changes import IDENTITY, SYNC
from client.store.errors import StoreError
from client.store.identity import FORMER, Identity, write_setting
from client.store.inheritance import forget_school
from client.store.lost_scopes import wipe_others
from client.store.photos import own_photos, photo_counts
from client.store.places import person
from client.store.queue import own_entries
from client.store.receipts import all_confirmed
from client.store.sealed import forget_sealed
from client.store.store import Store
from client.store.upkeep import follow_rules
from client.sync.courier import Courier
from client.sync.enrol import (
    DeviceFacts,
    SomebodyElses,
    enrol_with_code,
    enrol_with_password,
)
from client.sync.photos import PhotoLane
from client.sync.schedule import Schedule
from client.sync.succession import finish_succession, take_new_key
from client.words import key

log = logging.getLogger(__name__)


class DistrictOffice:
    """One process's link to its district. `changed` is called whenever the person changes."""

    def __init__(
        self,
        store: Store,
        secrets: SecretStore,
        clock: DeviceClock,
        facts: DeviceFacts,
        changed: Callable[[], Awaitable[None]],
        folder: PhotoFolder,
        forget_copies: Callable[[], None] = lambda: None,
        carrying: Carrying | None = None,
        delivering: DeliveryRun | None = None,
    ) -> None:
        """`forget_copies` removes what is kept of the database beside it."""
        self._store = store
        self._vault = DeviceVault(secrets)
        self._clock = clock
        self._facts = facts
        self._changed = changed
        self._folder = folder
        self._forget_copies = forget_copies
        self._carrying = carrying
        self._delivering = delivering or DeliveryRun(lambda _: None)
        self._photos: PhotoLane | None = None
        self._gateway: Gateway | None = None
        self._schedule: Schedule | None = None
        self._leaving: asyncio.Task[None] | None = None
        self._renewing: asyncio.Task[None] | None = None
        self.metered = False
        """The connection is mobile data."""
        self.revoked = False
        """The server said that this device may no longer take part."""

    @property
    def vault(self) -> DeviceVault:
        return self._vault

    @property
    def signed_in(self) -> bool:
        return self._schedule is not None

    async def unseal(self) -> None:
        """Open what this device keeps about pupils. Raises `SecretStoreError`."""
        seal, new = await self._vault.seal()
        self._store.use_seal(seal)
        if self._store.read_only:
            return
        if new:
            await self._store.write(forget_sealed)
        await self._store.write(lambda c: follow_rules(c, private=True))

    async def resume(self) -> bool:
        """Go on as the person who last signed in; False when nobody is signed in."""
        if not self._store.read_only:
            await finish_succession(self._store, self._vault)
        identity = await self._store.identity()
        signing = await self._vault.device_key()
        if identity is None or signing is None or await self._vault.tokens() is None:
            return False
        if self._store.read_only:
            return True
        await self._begin(identity)
        return True

    async def sign_in_with_code(self, server: str, code: str) -> None:
        before = await self._store.identity()
        with _explained():
            identity = await enrol_with_code(
                self._store, self._vault, self._clock, self._facts, server, code
            )
        await self._settle_in(before, identity)

    async def sign_in(self, server: str, username: str, password: str) -> None:
        before = await self._store.identity()
        with _explained():
            identity = await enrol_with_password(
                self._store, self._vault, self._clock, self._facts, server, username, password
            )
        await self._settle_in(before, identity)

    async def _settle_in(self, before: Identity | None, identity: Identity) -> None:
        if before and (before.school, before.actor) != (identity.school, identity.actor):
            await asyncio.to_thread(self._forget_copies)
        await self._begin(identity)
        await self._changed()

    async def sign_out(self) -> None:
        """Stop and forget the tokens. Unsent entries and the key that signs them stay: the same
        person can sign in again and go on; anybody else is told to let them send first."""
        identity = await self._store.identity()
        await self.stop()
        await self._vault.keep_tokens(None)
        if identity is not None:
            own = await self._store.read(lambda c: own_entries(c, identity))
            photos = await self._store.read(photo_counts)
            sure = await self._store.read(lambda c: all_confirmed(c, identity))
            if own.unsent == 0 and photos.waiting == 0 and sure:
                await self._vault.keep_device_key(None)
                await self._store.write(_forget_everything, {IDENTITY, SYNC})
                await asyncio.to_thread(self._folder.forget_all_but, ())
                await asyncio.to_thread(self._forget_copies)
        await self._changed()

    async def sync_now(self) -> bool:
        return False if self._schedule is None else await self._schedule.sync_now()

    async def pause_sync(self) -> None:
        """Stop sending and fetching until the person says otherwise."""
        if self._schedule is not None:
            await self._schedule.pause()

    async def resume_sync(self) -> None:
        if self._schedule is not None:
            await self._schedule.resume()

    async def confirm_photos(self) -> None:
        """Ask the server once more which photos it holds; without a network its last word
        stands."""
        if self._photos is not None:
            with suppress(GatewayError):
                await self._photos.confirm_received()

    def wake(self) -> None:
        """The network is back, or the app is in front again."""
        if self._schedule is not None:
            self._schedule.wake()

    async def fetch_photo(self, hash: str) -> None:
        """Bring an original here; does nothing while there is no network."""
        await self._fetch(hash, thumbnail=False)

    async def fetch_thumbnail(self, hash: str) -> None:
        await self._fetch(hash, thumbnail=True)

    async def _fetch(self, hash: str, *, thumbnail: bool) -> None:
        if self._photos is not None:
            with suppress(GatewayError):
                await self._photos.fetch(hash, thumbnail=thumbnail)

    async def stop(self) -> None:
        if self._schedule is not None:
            await self._schedule.stop()
            self._schedule = None
        self._photos = None
        if self._gateway is not None:
            await self._gateway.close()
            self._gateway = None

    async def left_behind(self) -> tuple[str, int]:
        """Whose unsent entries are on this device, and how many."""
        identity = await self._store.identity()
        if identity is None:
            return "", 0
        own = await self._store.read(lambda c: own_entries(c, identity))
        who = await self._store.read(lambda c: person(c, identity.school, identity.actor))
        return (who.name if who else identity.actor), own.unsent

    async def _begin(self, identity: Identity) -> None:
        await self.stop()
        self.revoked = False
        signing = await self._vault.device_key()
        if signing is None:
            raise ActionFailed(key("problems.sign_in_again"))
        self._gateway = Gateway(
            identity.server,
            VaultTokens(self._vault),
            app_version=self._facts.app_version,
            delivering=self._delivering.under_way,
        )
        self._photos = PhotoLane(
            self._store,
            self._gateway,
            identity,
            self._folder,
            lambda: self._clock.stamp().at,
            lambda: self.metered,
            (PhotoError, OSError),
        )
        self._schedule = Schedule(
            self._store,
            self._gateway,
            identity,
            signing,
            self._clock,
            self._was_revoked,
            self._photos,
            self._chain_broke,
            None if self._carrying is None else Courier(self._gateway, self._carrying),
        )
        self._schedule.start()

    def _was_revoked(self) -> None:
        # Not in the schedule's own task: leaving ends that task.
        self._leaving = asyncio.create_task(self._leave(), name="revoked")

    def _chain_broke(self) -> None:
        """One try at a time; the schedule calls again when it failed."""
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew(), name="new key")

    async def _renew(self) -> None:
        identity = await self._store.identity()
        if identity is None or self._gateway is None:
            return
        try:
            now = await take_new_key(self._store, self._vault, self._gateway, self._facts, identity)
        except (GatewayError, SecretStoreError, StoreError) as error:
            log.warning("no new key yet: %s", type(error).__name__)
            return
        await self._begin(now)
        await self._changed()

    async def _leave(self) -> None:
        """A lost device is wiped at its next contact; unsent entries of its owner stay."""
        identity = await self._store.identity()
        await self.stop()
        try:
            if identity is not None:
                await self._store.write(lambda c: wipe_others(c, identity), {IDENTITY, SYNC})
                own = await self._store.read(own_photos)
                await asyncio.to_thread(self._folder.forget_all_but, own)
                await asyncio.to_thread(self._forget_copies)
            # Only now: killed before, it hears at its next start once more that it is shut out.
            await self._vault.keep_tokens(None)
            # The key is shut out for good: whoever signs in here next needs another.
            await self._vault.keep_device_key(None)
        except StoreError as error:
            log.error("this device was shut out and could not be emptied: %s", error)
        self.revoked = True
        await self._changed()


def _forget_everything(connection: Connection) -> None:
    """Nothing is unsent: the next person starts with an empty device."""
    forget_school(connection)
    for name in ("identity", "sync", "contact", FORMER):
        write_setting(connection, name, None)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        seconds = refused.problem.retry_after_seconds
        raise ActionFailed(refused.word, seconds=round(seconds or 0)) from refused
    except GatewayError as error:
        raise ActionFailed(error.word) from error
    except SomebodyElses as error:
        raise ActionFailed(key("signin.somebody_elses"), count=error.pending) from error
    except SecretStoreError as error:
        raise ActionFailed(error.word) from error
    except StoreError as error:
        raise ActionFailed(error.word) from error
