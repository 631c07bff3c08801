"""A night's copy is whole, sealed and found again; a bad one gives way to the one before it."""

import secrets
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from client.store.backups import KEPT, Backups, forget_backups
from client.store.database import Database
from ledger.keys import DeviceKey, head_is_genuine
from tests.client.store.office import CHINA, Office, check_in, open_school

KEY = DeviceKey.generate()
NIGHT = datetime(2026, 3, 3, 2, 30, tzinfo=CHINA)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "xunan.db"


@pytest.fixture
def database(path: Path, office: Office):
    database = open_school(path, office)
    database.write_now(lambda c: check_in(c, office, "p1"))
    yield database
    database.close()


@pytest.fixture
def backups(tmp_path: Path) -> Backups:
    return Backups(tmp_path / "backups", secrets.token_bytes(32))


def sign(device: str, number: int, hash: str):
    return KEY.sign_head(device, number, hash, NIGHT.isoformat())


def damage(path: Path, first: float, last: float) -> None:
    """Rubbish over this part of the file."""
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(int(size * first))
        file.write(b"\x55" * int(size * (last - first)))


def entries(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return [row[0] for row in raw.execute("SELECT id FROM entry ORDER BY id")]


def test_a_copy_made_while_the_app_writes_opens_with_everything(
    database: Database, backups: Backups, office: Office, path: Path, tmp_path: Path
) -> None:
    made = backups.make(path, NIGHT, sign)
    before = entries(path)
    database.write_now(lambda c: check_in(c, office, "p2"))
    found = backups.open_newest(tmp_path / "new.db")
    assert found is not None and found.path == made
    assert entries(tmp_path / "new.db") == before
    assert found.made_at == NIGHT.isoformat()
    assert found.head is not None and found.head.number == 1
    assert head_is_genuine(found.head, KEY.public)
    Database.open(tmp_path / "new.db").close()


def test_a_copy_tells_nothing_to_who_has_only_the_file(
    database: Database, backups: Backups, path: Path, tmp_path: Path
) -> None:
    data = backups.make(path, NIGHT, sign).read_bytes()
    for told in ("李老师", "checkin.recorded", "SQLite format"):
        assert told.encode() in path.read_bytes() + path.with_name("xunan.db-wal").read_bytes()
        assert told.encode() not in data
    other = Backups(tmp_path / "backups", secrets.token_bytes(32))
    assert other.open_newest(tmp_path / "new.db") is None
    assert not (tmp_path / "new.db").exists()
    assert [one.name for one in (tmp_path / "backups").iterdir()] == [backups.all()[0].name]


def test_the_last_three_are_kept(database: Database, backups: Backups, path: Path) -> None:
    made = [backups.make(path, NIGHT + timedelta(days=day)) for day in range(KEPT + 2)]
    assert backups.all() == list(reversed(made[-KEPT:]))
    forget_backups(made[0].parent)
    assert backups.all() == []


@pytest.mark.parametrize("spoil", ["cut", "altered", "header", "salt", "empty", "extended"])
def test_a_bad_copy_gives_way_to_the_one_before_it(
    database: Database, backups: Backups, office: Office, path: Path, tmp_path: Path, spoil: str
) -> None:
    good = backups.make(path, NIGHT)
    database.write_now(lambda c: check_in(c, office, "p2"))
    bad = backups.make(path, NIGHT + timedelta(days=1))
    data = bad.read_bytes()
    bad.write_bytes(
        {
            "cut": data[:-200],
            "altered": data[:2000] + bytes([data[2000] ^ 1]) + data[2001:],
            "header": data.replace(b"2026", b"2027", 1),
            "salt": data.replace(b'"salt":"', b'"salt":"!', 1),
            "empty": b"",
            "extended": data + b"0",
        }[spoil]
    )
    found = backups.open_newest(tmp_path / "new.db")
    assert found is not None and found.path == good


def test_a_copy_that_cannot_be_read_gives_way_to_the_one_before_it(
    database: Database, backups: Backups, path: Path, tmp_path: Path
) -> None:
    good = backups.make(path, NIGHT)
    bad = backups.make(path, NIGHT + timedelta(days=1))
    bad.unlink()
    bad.mkdir()
    found = backups.open_newest(tmp_path / "new.db")
    assert found is not None and found.path == good


def test_a_clock_that_was_ahead_for_a_night_costs_no_copy_of_the_year_after(
    database: Database, backups: Backups, office: Office, path: Path, tmp_path: Path
) -> None:
    for day in range(KEPT):
        backups.make(path, NIGHT + timedelta(days=365 + day))
    assert backups.is_due(NIGHT)
    database.write_now(lambda c: check_in(c, office, "p2"))
    made = backups.make(path, NIGHT)
    assert not backups.is_due(NIGHT + timedelta(hours=1))
    assert backups.is_due(NIGHT + timedelta(days=1))
    found = backups.open_newest(tmp_path / "new.db")
    assert found is not None and found.path == made


def test_a_damaged_database_takes_no_good_copys_place(
    backups: Backups, office: Office, path: Path
) -> None:
    database = open_school(path, office)
    database.write_now(lambda c: c.exec_driver_sql("CREATE TABLE filler AS SELECT * FROM entry"))
    good = [backups.make(path, NIGHT + timedelta(days=day)) for day in range(KEPT)]
    database.close()
    damage(path, 0.3, 0.9)
    with pytest.raises(sqlite3.Error):
        backups.make(path, NIGHT + timedelta(days=KEPT))
    assert backups.all() == list(reversed(good))
    assert sorted(one.name for one in good[0].parent.iterdir()) == [one.name for one in good]


def test_a_copy_is_due_once_a_night(database: Database, backups: Backups, path: Path) -> None:
    evening = NIGHT.replace(hour=20, minute=0)
    assert backups.is_due(evening)
    backups.make(path, evening)
    assert not backups.is_due(evening + timedelta(hours=5, minutes=59))
    assert backups.is_due(evening + timedelta(hours=6))
    backups.make(path, evening + timedelta(hours=11))
    assert not backups.is_due(evening + timedelta(hours=20))
    assert backups.is_due(evening + timedelta(hours=31))


def test_a_disk_without_room_leaves_the_old_copy(
    small_disk: Path, office: Office, backups: Backups
) -> None:
    path = small_disk / "xunan.db"
    database = open_school(path, office)
    on_the_disk = Backups(small_disk / "backups", secrets.token_bytes(32))
    kept = on_the_disk.make(path, NIGHT)
    with pytest.raises(OSError), (small_disk / "photos").open("wb") as file:
        while True:
            file.write(bytes(4096))
            file.flush()
    with pytest.raises((OSError, sqlite3.Error)):
        on_the_disk.make(path, NIGHT + timedelta(days=1))
    assert [one.name for one in kept.parent.iterdir()] == [kept.name]
    database.close()
