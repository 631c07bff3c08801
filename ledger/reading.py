"""Opens any journal's database, a device's or a server's, for reading only.

For commands that are handed a database: nothing in it is ever changed, whatever it turns out to
be.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from ledger.tables.journal import ENTRY, HEAD

BUSY_TIMEOUT_S = 5.0
CONNECT_TIMEOUT_S = 10


class UnreadableJournal(Exception):
    """There is no journal to be read there; the message says why."""


@contextmanager
def open_journal(where: str | Path) -> Iterator[Connection]:
    """A connection in one reading transaction; `where` is an SQLite file or a database's address.

    Raises `UnreadableJournal`.
    """
    engine, name = _engine(str(where))
    try:
        with _translated(name), engine.connect() as connection, connection.begin():
            _check(connection, name)
            yield connection
    finally:
        engine.dispose()


def _engine(where: str) -> tuple[Engine, str]:
    if "://" not in where:
        return _sqlite(Path(where)), where
    try:
        url = make_url(where)
    except ArgumentError as error:
        raise UnreadableJournal(f"{where.partition(':')[0]}://…: not an address") from error
    if url.get_backend_name() == "sqlite":
        return _sqlite(Path(url.database or "")), url.database or ""
    if url.drivername not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise UnreadableJournal(f"{url.drivername} is none of sqlite and postgresql")
    name = url.render_as_string(hide_password=True)
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
            execution_options={"postgresql_readonly": True},
            poolclass=NullPool,
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise UnreadableJournal(f"{name} needs {error.name}, which is not installed") from error
    return engine, name


def _sqlite(path: Path) -> Engine:
    if not path.is_file():
        raise UnreadableJournal(f"there is no database {path}")
    engine = create_engine(
        f"sqlite:///file:{_quoted(path)}?mode=ro&uri=true",
        connect_args={"timeout": BUSY_TIMEOUT_S},
        poolclass=NullPool,
    )

    def prepare(raw: Any, _record: Any) -> None:
        raw.isolation_level = None
        raw.execute("PRAGMA query_only = ON")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _quoted(path: Path) -> str:
    """As SQLite's file addresses want it; SQLAlchemy passes on what it can't read itself."""
    return path.absolute().as_posix().replace("%", "%25").replace("?", "%3f").replace("#", "%23")


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
        if isinstance(cause, sqlite3.DatabaseError) and not isinstance(
            cause, sqlite3.OperationalError
        ):
            raise UnreadableJournal(f"{name} is not a database") from error
        reason = str(cause).strip().partition("\n")[0]
        raise UnreadableJournal(f"{name} cannot be read: {reason}") from error
