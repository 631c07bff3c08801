"""Where the gateway keeps its tokens: a port, filled by the device's secret store."""

from typing import Protocol

from ledger.wire.accounts import Tokens


class TokenKeeper(Protocol):
    async def load(self) -> Tokens | None: ...

    async def save(self, tokens: Tokens | None) -> None:
        """Keep the tokens safely before they are used; None forgets them."""
        ...


class MemoryTokens:
    """For a sign-in that has no device yet, and for tests."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        self._tokens = tokens

    async def load(self) -> Tokens | None:
        return self._tokens

    async def save(self, tokens: Tokens | None) -> None:
        self._tokens = tokens
