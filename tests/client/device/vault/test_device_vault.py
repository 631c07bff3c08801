"""The key and the tokens come back as they were, and what can't be read is as if it weren't."""

import logging

import pytest

from client.device.vault import DeviceVault, SecretStoreFailed, VaultTokens
from client.device.vault.phone_storage import PhoneStorage
from client.sync.enrol import Vault
from ledger.keys import DeviceKey
from ledger.wire.accounts import Tokens
from tests.client.device.vault.stand_ins import FakePhone

TOKENS = Tokens(access_token="s3cret-access", refresh_token="s3cret-refresh", expires_in=600)


@pytest.fixture
def phone() -> FakePhone:
    return FakePhone()


def vault_on(phone: FakePhone) -> DeviceVault:
    return DeviceVault(PhoneStorage(phone, ""))


async def test_it_fills_the_port_of_the_sign_in(phone: FakePhone) -> None:
    vault: Vault = vault_on(phone)
    assert await vault.device_key() is None
    assert await vault.tokens() is None


async def test_the_key_comes_back(phone: FakePhone) -> None:
    key = DeviceKey.generate()
    await vault_on(phone).keep_device_key(key)
    again = await vault_on(phone).device_key()
    assert again is not None
    assert again.public == key.public
    await vault_on(phone).keep_device_key(None)
    assert await vault_on(phone).device_key() is None


async def test_the_tokens_come_back_and_the_newest_count(phone: FakePhone) -> None:
    vault = vault_on(phone)
    keeper = VaultTokens(vault)
    await keeper.save(TOKENS)
    assert await keeper.load() == TOKENS
    assert await vault_on(phone).tokens() == TOKENS
    newer = TOKENS.model_copy(update={"access_token": "newer"})
    await keeper.save(newer)
    assert await keeper.load() == newer
    assert await vault_on(phone).tokens() == newer
    await keeper.save(None)
    assert await keeper.load() is None
    assert phone.held == {}


async def test_tokens_are_used_only_once_they_are_kept(phone: FakePhone) -> None:
    vault = vault_on(phone)
    await vault.keep_tokens(TOKENS)
    phone._error = RuntimeError("the keystore is gone")
    with pytest.raises(SecretStoreFailed):
        await vault.keep_tokens(TOKENS.model_copy(update={"access_token": "lost"}))
    assert await vault.tokens() == TOKENS


@pytest.mark.parametrize("text", ["", "x", "密钥", "AAAA", '{"access_token": 1}', "\0"])
async def test_what_cannot_be_read_is_as_if_it_were_not_there(
    phone: FakePhone, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    phone.held = {"cn.xunan.app/device_key": text, "cn.xunan.app/tokens": text}
    with caplog.at_level(logging.DEBUG):
        assert await vault_on(phone).device_key() is None
        assert await vault_on(phone).tokens() is None
    assert len(text) < 2 or text not in caplog.text


async def test_a_phone_that_does_not_answer_is_an_error_of_ours() -> None:
    mute = PhoneStorage(FakePhone(mute=True), "", timeout_s=0.05)
    with pytest.raises(SecretStoreFailed):
        await mute.get("device_key")


async def test_what_the_platform_says_is_not_passed_on() -> None:
    storage = PhoneStorage(FakePhone(error=RuntimeError("s3cret")), "")
    with pytest.raises(SecretStoreFailed) as caught:
        await storage.set("device_key", "s3cret")
    assert "s3cret" not in str(caught.value)


async def test_no_secret_is_shown(phone: FakePhone) -> None:
    vault = vault_on(phone)
    await vault.keep_device_key(DeviceKey.generate())
    await vault.keep_tokens(TOKENS)
    for secret in phone.held.values():
        assert secret not in repr(vault)
    assert "s3cret" not in repr(vault)
