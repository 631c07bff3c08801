"""Going on under a new key, when this device's chain can't.

The old key names the new one, so nobody has to sign in again. The new key is kept before anybody
hears of it, and the answer before anything is changed: wherever this is interrupted, the next
start goes on from there.
"""

from dataclasses import replace
from typing import Protocol

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from client.gateway.errors import NotOurServer
from client.gateway.gateway import Gateway
from client.store.changes import IDENTITY, JOURNAL, SYNC
from client.store.identity import Identity, read_identity
from client.store.store import Store
from client.sync.enrol import DeviceFacts, Vault, become, introduce
from ledger.keys import DeviceKey
from ledger.wire.accounts import Enrolled, Successor, successor_text


class NextKey(BaseModel):
    """A succession that is under way."""

    model_config = ConfigDict(frozen=True)

    key: str
    """The new private key, for the secret store only."""
    enrolled: Enrolled | None = None
    """The server's answer, once it is here."""


class SuccessionVault(Vault, Protocol):
    """Keeps a `NextKey` as text."""

    async def succession(self) -> str | None: ...

    async def keep_succession(self, text: str | None) -> None: ...


async def take_new_key(
    store: Store, vault: SuccessionVault, gateway: Gateway, facts: DeviceFacts, identity: Identity
) -> Identity:
    """Get a new key accepted and write what is unsent anew under it. Raises `GatewayError`."""
    old = await vault.device_key()
    if old is None:
        raise NotOurServer("no key that could name the next one")
    following = await _under_way(vault)
    if following is None:
        following = NextKey(key=DeviceKey.generate().to_text())
        await vault.keep_succession(following.model_dump_json())
    if following.enrolled is None:
        new = DeviceKey.from_text(following.key)
        text = successor_text(identity.device, new.public)
        enrolled = await gateway.succeed(
            Successor(device=introduce(new, facts), signature=old.sign(text))
        )
        if enrolled.school != identity.school or enrolled.server_key != identity.server_key:
            raise NotOurServer("another server key")
        answered = NextKey(key=following.key, enrolled=enrolled)
        await vault.keep_succession(answered.model_dump_json())
    return await finish_succession(store, vault) or identity


async def finish_succession(store: Store, vault: SuccessionVault) -> Identity | None:
    """Go on with a succession the server has answered; None when there is none."""
    following = await _under_way(vault)
    if following is None or following.enrolled is None:
        return None
    enrolled = following.enrolled

    def keep(connection: Connection) -> Identity | None:
        before = read_identity(connection)
        if before is None or before.school != enrolled.school:
            return None
        now = replace(before, device=enrolled.device, scopes=enrolled.scopes)
        become(connection, now)
        return now

    identity = await store.write(keep, {IDENTITY, JOURNAL, SYNC})
    await vault.keep_tokens(enrolled.tokens)
    await vault.keep_device_key(DeviceKey.from_text(following.key))
    await vault.keep_succession(None)
    return identity


async def _under_way(vault: SuccessionVault) -> NextKey | None:
    text = await vault.succession()
    return None if text is None else NextKey.model_validate_json(text)
