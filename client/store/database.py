"""The device's open database: one writer thread and one reader thread.

Everything that touches SQLite runs in these two threads, so the event loop never waits for a
disk and writers never meet. A write is one transaction, flushed to the disk (synchronous FULL)
before anybody is told that it was saved; all but the last page of a long pull may do without.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from client.store import migrations
from client.store.errors import NewerDatabase, NotADatabase, translated
from client.store.exchange import finish_exchange
from client.store.file import (
    APPLICATION_ID,
    engine_of,
    is_newer,
    keep_private,
    look_through,
)
from client.store.health import note_start, note_stop, was_stopped_cleanly
from ledger.sealing import SEAL, Seal

T = TypeVar("T")


class Database:
    """An open database. `read_only` is true when a newer app wrote the file."""

    def __init__(self, path: Path, engine: Engine, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self.damaged = False
        """Something could not be read: at its next opening the file is looked through."""
        self._engine = engine
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="store-read")
        self._connections: dict[str, Connection] = {}
        self._seal: Seal | None = None

    @classmethod
    def open(cls, path: Path) -> "Database":
        """Open or create the file and bring it to the newest version.

        A file from a newer app is opened read-only; one that was not left in order is looked
        through first. Raises `NotADatabase` (`Damaged`), `StoreBusy` or `StoreFull`; none of them
        has changed the file.
        """
        with translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            finish_exchange(path)
            newer = is_newer(path)
            if not newer:
                if not was_stopped_cleanly(path):
                    look_through(path)
                keep_private(path)
                note_start(path)
            engine = engine_of(path, read_only=newer)
            if not newer:
                with engine.connect() as connection:
                    migrations.migrate(connection, APPLICATION_ID)
        return cls(path, engine, read_only=newer)

    def use_seal(self, seal: Seal | None) -> None:
        """From now on what names pupils is sealed and opened with this."""
        self._seal = seal

    @property
    def has_seal(self) -> bool:
        return self._seal is not None

    async def write(
        self,
        work: Callable[[Connection], T],
        *,
        durable: bool = True,
        committed: Callable[[T], None] = lambda _: None,
    ) -> T:
        """Run `work` in one transaction on the writer thread; durable when this returns.

        `committed` is called on the event loop with what `work` returned, before this returns; and
        also where nobody waits any more: what the thread has begun it finishes.

        Not `durable`: all or nothing as ever and seen by every reader, but a power cut may take it
        away until the next durable write. For what the server has and would send again.
        """
        if self.read_only:
            raise NewerDatabase(self.path)
        loop = asyncio.get_running_loop()

        def run() -> T:
            result = self._commit(work, durable)
            with suppress(RuntimeError):  # the app has ended meanwhile
                loop.call_soon_threadsafe(committed, result)
            return result

        return await loop.run_in_executor(self._writer, run)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on the reader thread; it sees the newest commit."""
        return await asyncio.get_running_loop().run_in_executor(self._reader, self._look, work)

    def size_bytes(self) -> int:
        """The file with what waits beside it to be written into it."""
        files = (self.path, self.path.with_name(self.path.name + "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    async def compact(self) -> None:
        """Give the space of removed rows back to the disk. Needs as much room again meanwhile;
        raises `StoreFull` when there is none, and nothing has changed."""
        if self.read_only:
            raise NewerDatabase(self.path)
        await asyncio.get_running_loop().run_in_executor(self._writer, self._compact)

    def _compact(self) -> None:
        with translated(self.path):
            connection = self._connection("write")
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        for pool, name in ((self._writer, "write"), (self._reader, "read")):
            pool.submit(self._hang_up, name).result()
            pool.shutdown()
        self._engine.dispose()
        if not self.read_only and not self.damaged:
            note_stop(self.path)

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """`write` without a loop, for a file that nobody else has open yet."""
        return self._commit(work)

    def _commit(self, work: Callable[[Connection], T], durable: bool = True) -> T:
        with self._noticing_damage():
            connection = self._connection("write")
            if not durable:
                # With a write-ahead log this leaves out one flush, and never the order of writes.
                connection.exec_driver_sql("PRAGMA synchronous = NORMAL")
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                result = work(connection)
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                # What is remembered with the connection may speak of what has not come to be.
                connection.info.clear()
                _roll_back(connection)
                raise
            finally:
                if not durable:
                    connection.exec_driver_sql("PRAGMA synchronous = FULL")
            return result

    def _look(self, work: Callable[[Connection], T]) -> T:
        with self._noticing_damage():
            connection = self._connection("read")
            connection.exec_driver_sql("BEGIN")
            try:
                return work(connection)
            finally:
                connection.exec_driver_sql("ROLLBACK")

    @contextmanager
    def _noticing_damage(self) -> Iterator[None]:
        try:
            with translated(self.path):
                yield
        except NotADatabase:
            self.damaged = True
            raise

    def _connection(self, name: str) -> Connection:
        connection = self._connections.get(name)
        if connection is None:
            # AUTOCOMMIT hands BEGIN and COMMIT to the two functions above.
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._connections[name] = connection
        connection.info[SEAL] = self._seal
        return connection

    def _hang_up(self, name: str) -> None:
        connection = self._connections.pop(name, None)
        if connection is not None:
            connection.close()


def _roll_back(connection: Connection) -> None:
    """A full disk may have ended the transaction already, or failed its COMMIT and left it open."""
    raw: Any = connection.connection.driver_connection
    if raw.in_transaction:
        connection.exec_driver_sql("ROLLBACK")
