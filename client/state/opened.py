"""The one thing of a list that is open beside it, and kept true while it is."""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, Protocol, TypeVar

from client.store.identity import Identity

V = TypeVar("V")
Read = Callable[[Identity, str], Awaitable[V | None]]
"""By id, as the store has it now; None when it is not on this device."""


class OpenedState(Protocol):
    """An observable with these two fields."""

    opened: Any
    opened_missing: bool


class Opened(Generic[V]):
    def __init__(self, state: OpenedState, read: Read[V]) -> None:
        self._state = state
        self._read = read
        self._id = ""

    async def refresh(self, identity: Identity) -> None:
        if self._id:
            await self.open(identity, self._id)

    async def open(self, identity: Identity, id: str) -> None:
        """An empty id closes what is open."""
        if self._id != id:
            self._state.opened = None
        self._id = id
        found = await self._read(identity, id) if id else None
        if self._id == id:
            self._state.opened = found
            self._state.opened_missing = bool(id) and found is None

    def forget(self) -> None:
        self._id = ""
        self._state.opened = None
        self._state.opened_missing = False
