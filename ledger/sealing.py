"""What names pupils is kept sealed where it lies on a device: AES-256-GCM under a key that is not
in the database.

A connection carries its seal in its `info`; without one, nothing is sealed and nothing that is
sealed can be read (a server's database has none: it is the district's own). Sealed bytes begin
with a byte no JSON text begins with, so that both can stand in the same column.
"""

import base64
import secrets
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection

KEY_BYTES: Final = 32
MARK: Final = b"\x01"
TEXT_MARK: Final = "~"
NONCE_BYTES: Final = 12
SEAL: Final = "seal"
"""The name under which a connection carries its seal."""


class Sealed(Exception):
    """This is sealed, and the key at hand does not open it."""


class Seal:
    """One device's key for what it keeps about pupils."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a seal's key has {KEY_BYTES} bytes")
        self._box = AESGCM(key)

    def close(self, plain: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return MARK + nonce + self._box.encrypt(nonce, plain, None)

    def open(self, sealed: bytes) -> bytes:
        """Raises `Sealed`."""
        nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._box.decrypt(nonce, rest, None)
        except (InvalidTag, ValueError) as error:
            raise Sealed from error


def new_key() -> bytes:
    return AESGCM.generate_key(KEY_BYTES * 8)


def key_text(key: bytes) -> str:
    """For the secret store only."""
    return base64.urlsafe_b64encode(key).decode()


def seal_from_text(text: str) -> Seal:
    """Raises ValueError when the text is no key."""
    return Seal(base64.urlsafe_b64decode(text))


def seal_of(connection: Connection) -> Seal | None:
    return connection.info.get(SEAL)


def is_sealed(body: bytes | None) -> bool:
    return body is not None and body[:1] == MARK


def opened(connection: Connection, body: bytes | None) -> bytes | None:
    """A body as it was written. Raises `Sealed`."""
    if body is None or not is_sealed(body):
        return body
    return _need(connection).open(body)


def closed(connection: Connection, body: bytes | None) -> bytes | None:
    """A private body as it is kept on this connection's database."""
    seal = seal_of(connection)
    return body if seal is None or body is None else seal.close(body)


def closed_text(connection: Connection, text: str) -> str:
    """A private text column's value as it is kept."""
    seal = seal_of(connection)
    if seal is None:
        return text
    return TEXT_MARK + base64.b64encode(seal.close(text.encode())).decode()


def opened_text(connection: Connection, text: str) -> str:
    """The same, read. Raises `Sealed`."""
    if not text.startswith(TEXT_MARK):
        return text
    return _need(connection).open(base64.b64decode(text[1:])).decode()


def _need(connection: Connection) -> Seal:
    seal: Any = seal_of(connection)
    if seal is None:
        raise Sealed
    return seal
