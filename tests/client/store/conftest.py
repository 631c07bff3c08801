"""A phone's database with a school in it."""

import ctypes
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from client.store.database import Database
from tests.client.store.office import Office, open_school


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def database(tmp_path: Path, office: Office) -> Iterator[Database]:
    database = open_school(tmp_path / "xunan.sqlite3", office)
    yield database
    database.close()


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """Inside one transaction that is thrown away."""
    connection = database._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    yield connection
    connection.exec_driver_sql("ROLLBACK")
    connection.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte, where mounting is permitted."""
    folder = tmp_path / "small"
    folder.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, b"size=1m"):
        pytest.skip("mounting is not permitted here")
    yield folder
    libc.umount2(str(folder).encode(), 2)
