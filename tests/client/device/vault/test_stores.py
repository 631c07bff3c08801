"""Every secret store keeps the same promises."""

from collections.abc import Callable
from pathlib import Path

import pytest

from client.device.vault.phone_storage import PhoneStorage
from client.device.vault.port import SecretStore
from client.device.vault.sealed_file import SealedFile
from client.device.vault.system_keyring import SystemKeyring
from tests.client.device.vault.stand_ins import FakePhone, MemoryKeyring

Opener = Callable[[], SecretStore]
SECRET = "s3cret-密钥-\n\t\"'"


@pytest.fixture(params=["keyring", "phone", "file"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Opens the same store each time it is called."""
    backend, phone = MemoryKeyring(), FakePhone()
    openers: dict[str, Opener] = {
        "keyring": lambda: SystemKeyring(backend, "a"),
        "phone": lambda: PhoneStorage(phone, "a"),
        "file": lambda: SealedFile.open(tmp_path / "secrets.sealed", "口令 1"),
    }
    return openers[request.param]


async def test_what_was_set_is_there_when_opened_again(opener: Opener) -> None:
    store = opener()
    assert await store.get("device_key") is None
    await store.set("device_key", SECRET)
    await store.set("tokens", "t")
    assert await store.get("device_key") == SECRET
    assert await opener().get("device_key") == SECRET
    assert await opener().get("tokens") == "t"


async def test_the_newest_secret_counts(opener: Opener) -> None:
    await opener().set("device_key", "old")
    await opener().set("device_key", SECRET)
    assert await opener().get("device_key") == SECRET


async def test_a_deleted_secret_is_gone_and_others_stay(opener: Opener) -> None:
    store = opener()
    await store.set("device_key", SECRET)
    await store.set("tokens", "t")
    await store.delete("device_key")
    assert await store.get("device_key") is None
    assert await opener().get("device_key") is None
    assert await opener().get("tokens") == "t"


async def test_deleting_what_is_not_there_is_nothing(opener: Opener) -> None:
    await opener().delete("device_key")


async def test_no_secret_is_shown(opener: Opener) -> None:
    store = opener()
    await store.set("device_key", SECRET)
    assert SECRET not in repr(store)
    assert "s3cret" not in repr(store)
