"""`xunan bundle export`: this device's unsent records and photos in one sealed file."""

import argparse
import asyncio
from pathlib import Path

from ledger.command import CommandError


def export(arguments: argparse.Namespace) -> int:
    from client.settings import ClientSettings
    from client.store.errors import StoreError

    settings = ClientSettings.from_environment(arguments.profile)
    if not settings.database.exists():
        raise CommandError(f"there is no device's database at {settings.database}")
    try:
        return asyncio.run(_export(settings, arguments.output))
    except StoreError as error:
        raise CommandError(str(error)) from error


async def _export(settings, target: Path) -> int:
    from client.bar import bar
    from client.device.clock import DeviceClock
    from client.device.vault import DeviceVault, SecretStoreError, open_secret_store
    from client.parcels import NothingUnsent, export_bundle
    from client.photos.folder import PhotoFolder
    from client.settings import platform_name
    from client.store.store import Store

    try:
        secrets = await open_secret_store(
            platform_name(), settings.profile, settings.data, settings.passphrase
        )
        vault = DeviceVault(secrets)
        key = await vault.device_key()
        seal, _ = await vault.seal()
    except SecretStoreError as error:
        raise CommandError("the device's secrets do not open: set XUNAN_PASSPHRASE") from error
    store = Store.open(settings.database)
    try:
        store.use_seal(seal)
        identity = await store.identity()
        if identity is None or key is None:
            raise CommandError("nobody is signed in on this device")
        photos = PhotoFolder(settings.photos)
        at = DeviceClock().stamp().at
        with bar() as note:
            done = await export_bundle(store, identity, key, at, photos.path, target, note)
    except NothingUnsent as error:
        raise CommandError(
            "everything has reached the server; there is nothing to export"
        ) from error
    finally:
        store.close()
    print(f"{target}: {done.entries} entries, {done.photos} photos, {done.bytes} bytes")
    return 0
