"""Passwords, kept only as Argon2id hashes."""

from functools import cache
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 8
LONGEST = 256
_HASHER = PasswordHasher()
_AT_ONCE = BoundedSemaphore(2)
"""Each check takes 64 MiB; a crowd at the door must not take them all at the same time."""


class WeakPassword(ValueError):
    """Too short or too long to be kept."""


def hash_password(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(f"a password has {SHORTEST} to {LONGEST} characters")
    return _HASHER.hash(_plain(password))


def is_password(password: str, kept_hash: str | None) -> bool:
    """Takes as long for an account that does not exist (None)."""
    with _AT_ONCE:
        try:
            genuine = _HASHER.verify(kept_hash or _nobody(), _plain(password[:LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
    return genuine and kept_hash is not None


def clean_username(text: str) -> str:
    """One spelling per account, whatever keyboard it was typed on."""
    return normalize("NFKC", text).strip().casefold()[:120]


def _plain(password: str) -> str:
    return normalize("NFKC", password)


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
