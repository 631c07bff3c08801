"""The store as everybody else uses it: read, write, be told of changes."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from client.store.changes import Changes
from client.store.database import Database
from client.store.errors import NotADatabase
from client.store.identity import Identity, read_identity
from ledger.sealing import Seal

T = TypeVar("T")


class Store:
    """One device's database with its listeners. All methods belong to the event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.changes = Changes()
        self.on_damage: Callable[[], None] = lambda: None
        """Called once, when something of the file could not be read."""

    @classmethod
    def open(cls, path: Path) -> "Store":
        """Open the file; raises the errors of `client.store.errors`."""
        return cls(Database.open(path))

    @property
    def path(self) -> Path:
        return self._database.path

    @property
    def read_only(self) -> bool:
        """True when a newer app wrote the file: everything can be read, nothing written."""
        return self._database.read_only

    def use_seal(self, seal: Seal | None) -> None:
        """What names pupils can be read and written from now on."""
        self._database.use_seal(seal)

    @property
    def names_pupils(self) -> bool:
        """False until the seal is at hand: the database is open before anybody's secrets are."""
        return self._database.has_seal

    async def read(self, work: Callable[[Connection], T]) -> T:
        try:
            return await self._database.read(work)
        except NotADatabase:
            self._damage_found()
            raise

    async def write(
        self,
        work: Callable[[Connection], T],
        topics: Iterable[str] | Callable[[T], Iterable[str]] = (),
        *,
        durable: bool = True,
    ) -> T:
        """Run one transaction, then tell the listeners that these topics changed, or those that
        follow from what `work` returned: also where whoever asked was cancelled meanwhile.
        `durable` as in `Database.write`."""

        def tell(result: T) -> None:
            self.changes.publish(topics(result) if callable(topics) else topics)

        try:
            return await self._database.write(work, durable=durable, committed=tell)
        except NotADatabase:
            self._damage_found()
            raise

    def _damage_found(self) -> None:
        tell, self.on_damage = self.on_damage, lambda: None
        tell()

    def size_bytes(self) -> int:
        return self._database.size_bytes()

    async def compact(self) -> None:
        """Give the space of removed rows back to the disk; raises `StoreError`."""
        await self._database.compact()

    async def identity(self) -> Identity | None:
        return await self.read(read_identity)

    def close(self) -> None:
        self._database.close()
