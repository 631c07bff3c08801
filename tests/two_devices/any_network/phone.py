"""A client device without a screen: the app's own store, sync, photo lane and actions, driven one
step at a time instead of by timers."""

import functools
import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from pydantic_core import from_json
from sqlalchemy import Connection, select

from client.actions.actions import Actions
from client.album import DeviceAlbum
from client.device.clock import DeviceClock
from client.gateway.errors import GatewayError, Refused
from client.gateway.gateway import Gateway
from client.photos.darkroom import Darkroom
from client.photos.drafts import DraftPictures
from client.photos.errors import PhotoError
from client.photos.folder import PhotoFolder
from client.settings import FONT
from client.store.identity import Identity, read_contact, write_contact
from client.store.lost_scopes import wipe_others
from client.store.photos import own_photos
from client.store.store import Store
from client.store.sync_state import read_sync_state, write_sync_state
from client.store.upkeep import follow_rules
from client.sync.enrol import DeviceFacts, enrol_with_code
from client.sync.photos import PhotoLane
from client.sync.run import run_once
from ledger.keys import DeviceKey
from ledger.sealing import Seal
from ledger.tables.journal import ENTRY
from ledger.wire.accounts import Tokens
from ledger.wire.problems import ProblemCode
from tests.two_devices.any_network.clocks import Watch

ADDRESS = "http://district"
FACTS = DeviceFacts("测试手机", "test", "0")


@dataclass
class Secrets:
    """The secret store: what a device keeps through a restart."""

    key: DeviceKey | None = None
    kept: Tokens | None = None

    async def device_key(self) -> DeviceKey | None:
        return self.key

    async def keep_device_key(self, key: DeviceKey | None) -> None:
        self.key = key

    async def tokens(self) -> Tokens | None:
        return self.kept

    async def keep_tokens(self, tokens: Tokens | None) -> None:
        self.kept = tokens

    async def load(self) -> Tokens | None:
        return self.kept

    async def save(self, tokens: Tokens | None) -> None:
        self.kept = tokens


@dataclass(frozen=True, slots=True)
class Saved:
    """An entry whose author was told that it is saved."""

    id: str
    kind: str
    header: bytes
    photos: tuple[str, ...]


@dataclass
class Phone:
    name: str
    actor: str
    folder: Path
    wire: httpx.AsyncBaseTransport
    watch: Watch
    new_code: Callable[[str], str]
    server: str = ADDRESS
    secrets: Secrets = field(default_factory=Secrets)
    saved: dict[str, Saved] = field(default_factory=dict)
    """By id, of all chains this device has had."""
    revoked: bool = False
    signed_in: bool = False

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.photos = PhotoFolder(self.folder / "photos")
        self.open()

    def open(self) -> None:
        """As the app's start does."""
        self.store = Store.open(self.folder / "journal.db")
        self.store.use_seal(Seal(hashlib.sha256(self.name.encode()).digest()))
        self.clock = DeviceClock(now=self.watch.now, uptime=self.watch.uptime, boot=self.watch.boot)
        self.album = DeviceAlbum(
            Darkroom(self.photos, DraftPictures(self.folder / "drafts"), long_side=64)
        )
        none: Any = None
        self.actions = Actions(
            lambda: self.store, self.clock, none, none, none, FONT, lambda: self.album, none
        )
        self._gateway: Gateway | None = None

    async def restart(self) -> None:
        await self.close()
        self.open()
        await self.store.write(follow_rules)
        self.clock.contact = await self.store.read(read_contact)

    async def close(self) -> None:
        if self._gateway is not None:
            await self._gateway.close()
        self.album.close()
        self.store.close()

    async def identity(self) -> Identity | None:
        return await self.store.identity()

    async def me(self) -> Identity:
        identity = await self.store.identity()
        assert identity is not None
        return identity

    async def sign_in(self) -> None:
        """With a fresh one-time code; on a network that works, as people do it in the office."""
        self.revoked = False
        await enrol_with_code(
            self.store,
            self.secrets,
            self.clock,
            FACTS,
            self.server,
            self.new_code(self.actor),
            functools.partial(Gateway, transport=self.wire),
        )
        if self._gateway is not None:
            await self._gateway.close()
            self._gateway = None
        self.signed_in = True

    async def act(self, what: Callable[["Phone"], Any]) -> None:
        """Do something and note what its author may from now on rely on."""
        await what(self)
        await self.note_saved()

    async def note_saved(self) -> None:
        identity = await self.me()
        rows = await self.store.read(
            lambda c: c.execute(
                select(ENTRY.c.id, ENTRY.c.kind, ENTRY.c.header).where(
                    ENTRY.c.device == identity.device
                )
            ).all()
        )
        for row in rows:
            header = bytes(row.header)
            photos = tuple(from_json(header)["photos"])
            self.saved.setdefault(row.id, Saved(row.id, row.kind, header, photos))

    async def sync(self) -> GatewayError | None:
        """One run of the sync, as the schedule does it; the error that ended it."""
        if not self.signed_in:
            return None
        identity, key = await self.me(), self.secrets.key
        assert key is not None
        try:
            line = self._line(identity)
            end = await run_once(self.store, line, identity, key, self.clock, self._met)
        except GatewayError as error:
            await self._failed(identity, error)
            return error
        contact = self.clock.contact

        def note(connection: Connection) -> None:
            if contact is not None:
                write_contact(connection, contact)
            state = replace(read_sync_state(connection), last_complete=end.time)
            write_sync_state(connection, state)

        await self.store.write(note)
        return None

    async def move_photos(self) -> GatewayError | None:
        if not self.signed_in:
            return None
        identity = await self.me()
        lane = PhotoLane(
            self.store,
            self._line(identity),
            identity,
            self.photos,
            lambda: self.clock.stamp().at,
            broken=(PhotoError, OSError),
        )
        try:
            await lane.run()
        except GatewayError as error:
            await self._failed(identity, error)
            return error
        return None

    def _met(self, time: str) -> None:
        with suppress(ValueError):
            self.clock.meet(time)

    def _line(self, identity: Identity) -> Gateway:
        if self._gateway is None:
            self._gateway = Gateway(
                identity.server, self.secrets, app_version="0", transport=self.wire
            )
        return self._gateway

    async def _failed(self, identity: Identity, error: GatewayError) -> None:
        if not isinstance(error, Refused):
            return
        if error.code is ProblemCode.SIGN_IN_AGAIN:
            self.signed_in = False
        elif error.code is ProblemCode.DEVICE_REVOKED and self.signed_in:
            # As `client.office` does it.
            self.signed_in, self.revoked = False, True
            self.secrets.kept = self.secrets.key = None
            await self.store.write(lambda c: wipe_others(c, identity))
            self.photos.forget_all_but(await self.store.read(own_photos))
