"""Which store a device gets, and when it has to ask for a passphrase."""

from pathlib import Path

import pytest

from client.device.vault import (
    NoSecretStore,
    WrongPassphrase,
    forget_sealed_secrets,
    open_secret_store,
)
from client.device.vault.phone_storage import PhoneStorage
from client.device.vault.sealed_file import SealedFile
from client.device.vault.system_keyring import SystemKeyring
from client.words import t
from tests.client.device.vault.stand_ins import FakePhone, MemoryKeyring

USABLE = "client.device.vault.choose.usable_backend"


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(USABLE, lambda: None)


async def test_a_desktop_has_its_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(USABLE, MemoryKeyring)
    store = await open_secret_store("win32", "", tmp_path)
    assert isinstance(store, SystemKeyring)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("platform", ["android", "ios"])
async def test_a_phone_has_its_storage(tmp_path: Path, platform: str) -> None:
    store = await open_secret_store(platform, "", tmp_path, phone_storage=FakePhone())
    assert isinstance(store, PhoneStorage)


@pytest.mark.usefixtures("no_keyring")
async def test_without_a_keyring_a_passphrase_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(NoSecretStore) as caught:
        await open_secret_store("linux", "", tmp_path)
    assert not caught.value.sealed
    assert t(caught.value.word) == t("vault.choose_passphrase")
    assert list(tmp_path.iterdir()) == [], "never a plain file instead"


@pytest.mark.usefixtures("no_keyring")
async def test_with_the_passphrase_there_is_a_sealed_file(tmp_path: Path) -> None:
    store = await open_secret_store("linux", "", tmp_path, "a passphrase")
    assert isinstance(store, SealedFile)
    await store.set("device_key", "s3cret")
    with pytest.raises(NoSecretStore) as caught:
        await open_secret_store("linux", "", tmp_path)
    assert caught.value.sealed
    assert t(caught.value.word) == t("vault.enter_passphrase")
    with pytest.raises(WrongPassphrase):
        await open_secret_store("linux", "", tmp_path, "another")
    again = await open_secret_store("linux", "", tmp_path, "a passphrase")
    assert await again.get("device_key") == "s3cret"


async def test_a_sealed_file_is_kept_to_when_a_keyring_appears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await open_secret_store("linux", "", tmp_path, "a passphrase")).set("device_key", "1")
    monkeypatch.setattr(USABLE, MemoryKeyring)
    with pytest.raises(NoSecretStore):
        await open_secret_store("linux", "", tmp_path)


@pytest.mark.usefixtures("no_keyring")
async def test_a_forgotten_passphrase_only_means_to_begin_again(tmp_path: Path) -> None:
    await (await open_secret_store("linux", "", tmp_path, "forgotten")).set("device_key", "1")
    forget_sealed_secrets(tmp_path)
    forget_sealed_secrets(tmp_path)
    fresh = await open_secret_store("linux", "", tmp_path, "new")
    assert await fresh.get("device_key") is None
