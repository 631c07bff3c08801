"""The desktop's keyring: which ones are trusted, and what becomes of their errors."""

import threading

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked

from client.device.vault.errors import SecretStoreFailed
from client.device.vault.system_keyring import SystemKeyring, usable_backend
from tests.client.device.vault.stand_ins import MemoryKeyring


def system_keyring() -> KeyringBackend:
    """A backend that says it is one of the system's own."""
    kind = type("Keyring", (MemoryKeyring,), {"__module__": "keyring.backends.SecretService"})
    return kind()


def test_the_systems_own_keyring_is_used() -> None:
    own = system_keyring()
    assert usable_backend(own) is own


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, MemoryKeyring])
def test_a_keyring_that_fails_forgets_or_is_strange_is_not(backend: type[KeyringBackend]) -> None:
    assert usable_backend(backend()) is None


def test_a_chain_is_searched_for_the_systems_own(monkeypatch: pytest.MonkeyPatch) -> None:
    own = system_keyring()
    chain = chainer.ChainerBackend()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [MemoryKeyring(), own])
    assert usable_backend(chain) is own
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [MemoryKeyring(), null.Keyring()])
    assert usable_backend(chain) is None


def test_a_keyring_that_cannot_even_be_found_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> KeyringBackend:
        raise RuntimeError("No recommended backend was available")

    monkeypatch.setattr("keyring.get_keyring", broken)
    assert usable_backend() is None


async def test_two_profiles_on_one_machine_do_not_share() -> None:
    backend = MemoryKeyring()
    await SystemKeyring(backend, "phone").set("device_key", "1")
    assert await SystemKeyring(backend, "desk").get("device_key") is None
    assert await SystemKeyring(backend, "").get("device_key") is None
    assert list(backend.held) == [("cn.xunan.app/phone", "device_key")]


async def test_the_event_loop_does_not_wait_for_the_keyring() -> None:
    backend = MemoryKeyring()
    store = SystemKeyring(backend, "")
    await store.set("device_key", "1")
    await store.get("device_key")
    assert threading.get_ident() not in backend.threads


@pytest.mark.parametrize(
    "error", [KeyringLocked("s3cret"), RuntimeError("s3cret"), OSError(5, "s3cret")]
)
async def test_whatever_a_keyring_raises_is_ours_and_tells_nothing(error: Exception) -> None:
    class Locked(MemoryKeyring):
        priority = 0.1  # type: ignore[assignment]

        def get_password(self, service: str, username: str) -> str | None:
            raise error

    store = SystemKeyring(Locked(), "")
    for ask in (store.get("device_key"), store.delete("device_key")):
        with pytest.raises(SecretStoreFailed) as caught:
            await ask
        assert "s3cret" not in str(caught.value)
        assert caught.value.__cause__ is None
