"""The desktop's own keyring: Keychain, Credential Manager, Secret Service or KWallet.

keyring also offers backends that forget, that fail, or that write plain text, and people install
more of them. Only the systems' own are used: a private key in a plain file would be worse than
asking for a passphrase.
"""

import asyncio
import contextlib
import importlib
from collections.abc import Callable
from typing import TypeVar

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from client.device.vault.errors import SecretStoreError, SecretStoreFailed

T = TypeVar("T")
SERVICE = "cn.xunan.app"
SYSTEM_BACKENDS = frozenset(
    f"keyring.backends.{name}"
    for name in ("macOS", "Windows", "SecretService", "libsecret", "kwallet")
)
FOREIGN_FAULTS = (
    ("secretstorage.exceptions", "SecretStorageException"),
    ("jeepney.wrappers", "DBusErrorResponse"),
    ("pywintypes", "error"),
)
"""What the systems' own libraries raise past keyring, each where it is installed."""


def _backend_faults() -> tuple[type[Exception], ...]:
    faults: list[type[Exception]] = [KeyringError, OSError, RuntimeError, TypeError, ValueError]
    for module, name in FOREIGN_FAULTS:
        with contextlib.suppress(ImportError):
            faults.append(getattr(importlib.import_module(module), name))
    return tuple(faults)


BACKEND_FAULTS = _backend_faults()


def usable_backend(found: KeyringBackend | None = None) -> KeyringBackend | None:
    """The system's keyring; None when there is none that keeps secrets secret. May block."""
    if found is None:
        try:
            found = keyring.get_keyring()
        except (KeyringError, RuntimeError, ImportError):
            return None
    # keyring's chainer tries several backends in turn: take the best that is the system's own.
    for backend in (found, *getattr(found, "backends", ())):
        if type(backend).__module__ in SYSTEM_BACKENDS:
            return backend
    return None


class SystemKeyring:
    """`profile` keeps several clients on one machine from sharing a key."""

    def __init__(self, backend: KeyringBackend, profile: str) -> None:
        self._backend = backend
        self._service = f"{SERVICE}/{profile}" if profile else SERVICE

    def __repr__(self) -> str:
        return f"SystemKeyring({type(self._backend).__module__}, {self._service!r})"

    async def get(self, name: str) -> str | None:
        return await self._ask(lambda: self._backend.get_password(self._service, name))

    async def set(self, name: str, secret: str) -> None:
        await self._ask(lambda: self._backend.set_password(self._service, name, secret))

    async def delete(self, name: str) -> None:
        def forget() -> None:
            # Backends complain of a secret that isn't there, each with an error of its own.
            if self._backend.get_password(self._service, name) is not None:
                self._backend.delete_password(self._service, name)

        await self._ask(forget)

    async def _ask(self, work: Callable[[], T]) -> T:
        """In a thread: the system may be showing its own dialog meanwhile."""
        try:
            return await asyncio.to_thread(work)
        except SecretStoreError:
            raise
        # Backends pass on whatever D-Bus, ctypes or the Windows API raise; the message is left
        # out because nobody promises that it has no secret in it.
        except BACKEND_FAULTS as error:
            raise SecretStoreFailed(type(error).__name__) from None
