"""Sealing to the holder of an Ed25519 key: the key every device has pinned serves for that, too.

An Ed25519 key pair is turned into an X25519 one by the birational map of RFC 7748, as libsodium
does it, so that no further key has to be announced and trusted. One fresh key pair for each file,
HKDF-SHA256 over both public keys.
"""

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from ledger.keys import DeviceKey
from ledger.sealed_stream import fresh_key

PRIME = 2**255 - 19
PURPOSE = b"xunan bundle 1"


class NotAKey(ValueError):
    """No key that anything could be sealed to."""


def box_of(public: str) -> X25519PublicKey:
    """The X25519 public key of an Ed25519 public key. Raises `NotAKey`."""
    try:
        raw = base64.urlsafe_b64decode(public + "=" * (-len(public) % 4))
    except ValueError as error:
        raise NotAKey(public) from error
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    if len(raw) != 32 or y >= PRIME or y == 1:
        raise NotAKey(public)
    u = (1 + y) * pow(1 - y, -1, PRIME) % PRIME
    return X25519PublicKey.from_public_bytes(u.to_bytes(32, "little"))


def opener_of(key: DeviceKey) -> X25519PrivateKey:
    """The private half."""
    text = key.to_text()
    seed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    # X25519 clamps the scalar by itself.
    return X25519PrivateKey.from_private_bytes(hashlib.sha512(seed).digest()[:32])


def new_box(public: str) -> tuple[str, bytes]:
    """A fresh public key for a file's header, and the file's secret key."""
    theirs = box_of(public)
    ours = X25519PrivateKey.generate()
    mine = ours.public_key().public_bytes_raw()
    return _encode(mine), _key(ours.exchange(theirs), mine, theirs.public_bytes_raw())


def opened_box(key: DeviceKey, ephemeral: str) -> bytes:
    """The file's secret key again. Raises `NotAKey`."""
    opener = opener_of(key)
    try:
        theirs = base64.urlsafe_b64decode(ephemeral + "=" * (-len(ephemeral) % 4))
        shared = opener.exchange(X25519PublicKey.from_public_bytes(theirs))
    except ValueError as error:
        raise NotAKey(ephemeral) from error
    return _key(shared, theirs, opener.public_key().public_bytes_raw())


def _key(shared: bytes, ephemeral: bytes, recipient: bytes) -> bytes:
    return fresh_key(shared, ephemeral + recipient, PURPOSE)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
