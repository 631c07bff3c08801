"""Making this device one of the district's: the only step that needs the network.

The device makes its key first and proves that it holds it; the server answers with the device's
number, the school, and its own key, which is pinned from then on.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from client.gateway.errors import NotOurServer, Refused
from client.gateway.gateway import Gateway
from client.gateway.tokens import MemoryTokens
from client.store.changes import IDENTITY, SYNC
from client.store.device_keys import device_keys
from client.store.identity import (
    Identity,
    former_devices,
    read_identity,
    write_contact,
    write_former_devices,
    write_identity,
    write_setting,
)
from client.store.inheritance import forget_school
from client.store.own_chain import EXPORTED
from client.store.queue import left_behind, own_entries
from client.store.receipts import all_confirmed
from client.store.refusals import untold_refusals
from client.store.rescue.note import ChainState, set_chain_state, settle_note
from client.store.store import Store
from client.store.sync_state import SyncState, write_sync_state
from client.sync.push import Clock
from ledger.keys import DeviceKey, is_public_key
from ledger.wire.accounts import (
    EnrolByCode,
    EnrolByPassword,
    Enrolled,
    NewDevice,
    Tokens,
    enrolment_text,
)
from ledger.wire.problems import ProblemCode


class Vault(Protocol):
    """The port to the device's secret store."""

    async def device_key(self) -> DeviceKey | None: ...

    async def keep_device_key(self, key: DeviceKey | None) -> None: ...

    async def tokens(self) -> Tokens | None: ...

    async def keep_tokens(self, tokens: Tokens | None) -> None: ...


class SomebodyElses(Exception):
    """Unsent records or photos of another person are still on this device; they must sign in
    first."""

    def __init__(self, actor: str, pending: int) -> None:
        super().__init__(f"{pending} unsent entries of {actor}")
        self.actor = actor
        self.pending = pending


Connect = Callable[..., Gateway]
"""How a gateway to an address is made, with `Gateway`'s own arguments."""


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What the device calls itself."""

    name: str
    platform: str
    app_version: str


async def enrol_with_code(
    store: Store,
    vault: Vault,
    clock: Clock,
    facts: DeviceFacts,
    server: str,
    code: str,
    connect: Connect = Gateway,
) -> Identity:
    """Use a one-time enrolment code. Raises `GatewayError` and `SomebodyElses`."""
    server = complete_address(server)
    gateway = connect(server, MemoryTokens(), app_version=facts.app_version)

    async def ask(key: DeviceKey) -> Enrolled:
        return await gateway.enrol_by_code(EnrolByCode(code=code, device=introduce(key, facts)))

    try:
        await gateway.hello()
        enrolled = await _enrolled(store, vault, ask)
    finally:
        await gateway.close()
    return await _become(store, vault, clock, server, enrolled)


async def enrol_with_password(
    store: Store,
    vault: Vault,
    clock: Clock,
    facts: DeviceFacts,
    server: str,
    username: str,
    password: str,
    connect: Connect = Gateway,
) -> Identity:
    """Sign in with a user name and a password. Raises `GatewayError` and `SomebodyElses`."""
    server = complete_address(server)
    gateway = connect(server, MemoryTokens(), app_version=facts.app_version)

    async def ask(key: DeviceKey) -> Enrolled:
        return await gateway.enrol_device(EnrolByPassword(device=introduce(key, facts)))

    try:
        await gateway.hello()
        await gateway.sign_in(username, password)
        enrolled = await _enrolled(store, vault, ask)
    finally:
        await gateway.close()
    return await _become(store, vault, clock, server, enrolled)


async def _enrolled(
    store: Store, vault: Vault, ask: Callable[[DeviceKey], Awaitable[Enrolled]]
) -> Enrolled:
    """Enrolled with this device's key; with a new one, where that is somebody else's and nothing
    more hangs on it. Raises `GatewayError` and `SomebodyElses`."""
    key = await _key(vault)
    try:
        return await ask(key)
    except Refused as refused:
        before = await store.identity()
        if refused.code is not ProblemCode.NOT_ALLOWED or before is None:
            raise
        left = await store.read(lambda c: left_behind(c, before))
        known = await store.read(lambda c: device_keys(c, before.school, [before.device]))
        # Where the key is a stranger's already, its owner may be the one who asks.
        if left and known.get(before.device) == key.public:
            raise SomebodyElses(before.actor, left) from refused
    await vault.keep_tokens(None)
    fresh = DeviceKey.generate()
    await vault.keep_device_key(fresh)
    try:
        return await ask(fresh)
    except Refused:
        await vault.keep_device_key(key)
        raise


async def _key(vault: Vault) -> DeviceKey:
    """The device's key, kept before anybody hears of it: when the answer is lost on the way, the
    next try comes with the same key, and the server knows that it is the same device."""
    key = await vault.device_key()
    if key is None:
        key = DeviceKey.generate()
        await vault.keep_device_key(key)
    return key


def complete_address(given: str) -> str:
    """What a person types or a code carries for a server: "https://" is meant when nothing is
    said."""
    text = given.strip().rstrip("/")
    return text if "://" in text else f"https://{text}"


def introduce(key: DeviceKey, facts: DeviceFacts) -> NewDevice:
    return NewDevice(
        name=facts.name,
        platform=facts.platform,
        public_key=key.public,
        proof=key.sign(enrolment_text(key.public, facts.name)),
    )


async def _become(
    store: Store, vault: Vault, clock: Clock, server: str, enrolled: Enrolled
) -> Identity:
    if not is_public_key(enrolled.server_key):
        raise NotOurServer("no server key")
    before = await store.identity()
    if before is not None and (before.school, before.actor) != (enrolled.school, enrolled.actor):
        left = await store.read(lambda connection: left_behind(connection, before))
        if left:
            raise SomebodyElses(before.actor, left)
        if before.school != enrolled.school and not await store.read(
            lambda connection: all_confirmed(connection, before)
        ):
            # What was answered for, but never confirmed as held, would be lost for good.
            own = await store.read(lambda connection: own_entries(connection, before))
            raise SomebodyElses(before.actor, own.written)
    identity = Identity(
        school=enrolled.school,
        actor=enrolled.actor,
        device=enrolled.device,
        scopes=enrolled.scopes,
        server=server,
        server_device=enrolled.server_device,
        server_key=enrolled.server_key,
    )
    try:
        contact = clock.meet(enrolled.time)
    except ValueError as error:
        raise NotOurServer("no time") from error
    # Secrets first: a device that knows who it is but has no tokens just signs in again.
    await vault.keep_tokens(enrolled.tokens)

    def keep(connection: Connection) -> None:
        become(connection, identity)
        write_contact(connection, contact)

    await store.write(keep, {IDENTITY, SYNC})
    return identity


def become(connection: Connection, identity: Identity) -> None:
    """From here on the database is this enrolment's. What the same
    person's last one had not sent is written anew once it is known what had arrived."""
    before = read_identity(connection)
    if before is not None and before.school != identity.school:
        forget_school(connection)
    write_identity(connection, identity)
    if before is None or before.device != identity.device:
        former: list[str] = []
        state = SyncState()
        if before is not None and (before.school, before.actor) == (
            identity.school,
            identity.actor,
        ):
            former = [*former_devices(connection), before.device]
            state = SyncState(refused_late=untold_refusals(connection, before))
        write_sync_state(connection, state)
        write_former_devices(connection, [one for one in former if one != identity.device])
        if before is not None and before.school == identity.school:
            set_chain_state(connection, ChainState.SOUND)
            write_setting(connection, EXPORTED, None)
            settle_note(connection, before.device, renewed=True)
