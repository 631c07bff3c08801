"""The phone's Keystore or Keychain, through flet-secure-storage."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Protocol, TypeVar

import flet as ft

from client.device.vault.errors import SecretStoreFailed
from client.device.vault.system_keyring import SERVICE

T = TypeVar("T")
TIMEOUT_S = 20.0
"""flet waits for ever for a platform that does not answer; the first use makes a key."""


class SecureStorage(Protocol):
    """The part of `flet_secure_storage.SecureStorage` that is used here."""

    async def get(self, key: str) -> str | None: ...

    async def set(self, key: str, value: Any) -> None: ...

    async def remove(self, key: str) -> None: ...


class PhoneStorage:
    def __init__(
        self, storage: SecureStorage, profile: str, *, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._storage = storage
        self._prefix = f"{SERVICE}/{profile}/" if profile else f"{SERVICE}/"
        self._timeout_s = timeout_s

    def __repr__(self) -> str:
        return f"PhoneStorage({self._prefix!r})"

    async def get(self, name: str) -> str | None:
        return await self._ask(self._storage.get(self._prefix + name))

    async def set(self, name: str, secret: str) -> None:
        await self._ask(self._storage.set(self._prefix + name, secret))

    async def delete(self, name: str) -> None:
        await self._ask(self._storage.remove(self._prefix + name))

    async def _ask(self, answer: Awaitable[T]) -> T:
        try:
            return await asyncio.wait_for(answer, self._timeout_s)
        # The platform's error arrives as a RuntimeError with any text; it is not passed on.
        except (RuntimeError, OSError, TimeoutError, TypeError, ValueError) as error:
            raise SecretStoreFailed(type(error).__name__) from None


def secure_storage_of(page: ft.Page) -> SecureStorage | None:
    """The keystore service of the phone this page is shown on; None on anything else.

    A browser on a phone is no phone: its storage is nothing to keep a key in.
    """
    if page.web or page.platform not in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS):
        return None
    import flet_secure_storage

    return flet_secure_storage.SecureStorage()
