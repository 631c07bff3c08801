"""Which secret store this device has."""

import asyncio
from pathlib import Path

from client.device.vault.errors import NoSecretStore
from client.device.vault.phone_storage import PhoneStorage, SecureStorage
from client.device.vault.port import SecretStore
from client.device.vault.sealed_file import FILE_NAME, SealedFile
from client.device.vault.system_keyring import SystemKeyring, usable_backend

PHONES = frozenset({"android", "ios"})


async def open_secret_store(
    platform: str,
    profile: str,
    directory: Path,
    passphrase: str | None = None,
    *,
    phone_storage: SecureStorage | None = None,
) -> SecretStore:
    """The phone's storage; else, with a passphrase, the sealed file; else the system's keyring.

    `platform` as in `sys.platform`, `phone_storage` the flet service of a phone's page. Raises
    `NoSecretStore` when a passphrase is needed, and `WrongPassphrase` when it is not this one. A
    device that began with a sealed file stays with it: its key is in there.
    """
    if platform in PHONES:
        if phone_storage is None:
            raise NoSecretStore(sealed=False)
        return PhoneStorage(phone_storage, profile)
    path = directory / FILE_NAME
    if passphrase is not None:
        return await asyncio.to_thread(SealedFile.open, path, passphrase)
    if await asyncio.to_thread(path.exists):
        raise NoSecretStore(sealed=True)
    backend = await asyncio.to_thread(usable_backend)
    if backend is None:
        raise NoSecretStore(sealed=False)
    return SystemKeyring(backend, profile)


def forget_sealed_secrets(directory: Path) -> None:
    """For somebody who forgot the passphrase: they sign in again, with a new key."""
    (directory / FILE_NAME).unlink(missing_ok=True)
