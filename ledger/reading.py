"""Opens any journal's database, a device's or a server's, for reading only.

For commands that are handed a database: nothing in it is ever changed, whatever it turns out to
be.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from ledger.tables.journal import ENTRY, HEAD

SQLITE_SCHEME = "sqlite:///"
BUSY_TIMEOUT_S = 10.0
CONNECT_TIMEOUT_S = 10


class UnreadableJournal(Exception):
    """There is no journal to be read there; the message says why."""


@contextmanager
def open_journal(where: str | Path) -> Iterator[Connection]:
    """A connection in one reading transaction; `where` is an SQLite file or a database's address.

    Raises `UnreadableJournal`.
    """
    engine, name = reading_engine(str(where))
    try:
        with _translated(name), engine.connect() as connection, connection.begin():
            _check(connection, name)
            yield connection
    finally:
        engine.dispose()


def reading_engine(where: str, *, immutable: bool = False) -> tuple[Engine, str]:
    """An engine that can't write, and what to call its database in a sentence. A transaction of
    it sees one moment. `immutable` is for a file that nobody writes to: SQLite then leaves nothing
    beside it. Raises `UnreadableJournal`; whether there is a journal in it, it has not looked.
    """
    if "://" not in where or where.startswith(SQLITE_SCHEME):
        path = where.removeprefix(SQLITE_SCHEME)
        return _sqlite(Path(path), immutable), path
    try:
        url = make_url(where)
    except ArgumentError as error:
        raise UnreadableJournal(f"{where.partition(':')[0]}://…: not an address") from error
    if url.drivername not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise UnreadableJournal(f"{url.drivername} is none of sqlite and postgresql")
    name = url.render_as_string(hide_password=True)
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={
                "connect_timeout": CONNECT_TIMEOUT_S,
                "options": "-c default_transaction_read_only=on",
            },
            isolation_level="REPEATABLE READ",
            poolclass=NullPool,
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise UnreadableJournal(f"{name} needs {error.name}, which is not installed") from error
    return engine, name


def _sqlite(path: Path, immutable: bool) -> Engine:
    if not path.is_file():
        raise UnreadableJournal(f"there is no database {path}")
    address = f"file:{quote(path.absolute().as_posix())}?mode=ro"
    if immutable:
        address += "&immutable=1"

    def connect() -> sqlite3.Connection:
        # Not by SQLAlchemy's own address: it undoes the quoting, and a folder may be called a#b.
        raw = sqlite3.connect(
            address,
            uri=True,
            isolation_level=None,
            timeout=BUSY_TIMEOUT_S,
            check_same_thread=False,
        )
        raw.execute("PRAGMA query_only = ON")
        return raw

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _check(connection: Connection, name: str) -> None:
    shared = {table.name for table in (ENTRY, HEAD)}
    if not shared <= set(inspect(connection).get_table_names()):
        raise UnreadableJournal(f"{name} is a database, but holds no school's journal")


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise UnreadableJournal(f"{name} is not a database") from error
        reason = str(cause).strip().partition("\n")[0]
        raise UnreadableJournal(f"{name} cannot be read: {reason}") from error
