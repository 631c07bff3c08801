"""The database's shape is what the tables say, and foreign files are left alone."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, text

from ledger.tables import SHARED
from server.database import Database, UnusableDatabase
from server.migrations import migrate
from server.tables import ServerTable


def test_migrating_gives_exactly_the_tables_of_this_version(empty_database_url: str):
    database = Database(empty_database_url)
    migrate(database)
    migrate(database)  # a second start changes nothing
    both = MetaData()
    # A device's own tables are not the server's.
    for table in (*SHARED, *ServerTable.metadata.tables.values()):
        table.to_metadata(both)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), both) == []
    database.close()


def test_a_newer_database_is_left_alone(empty_database_url: str):
    database = Database(empty_database_url)
    migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnusableDatabase, match="newer"):
        migrate(database)
    database.close()


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path):
    path = tmp_path / "holiday.jpg"
    path.write_bytes(b"not a database, but somebody's picture" * 100)
    before = path.read_bytes()
    database = Database(f"sqlite:///{path}")
    with pytest.raises(UnusableDatabase):
        migrate(database)
    database.close()
    assert path.read_bytes() == before


def test_a_new_database_file_is_its_owners_alone(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/new/district.sqlite3")
    database.close()
    assert (tmp_path / "new" / "district.sqlite3").stat().st_mode & 0o777 == 0o600


def test_every_commit_is_synced_and_readers_do_not_wait(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/district.sqlite3")
    migrate(database)
    with database.write() as writing, database.read() as reading:
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        values = [writing.execute(text(f"PRAGMA {name}")).scalar() for name in pragmas]
        assert values == ["wal", 2, 1]
        assert reading.execute(text("SELECT count(*) FROM entry")).scalar() == 0
    database.close()
