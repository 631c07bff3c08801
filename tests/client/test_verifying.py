"""`xunan verify`: the right exit status and sentence, and never a byte written."""

import hashlib
import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert

from client.verifying import Damaged, Unverifiable, verify
from ledger.command import main
from ledger.tables.catalogue import LedgerTable
from ledger.tables.journal import ENTRY, HEAD
from tests.ledger.verify.journals import PHONE, Journal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A server's journal, as the server's process leaves it: in WAL mode."""
    path = tmp_path / "区 1#2%41?" / "district.sqlite3"
    path.parent.mkdir()
    write_journal(path)
    return path


def write_journal(path: Path) -> None:
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.close()
    journal = Journal().walk(PHONE, 60)
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(path))
    with engine.begin() as connection:
        LedgerTable.metadata.create_all(connection, tables=[ENTRY, HEAD])
        connection.execute(insert(ENTRY), journal.rows)
        connection.execute(insert(HEAD), [head.model_dump() for head in journal.heads])
    engine.dispose()


def fingerprint(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def test_an_intact_journal(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = fingerprint(path.parent)
    assert main(["verify", str(path)]) == 0
    said = capsys.readouterr().out
    assert said == ("A server's journal is intact: 63 entries of 2 devices, 21 signed heads.\n")
    assert fingerprint(path.parent) == before, "not even a file beside it"


def test_the_address_of_a_file_is_understood_too(path: Path) -> None:
    assert main(["verify", f"sqlite:///{path}"]) == 0


def test_a_broken_entry_is_named(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = sqlite3.connect(path)
    with raw:
        raw.execute("UPDATE entry SET body = x'7b7d' WHERE number = 17")
        id = raw.execute("SELECT id FROM entry WHERE number = 17").fetchone()[0]
    raw.close()
    assert main(["verify", str(path)]) == 1
    said = capsys.readouterr().out
    assert f"BROKEN at entry 17 of device {PHONE} ({id}): its body is not the one" in said


def test_what_a_crash_left_in_the_wal_counts(path: Path) -> None:
    raw = sqlite3.connect(path)
    raw.execute("DELETE FROM entry WHERE number = 17")
    raw.commit()
    assert path.with_name(path.name + "-wal").stat().st_size
    copy = path.with_name("copy.sqlite3")
    for suffix in ("", "-wal"):
        copy.with_name(copy.name + suffix).write_bytes(
            path.with_name(path.name + suffix).read_bytes()
        )
    raw.close()
    before = copy.read_bytes()
    assert main(["verify", str(copy)]) == 1
    assert copy.read_bytes() == before


def test_a_journal_in_use_is_verified_meanwhile(path: Path) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("BEGIN IMMEDIATE")
    raw.execute("DELETE FROM entry WHERE number = 17")
    assert main(["verify", str(path)]) == 0, "what is not committed does not count"
    raw.execute("COMMIT")
    assert main(["verify", str(path)]) == 1
    raw.close()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is not an SQLite database"),
        (b"hello", "is not an SQLite database"),
        (b"SQLite format 3\0" + bytes(4000), "is not an SQLite database"),
        pytest.param(os.urandom(8192), "is not an SQLite database", id="noise"),
    ],
)
def test_a_file_that_is_no_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, sentence: str
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    assert main(["verify", str(path)]) == 2
    assert sentence in capsys.readouterr().err
    assert fingerprint(tmp_path) == {"photo.jpg": hashlib.sha256(content).hexdigest()}


def test_another_programs_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "places.sqlite"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE moz_places (id INTEGER)")
    raw.close()
    before = fingerprint(tmp_path)
    assert main(["verify", str(path)]) == 2
    assert "holds no journal" in capsys.readouterr().err
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("/nowhere/journal.sqlite3", "No such file"),
        ("/", "Is a directory"),
        ("mysql://a/b", "mysql is none of sqlite and postgresql"),
        ("x y://", "not an address"),
        ("postgresql://someone:s3cret@127.0.0.1:1/none", "can't be read"),
    ],
)
def test_what_is_not_there(where: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", where]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "s3cret" not in said


def test_a_file_damaged_anywhere_is_never_called_intact_for_nothing(tmp_path: Path) -> None:
    """Single bytes of the file itself: a finding or a sentence, never a traceback."""
    path = tmp_path / "journal.sqlite3"
    write_journal(path)
    good = path.read_bytes()
    rng = random.Random(7)
    findings = []
    for _ in range(150):
        place = rng.randrange(len(good))
        path.write_bytes(good[:place] + bytes([good[place] ^ 0x55]) + good[place + 1 :])
        try:
            findings.append(verify(str(path)).broken is not None)
        except (Unverifiable, Damaged):
            continue
    # What stays intact was free space, an index or a column nobody signs.
    assert findings.count(True) > 75


def test_it_runs_as_a_command(path: Path) -> None:
    command = Path(sys.executable).with_name("xunan")
    done = subprocess.run(
        [command, "verify", path], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "is intact" in done.stdout
