"""The device's database file: one writer thread, one reader thread, and what to do when the
file is not what it should be.

Everything that touches SQLite runs in these two threads, so the event loop never waits for a
disk and writers never meet. A write is one transaction, flushed to the disk (synchronous FULL)
before anybody is told that it was saved; all but the last page of a long pull may do without.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from client.store import migrations
from client.store.errors import (
    Damaged,
    NewerDatabase,
    NotADatabase,
    StoreBusy,
    StoreError,
    StoreFull,
)
from client.store.exchange import finish_exchange
from client.store.health import (
    log_is_torn,
    note_start,
    note_stop,
    was_stopped_cleanly,
    what_is_wrong,
)
from ledger.sealing import SEAL, Seal

log = logging.getLogger(__name__)

T = TypeVar("T")
APPLICATION_ID = 0x58554E41
"""`XUNA` in the file's header: tells our database from any other SQLite file."""
BUSY_TIMEOUT_MS = 5000
CACHE_KIB = 16 * 1024
"""Room for the indexes of a year's journal; SQLite's own 2 MB make a first sync swap pages."""
CHECKPOINT_PAGES = 4000


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
        with _translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            finish_exchange(path)
            newer = _is_newer(path)
            if not newer:
                if not was_stopped_cleanly(path):
                    _look_through(path)
                _keep_private(path)
                note_start(path)
            engine = _engine(path, read_only=newer)
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

    async def write(self, work: Callable[[Connection], T], *, durable: bool = True) -> T:
        """Run `work` in one transaction on the writer thread; durable when this returns.

        Not `durable`: all or nothing as ever and seen by every reader, but a power cut may take it
        away until the next durable write. For what the server has and would send again.
        """
        if self.read_only:
            raise NewerDatabase(self.path)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, self._commit, work, durable)

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
        with _translated(self.path):
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
            with _translated(self.path):
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


def _look_through(path: Path) -> None:
    """Raises `Damaged`, or sqlite3's own error where not even that can be found out."""
    if not path.exists() or path.stat().st_size == 0:
        return
    if log_is_torn(path):
        log.error("the log of %s is torn", path)
        raise Damaged(path)
    connection = sqlite3.connect(_address(path, "ro"), uri=True, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        wrong = what_is_wrong(connection)
    finally:
        connection.close()
    if wrong:
        log.error("%s does not hold: %s", path, wrong)
        raise Damaged(path)


def _keep_private(path: Path) -> None:
    """Only the person whose device this is reads the file; its journal files follow its mode."""
    path.touch(mode=0o600)
    # A file system without modes (a memory card) can't be asked for this.
    with suppress(PermissionError):
        path.chmod(0o600)


def put_aside(path: Path, suffix: str) -> Path:
    """Move a file that can't be opened out of the way, so that a fresh one can take its place."""
    aside = path.with_name(f"{path.name}.{suffix}")
    path.rename(aside)
    for extra in ("-wal", "-shm"):
        companion = path.with_name(path.name + extra)
        if companion.exists():
            companion.rename(aside.with_name(aside.name + extra))
    return aside


def _roll_back(connection: Connection) -> None:
    """A full disk may have ended the transaction already, or failed its COMMIT and left it open."""
    raw: Any = connection.connection.driver_connection
    if raw.in_transaction:
        connection.exec_driver_sql("ROLLBACK")


def _address(path: Path, mode: str) -> str:
    """SQLite's name for the file; a folder may be called "a#b", "100%" or "what?"."""
    return f"file:{quote(path.absolute().as_posix(), safe='/:')}?mode={mode}"


def _engine(path: Path, *, read_only: bool) -> Engine:
    address = _address(path, "ro" if read_only else "rwc")

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            address, uri=True, check_same_thread=False, timeout=BUSY_TIMEOUT_MS / 1000
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA case_sensitive_like = ON")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    event.listen(engine, "connect", prepare)
    return engine


def _is_newer(path: Path) -> bool:
    """Look at the file without writing; raises `NotADatabase` when it isn't one of ours."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    connection = sqlite3.connect(_address(path, "ro"), uri=True, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    finally:
        connection.close()
    if tables and application != APPLICATION_ID:
        raise NotADatabase(path)
    return version > migrations.NEWEST


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """The one border where SQLite's errors become ours."""
    try:
        yield
    except StoreError:
        raise
    except (sqlite3.DatabaseError, DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_NOTADB:
            raise NotADatabase(path) from error
        if code == sqlite3.SQLITE_CORRUPT:
            raise Damaged(path) from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreBusy(path) from error
        if code in (
            sqlite3.SQLITE_FULL,
            sqlite3.SQLITE_READONLY,
            sqlite3.SQLITE_IOERR,
            sqlite3.SQLITE_CANTOPEN,
        ):
            raise StoreFull(path) from error
        raise
    except OSError as error:
        raise StoreFull(path) from error
