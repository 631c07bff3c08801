"""Device keys and the signed head of a chain.

One Ed25519 signature over the newest hash vouches for everything before it, because every
header names the hash before it. (An Ed25519 check costs about 160 µs: one per entry would cap
a server core below 6,000 entries/s.)
"""

import base64
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field

from ledger.entry import Digest, Number


class Head(BaseModel):
    """A device's word that its chain up to `number` ends in `hash`."""

    model_config = ConfigDict(frozen=True)

    device: str
    number: Number
    hash: Digest
    at: Annotated[str, Field(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")]
    """ISO 8601, as the device's clock said; one line of what is signed."""
    signature: Annotated[str, Field(max_length=120)] = ""

    def signed_text(self) -> bytes:
        """The bytes under the signature; the first line keeps them from meaning anything else."""
        return f"xunan head 1\n{self.device}\n{self.number}\n{self.hash}\n{self.at}".encode()


class DeviceKey:
    """The private key of one device. It never leaves the device's secret store."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def generate(cls) -> "DeviceKey":
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_text(cls, text: str) -> "DeviceKey":
        """Raises ValueError when the text is not a key."""
        return cls(Ed25519PrivateKey.from_private_bytes(_decode(text)))

    def to_text(self) -> str:
        """For the secret store only."""
        return _encode(self._private.private_bytes_raw())

    @property
    def public(self) -> str:
        return _encode(self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> str:
        return _encode(self._private.sign(message))

    def sign_head(self, device: str, number: int, hash: str, at: str) -> Head:
        head = Head(device=device, number=number, hash=hash, at=at)
        return head.model_copy(update={"signature": self.sign(head.signed_text())})


def is_signed_by(public: str, message: bytes, signature: str) -> bool:
    """True when `signature` over `message` was made with the key whose public half is given."""
    try:
        key = Ed25519PublicKey.from_public_bytes(_decode(public))
        key.verify(_decode(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def head_is_genuine(head: Head, public: str) -> bool:
    return is_signed_by(public, head.signed_text(), head.signature)


def is_public_key(text: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(_decode(text))
    except ValueError:
        return False
    return True


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
