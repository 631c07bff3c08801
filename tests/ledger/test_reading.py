"""A journal's database is opened for reading only, wherever it lies."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from ledger.reading import UnreadableJournal, open_journal, reading_engine
from ledger.tables.catalogue import LedgerTable
from ledger.tables.journal import ENTRY, HEAD


@pytest.fixture(params=["district", "区 1#2%41?", "a&immutable=1", "a?mode=memory"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A journal as a server's process leaves it, in a folder of any name."""
    path = tmp_path / request.param / "district.sqlite3"
    path.parent.mkdir()
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA journal_mode = WAL")
    for table in (ENTRY, HEAD):
        raw.execute(f"CREATE TABLE {table.name} ({', '.join(table.columns.keys())})")
    raw.close()
    return path


@pytest.mark.parametrize("scheme", ["", "sqlite:///"])
def test_any_folder_name_will_do(path: Path, scheme: str) -> None:
    with open_journal(f"{scheme}{path}") as connection:
        assert connection.execute(select(ENTRY.c.id)).all() == []
    assert [one.name for one in path.parent.parent.iterdir()] == [path.parent.name]


def test_of_a_file_nobody_writes_to_nothing_is_left_beside_it(path: Path) -> None:
    engine, _ = reading_engine(str(path), immutable=True)
    with engine.connect() as connection:
        assert connection.execute(select(ENTRY.c.id)).all() == []
    engine.dispose()
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_another_thread_may_read_it(path: Path) -> None:
    with open_journal(path) as connection, ThreadPoolExecutor(1) as other:
        reading = other.submit(lambda: connection.execute(select(ENTRY.c.id)).all())
        assert reading.result(10) == []


def test_nothing_is_written(path: Path) -> None:
    with (
        pytest.raises(UnreadableJournal, match="readonly"),
        open_journal(path) as connection,
    ):
        LedgerTable.metadata.create_all(connection)
