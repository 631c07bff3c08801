"""The pinned signing key serves for sealing as libsodium has it."""

import base64

import pytest

from ledger.bundle.boxes import NotAKey, box_of, new_box, opened_box, opener_of
from ledger.keys import DeviceKey

# From libsodium's own test, test/default/ed25519_convert.
SEED = "421151a459faeade3d247115f94aedae42318124095afabe4d1451a559faedee"
CURVE_PUBLIC = "f1814f0e8ff1043d8a44d25babff3cedcae6c22c3edaa48f857ae70de2baae50"


def test_both_halves_are_those_of_libsodium() -> None:
    key = DeviceKey.from_text(base64.urlsafe_b64encode(bytes.fromhex(SEED)).decode())
    assert box_of(key.public).public_bytes_raw().hex() == CURVE_PUBLIC
    assert opener_of(key).public_key().public_bytes_raw().hex() == CURVE_PUBLIC


def test_only_the_holder_gets_the_files_key() -> None:
    key = DeviceKey.generate()
    ephemeral, secret = new_box(key.public)
    assert opened_box(key, ephemeral) == secret
    assert opened_box(DeviceKey.generate(), ephemeral) != secret
    assert new_box(key.public)[1] != secret


@pytest.mark.parametrize("text", ["", "short", "A" * 42 + "!", "AQ" + "A" * 41])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NotAKey):
        box_of(text)


@pytest.mark.parametrize("text", ["", "short", "A" * 43])
def test_what_no_box_was_made_with_is_refused(text: str) -> None:
    with pytest.raises(NotAKey):
        opened_box(DeviceKey.generate(), text)
