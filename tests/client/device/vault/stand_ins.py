"""Stand-ins for the systems' secret stores."""

import asyncio
import threading
from typing import Any

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """Behaves like the systems' keyrings: complains when it shall delete what isn't there."""

    # keyring lists every backend class it finds by priority: this one is never chosen by itself.
    priority = 0.1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}
        self.threads: set[int] = set()

    def get_password(self, service: str, username: str) -> str | None:
        self.threads.add(threading.get_ident())
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.threads.add(threading.get_ident())
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.held.pop((service, username), None) is None:
            raise PasswordDeleteError("no such password")


class FakePhone:
    """Answers like flet's service. The real one needs a phone."""

    def __init__(self, *, error: Exception | None = None, mute: bool = False) -> None:
        self.held: dict[str, str] = {}
        self._error = error
        self._mute = mute

    async def get(self, key: str) -> str | None:
        await self._answer()
        return self.held.get(key)

    async def set(self, key: str, value: Any) -> None:
        await self._answer()
        self.held[key] = value

    async def remove(self, key: str) -> None:
        await self._answer()
        self.held.pop(key, None)

    async def _answer(self) -> None:
        if self._mute:
            await asyncio.Event().wait()
        if self._error is not None:
            raise self._error
