"""The repaired file takes the damaged one's place; no interruption and no disk spoils that."""

import contextlib
import random
import subprocess
import sys
from pathlib import Path

import pytest

from client.store import exchange
from client.store.database import Database
from client.store.errors import Damaged, StoreBusy, StoreFull
from client.store.rescue.repair import repair
from tests.client.store.office import Office
from tests.client.store.rescue.damage import AT, fill, overwrite, own, pages_of
from tests.client.store.test_database import resize


@pytest.fixture
def office() -> Office:
    return Office()


def damaged_file(folder: Path, office: Office, *, entries: int = 12) -> tuple[Path, dict]:
    """A file that SQLite can't read and from which every own entry can be had."""
    path = folder / "xunan.db"
    fill(path, office, accepted=2, pending=entries)
    before = own(path, office)
    overwrite(path, pages_of(path, "entry")[:1], random.Random(1))
    return path, before


@pytest.mark.parametrize("step", range(1, 5))
def test_an_exchange_that_was_interrupted_is_finished_at_the_next_opening(
    tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    path, before = damaged_file(tmp_path, office)
    path.with_name("xunan.db-wal").write_bytes(b"")
    steps = 0

    def stumbling(real):
        def work(self: Path, *arguments, **named):
            nonlocal steps
            steps += self.name.startswith("xunan.db") and not self.name.endswith(".stopped")
            if steps == step:
                raise KeyboardInterrupt
            return real(self, *arguments, **named)

        return work

    finish = exchange.finish_exchange

    def arm(_path: Path) -> None:
        for name in ("replace", "unlink"):
            monkeypatch.setattr(Path, name, stumbling(getattr(Path, name)))
        finish(path)

    monkeypatch.setattr("client.store.exchange.finish_exchange", arm)
    with contextlib.suppress(KeyboardInterrupt):
        repair(path, AT)
    monkeypatch.undo()
    Database.open(path).close()
    assert own(path, office) == before
    names = {one.name for one in tmp_path.iterdir()}
    assert not {"xunan.db.new", "xunan.db.exchange"} & names
    assert any(name.startswith("xunan.db.damaged-") for name in names)


def test_killed_before_it_says_where_the_old_file_goes_it_was_not_begun(
    tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = damaged_file(tmp_path, office)

    write = Path.write_text

    def torn(self: Path, text: str) -> int:
        if exchange.MARKER not in self.name:
            return write(self, text)
        self.touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(Path, "write_text", torn)
        with contextlib.suppress(KeyboardInterrupt):
            repair(path, AT)
    with pytest.raises(Damaged):
        Database.open(path)
    repair(path, AT)
    Database.open(path).close()
    assert own(path, office) == before


def test_a_repair_without_room_changes_nothing_and_works_once_there_is_some(
    small_disk: Path, office: Office
) -> None:
    path, before = damaged_file(small_disk, office)
    damaged = path.read_bytes()
    ballast = small_disk / "photos"
    with pytest.raises(OSError), ballast.open("wb") as file:
        while True:
            file.write(bytes(4096))
            file.flush()
    with pytest.raises(StoreFull):
        repair(path, AT)
    assert path.read_bytes() == damaged
    assert {one.name for one in small_disk.iterdir()} <= {
        "xunan.db",
        "xunan.db-shm",
        "xunan.db-wal",
        "photos",
    }
    ballast.unlink()
    resize(small_disk, b"8m")
    assert repair(path, AT) is not None
    Database.open(path).close()
    assert own(path, office) == before


def test_a_file_another_process_holds_whole_is_no_damaged_one(
    tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client.store.file.BUSY_TIMEOUT_MS", 200)
    path = tmp_path / "xunan.db"
    fill(path, office, accepted=1, pending=1)
    hold = (
        "import sqlite3, sys\n"
        f"raw = sqlite3.connect({str(path)!r}, isolation_level=None)\n"
        "raw.execute('PRAGMA locking_mode = EXCLUSIVE')\n"
        "raw.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    other.stdout.readline()
    with pytest.raises(StoreBusy):
        Database.open(path)
    other.communicate(b"")
    Database.open(path).close()


def test_damage_met_while_the_app_runs_is_looked_for_at_the_next_opening(
    tmp_path: Path, office: Office
) -> None:
    path = tmp_path / "xunan.db"
    fill(path, office, accepted=30, pending=30)
    leaf = pages_of(path, "entry")[5]
    database = Database.open(path)
    overwrite(path, [leaf], random.Random(2))
    query = "SELECT sum(length(header)) FROM entry"
    with pytest.raises(Damaged):
        database.write_now(lambda c: c.exec_driver_sql(query).scalar())
    database.close()
    with pytest.raises(Damaged):
        Database.open(path)
