"""The database behind the server: SQLite unless told otherwise, PostgreSQL where there is one.

Transactions say beforehand whether they will write: SQLite then takes its one write lock at once
instead of failing half-way, and readers never wait (WAL).
"""

import logging
import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError, OperationalError

from ledger.reading import SQLITE_SCHEME

log = logging.getLogger(__name__)

BUSY_TIMEOUT_MS = 10_000
CACHE_KIB = 16 * 1024
"""Room for the indexes of a district's journal; SQLite's own 2 MB make every push swap pages."""
CHECKPOINT_PAGES = 4000
"""16 MB. At SQLite's own 1,000 pages every third batch of a push copies the log into the file, and
flushes it twice more."""
WRITES = "xunan_writes"
PATIENCE_S = 30.0
LOOK_AGAIN_S = 0.25


class UnusableDatabase(Exception):
    """The database can't be opened by this version; nothing was written to it."""


class Database:
    """An engine that knows reading from writing."""

    def __init__(self, url: str) -> None:
        self.url = _normal(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self._looking = self.engine
        if not self.is_sqlite:
            # Each statement of a transaction sees what is committed by then, as it would without
            # one: two ways to the database and back less for whoever only looks.
            self._looking = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._turn = Lock() if self.is_sqlite else nullcontext()
        """SQLite has one writer, and lets who waits for it look again only now and then, in no
        order: our own threads wait here instead, and are woken. (Measured with two hundred devices
        at once: half of the server's time went into that waiting.)"""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._looking.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that commits at the end or leaves no trace."""
        with self._turn, self.engine.connect() as plain:
            connection = plain.execution_options(**{WRITES: True})
            with connection.begin():
                yield connection

    def wait(self, patience_s: float = PATIENCE_S) -> None:
        """Until PostgreSQL answers: after a power cut it starts and recovers beside us.

        Raises `UnusableDatabase` when it never does.
        """
        end, told = time.monotonic() + patience_s, False
        while not self.is_sqlite:
            try:
                with self.engine.connect():
                    return
            except OperationalError as error:
                if time.monotonic() > end:
                    raise UnusableDatabase(f"the database can't be opened: {error.orig}") from error
                if not told:
                    log.warning("waiting for the database: %s", error.orig)
                    told = True
            time.sleep(LOOK_AGAIN_S)

    def close(self) -> None:
        self.engine.dispose()


def insert_unless_there(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Add a row that another process may be adding at the same moment."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(table).on_conflict_do_nothing(), row)


def upsert(connection: Connection, table: Table, *rows: dict[str, Any]) -> None:
    """Write rows that name the same columns, whether or not one with their key is there."""
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    keys = [column.name for column in table.primary_key]
    statement = dialect.insert(table)
    values = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=values), list(rows)
    )


def _normal(text: str) -> URL:
    if text.startswith(SQLITE_SCHEME):
        # The path as it stands: SQLAlchemy would undo a %41 in it, and end it at a question mark.
        return URL.create("sqlite", database=text.removeprefix(SQLITE_SCHEME))
    url = make_url(text)
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    return url


def _postgres_engine(url: URL) -> Engine:
    engine = create_engine(url, pool_size=8, max_overflow=8, hide_parameters=True)
    event.listen(engine, "checkout", _leave_dead_ones)
    return engine


def _leave_dead_ones(raw: Any, _record: Any, _proxy: Any) -> None:
    """A connection that rests has nothing to read, unless PostgreSQL has ended it: the pool then
    takes a new one. (Asking PostgreSQL itself, `pool_pre_ping`, is a way there and back for every
    look: a tenth of what the answer to a pull costs.)"""
    if _can_be_read(raw.fileno()):
        raise DisconnectionError


def _can_be_read(descriptor: int) -> bool:
    if sys.platform == "win32":
        return bool(select.select([descriptor], [], [], 0)[0])
    # Not `select`: it knows no more than 1,024 descriptors, and every listening device has one.
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def _sqlite_engine(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Private keys of the schools' chains live in here.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(url, pool_size=8, max_overflow=8, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # transactions begin where `_begin_sqlite` says
    cursor = raw.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    cursor.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA case_sensitive_like = ON")  # scopes are matched with it
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
