"""What the app keeps in the secret store: the device's key and its tokens, as plain types."""

import logging
import secrets

from pydantic import ValidationError

from client.device.vault.port import SecretStore
from ledger.keys import DeviceKey
from ledger.sealing import Seal, key_text, new_key, seal_from_text
from ledger.wire.accounts import Tokens

log = logging.getLogger(__name__)

DEVICE_KEY = "device_key"
TOKENS = "tokens"
PUPILS_KEY = "pupils_key"
"""What seals pupils' data in the database."""
SUCCESSION = "succession"
BACKUP_KEY = "backup_key"
BACKUP_KEY_BYTES = 32


class DeviceVault:
    """Fills the ports of sign-in and gateway. Tokens are needed with every request, so they are
    read from the store once."""

    def __init__(self, store: SecretStore) -> None:
        self._store = store
        self._tokens: Tokens | None = None

    def __repr__(self) -> str:
        return f"DeviceVault({self._store!r})"

    async def device_key(self) -> DeviceKey | None:
        """None when there is none yet, or none that can be read: then the device enrols anew."""
        text = await self._store.get(DEVICE_KEY)
        if text is None:
            return None
        try:
            return DeviceKey.from_text(text)
        except ValueError:
            log.warning("the stored device key is not a key")
            return None

    async def keep_device_key(self, key: DeviceKey | None) -> None:
        if key is None:
            await self._store.delete(DEVICE_KEY)
        else:
            await self._store.set(DEVICE_KEY, key.to_text())

    async def seal(self) -> tuple[Seal, bool]:
        """The seal of this device, and whether it had to be made anew: what an older one closed
        can't be opened any more."""
        text = await self._store.get(PUPILS_KEY)
        if text is not None:
            try:
                return seal_from_text(text), False
            except ValueError:
                log.warning("the stored pupils' key is not a key")
        key = new_key()
        await self._store.set(PUPILS_KEY, key_text(key))
        return Seal(key), True

    async def succession(self) -> str | None:
        """A change of keys that is under way, as text; see `client.sync.succession`."""
        return await self._store.get(SUCCESSION)

    async def keep_succession(self, text: str | None) -> None:
        if text is None:
            await self._store.delete(SUCCESSION)
        else:
            await self._store.set(SUCCESSION, text)

    async def backup_key(self) -> bytes:
        """The secret behind this device's local backups; made at the first asking."""
        text = await self._store.get(BACKUP_KEY) or ""
        if len(text) != 2 * BACKUP_KEY_BYTES:
            text = secrets.token_hex(BACKUP_KEY_BYTES)
            await self._store.set(BACKUP_KEY, text)
        return bytes.fromhex(text)

    async def tokens(self) -> Tokens | None:
        if self._tokens is not None:
            return self._tokens
        text = await self._store.get(TOKENS)
        if text is None:
            return None
        try:
            self._tokens = Tokens.model_validate_json(text)
        except ValidationError:
            log.warning("the stored tokens are not tokens")
        return self._tokens

    async def keep_tokens(self, tokens: Tokens | None) -> None:
        """Kept before they are used: a refresh token that was lost signs the device out."""
        if tokens is None:
            await self._store.delete(TOKENS)
        else:
            await self._store.set(TOKENS, tokens.model_dump_json())
        self._tokens = tokens


class VaultTokens:
    """The vault as the gateway's keeper of tokens."""

    def __init__(self, vault: DeviceVault) -> None:
        self._vault = vault

    async def load(self) -> Tokens | None:
        return await self._vault.tokens()

    async def save(self, tokens: Tokens | None) -> None:
        await self._vault.keep_tokens(tokens)
