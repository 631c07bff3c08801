"""A database that is not there yet, or not any more; and one in a folder with an odd name."""

import os
import signal
import socket
import threading
import time
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import text

from ledger.reading import open_journal
from server.database import Database, UnusableDatabase
from server.district import District
from server.settings import Settings


@pytest.mark.postgres
def test_a_server_that_starts_while_postgresql_recovers_waits_for_it(
    ready_postgres_url: str, tmp_path: Path
) -> None:
    # Held on to: a connection nobody holds is closed, and its process ends with it.
    connected = psycopg.connect(ready_postgres_url)
    serving = psutil.Process(connected.info.backend_pid)
    postmaster = serving.parent()
    assert postmaster is not None
    # Held still, so that it has not noticed anything yet when the server starts.
    postmaster.suspend()
    try:
        os.kill(serving.pid, signal.SIGKILL)
        threading.Timer(0.3, postmaster.resume).start()
        district = District(Settings(database_url=ready_postgres_url, data=str(tmp_path)))
    finally:
        postmaster.resume()
    with district.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM entry")).scalar_one() == 0
    district.close()
    connected.close()


@pytest.mark.postgres
def test_connections_that_postgresql_has_ended_are_replaced_unnoticed(
    ready_postgres_url: str,
) -> None:
    database, own = Database(ready_postgres_url), text("SELECT pg_backend_pid()")
    # Two at once, so that both rest in the pool.
    with database.read() as one, database.write() as other:
        resting = {one.scalar(own), other.scalar(own)}
    with psycopg.connect(ready_postgres_url, autocommit=True) as master:
        for pid in resting:
            master.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with database.read() as one, database.write() as other:
        assert resting.isdisjoint({one.scalar(own), other.scalar(own)})
    database.close()


@pytest.mark.postgres
def test_a_connection_that_is_well_is_used_again(ready_postgres_url: str) -> None:
    database, own = Database(ready_postgres_url), text("SELECT pg_backend_pid()")
    pids = set()
    for _ in range(3):
        with database.read() as connection:
            pids.add(connection.scalar(own))
    assert len(pids) == 1
    database.close()


def test_one_that_never_answers_is_said_to() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    database = Database(f"postgresql://xunan@127.0.0.1:{port}/xunan")
    began = time.monotonic()
    with pytest.raises(UnusableDatabase, match="can't be opened"):
        database.wait(patience_s=0.3)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("name", ["a#b", "100%41", "what?", "两 栋"])
def test_a_folder_may_be_called_anything(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    District(Settings(data=str(folder))).close()
    assert (folder / "district.sqlite3").is_file()
    assert [one.name for one in tmp_path.iterdir()] == [name]
    with open_journal(Settings(data=str(folder)).effective_database_url) as connection:
        assert connection.execute(text("SELECT count(*) FROM entry")).scalar_one() == 0
