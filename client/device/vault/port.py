"""The one port to every kind of secret store: short texts, found by name."""

from typing import Protocol


class SecretStore(Protocol):
    """Every method raises only `SecretStoreError`."""

    async def get(self, name: str) -> str | None: ...

    async def set(self, name: str, secret: str) -> None:
        """Kept when this returns: a crash afterwards loses nothing."""
        ...

    async def delete(self, name: str) -> None:
        """Forget the secret; nothing happens when there is none."""
        ...
