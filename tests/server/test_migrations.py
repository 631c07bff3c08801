"""The database's shape is what the tables say, and foreign files are left alone."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, text

from ledger.tables import SHARED
from server.database import Database, UnusableDatabase
from server.migrations import _config, migrate
from server.tables import ServerTable


def test_migrating_gives_exactly_the_tables_of_this_version(empty_database_url: str):
    database = Database(empty_database_url)
    migrate(database)
    migrate(database)  # a second start changes nothing
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), _both()) == []
    database.close()


def _both() -> MetaData:
    both = MetaData()
    # A device's own tables are not the server's.
    for table in (*SHARED, *ServerTable.metadata.tables.values()):
        table.to_metadata(both)
    return both


KILLED = """
import os, signal, sys
from sqlalchemy import event
from server.database import Database
from server.migrations import migrate

database, left = Database(sys.argv[1]), int(sys.argv[2])

def count(connection, cursor, statement, *rest):
    global left
    if statement.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT", "UPDATE", "DROP")):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

event.listen(database.engine, "after_cursor_execute", count)
migrate(database)
"""


@pytest.mark.parametrize("before", ["base", "0004"])
@pytest.mark.parametrize("statements", [0, 7])
def test_a_server_killed_in_the_middle_of_it_begins_anew_and_has_lost_nothing(
    empty_database_url: str, before: str, statements: int
):
    database = Database(empty_database_url)
    kept = []
    if before != "base":
        with database.write() as connection:
            command.upgrade(_config(connection), before)
            connection.execute(text("INSERT INTO secret (name, value) VALUES ('a', 'kept')"))
        kept = ["kept"]
    database.close()
    asked = [sys.executable, "-c", KILLED, empty_database_url, str(statements)]
    assert subprocess.run(asked, timeout=60).returncode == -signal.SIGKILL
    database = Database(empty_database_url)
    with database.read() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    assert here == (None if before == "base" else before)
    migrate(database)
    with database.read() as connection:
        assert connection.scalars(text("SELECT value FROM secret")).all() == kept
        assert compare_metadata(MigrationContext.configure(connection), _both()) == []
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
