"""Whatever the file is, opening it says so in a sentence and harms nothing."""

import asyncio
import ctypes
import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, insert, text

from client.store import migrations
from client.store.database import Database
from client.store.errors import NewerDatabase, NotADatabase, StoreBusy, StoreError, StoreFull
from client.store.file import APPLICATION_ID, put_aside
from client.store.tables import SETTING
from ledger.tables.catalogue import LedgerTable

FILL = "x" * 100_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "xunan.sqlite3"


def setting(name: str, value: str = "1"):
    return lambda connection: connection.execute(insert(SETTING), {"name": name, "value": value})


def settings(connection: Connection) -> list[str]:
    return [str(row[0]) for row in connection.execute(text("SELECT name FROM setting ORDER BY 1"))]


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def test_what_was_written_is_there_after_reopening(path: Path) -> None:
    database = Database.open(path)
    await database.write(setting("a"))
    assert await database.read(settings) == ["a"]
    database.close()
    again = Database.open(path)
    assert await again.read(settings) == ["a"]
    again.close()


@pytest.mark.parametrize("folder", ["区 1", "a#b", "a?mode=memory", "100%41", "a&b=c", "'\""])
async def test_any_folder_name_will_do(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "xunan.sqlite3"
    database = Database.open(path)
    await database.write(setting("a"))
    database.close()
    assert path.stat().st_size > 0
    assert sorted(one.name for one in tmp_path.iterdir()) == [folder]
    again = Database.open(path)
    assert await again.read(settings) == ["a"]
    again.close()


async def test_a_failed_write_leaves_no_trace_and_the_next_one_works(path: Path) -> None:
    database = Database.open(path)

    def half(connection: Connection) -> None:
        setting("half")(connection)
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        await database.write(half)
    await database.write(setting("whole"))
    assert await database.read(settings) == ["whole"]
    database.close()


async def test_a_reader_sees_the_newest_commit_and_cannot_write(path: Path) -> None:
    database = Database.open(path)
    await database.write(setting("a"))
    await database.read(setting("smuggled"))
    assert await database.read(settings) == ["a"]
    database.close()


async def test_writes_are_flushed_and_foreign_keys_on(path: Path) -> None:
    database = Database.open(path)

    def pragmas(connection: Connection) -> tuple[object, ...]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return tuple(connection.execute(text(f"PRAGMA {name}")).scalar() for name in names)

    normal, full, on = 1, 2, 1
    assert await database.write(pragmas) == ("wal", full, on)
    # What can be fetched again need not be flushed, and changes nothing for the next write.
    assert await database.write(pragmas, durable=False) == ("wal", normal, on)
    assert await database.write(pragmas) == ("wal", full, on)
    database.close()


async def test_a_write_that_is_not_flushed_is_all_or_nothing_too(path: Path) -> None:
    database = Database.open(path)

    def half(connection: Connection) -> None:
        setting("b")(connection)
        raise ValueError

    await database.write(setting("a"), durable=False)
    with pytest.raises(ValueError):
        await database.write(half, durable=False)
    assert await database.read(settings) == ["a"]
    assert await database.write(lambda c: c.exec_driver_sql("PRAGMA synchronous").scalar()) == 2
    database.close()


@pytest.mark.parametrize(
    "content", [b"hello", b"%PDF-1.7" + bytes(5000), b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_file_that_is_no_database(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(NotADatabase):
        Database.open(path)
    assert path.read_bytes() == content


def test_an_empty_file_becomes_one(path: Path) -> None:
    path.touch()
    Database.open(path).close()
    assert path.stat().st_size > 0


def test_another_programs_database(path: Path) -> None:
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE moz_places (id INTEGER)")
    raw.close()
    before = fingerprint(path)
    with pytest.raises(NotADatabase):
        Database.open(path)
    assert fingerprint(path) == before


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
async def test_a_file_from_a_newer_app_is_read_and_never_written(path: Path, mode: str) -> None:
    database = Database.open(path)
    await database.write(setting("kept"))
    database.close()
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA user_version = {migrations.NEWEST + 1}")
    raw.execute("CREATE TABLE drill (id INTEGER)")
    raw.execute(f"PRAGMA journal_mode = {mode}")
    raw.close()
    before = fingerprint(path)
    newer = Database.open(path)
    assert newer.read_only
    assert await newer.read(settings) == ["kept"]
    with pytest.raises(NewerDatabase):
        await newer.write(setting("lost"))
    with pytest.raises(StoreError):
        await newer.read(setting("smuggled"))
    newer.close()
    assert fingerprint(path) == before


async def test_a_file_another_process_writes_to(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client.store.file.BUSY_TIMEOUT_MS", 200)
    Database.open(path).close()
    hold = (
        "import sqlite3, sys\n"
        f"raw = sqlite3.connect({str(path)!r}, isolation_level=None)\n"
        "raw.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    other.stdout.readline()
    database = Database.open(path)
    with pytest.raises(StoreBusy):
        await database.write(setting("waits"))
    assert await database.read(settings) == []
    other.communicate(b"")
    await database.write(setting("now"))
    assert await database.read(settings) == ["now"]
    database.close()


def test_processes_that_start_at_once_make_one_database(path: Path) -> None:
    start = (
        "import time\n"
        "from pathlib import Path\n"
        "from client.store.database import Database\n"
        "time.sleep(1 - time.time() % 1)\n"
        f"Database.open(Path({str(path)!r})).close()"
    )
    starting = [subprocess.Popen([sys.executable, "-c", start]) for _ in range(4)]
    assert [one.wait(60) for one in starting] == [0, 0, 0, 0]


def test_a_migration_another_process_made_meanwhile_is_not_made_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version is looked at again once the file is ours."""
    Database.open(path).close()
    seen: list[int] = []
    look = migrations._version

    def late(connection: Connection) -> int:
        seen.append(0 if not seen else look(connection))
        return seen[-1]

    monkeypatch.setattr(migrations, "_version", late)
    Database.open(path).close()
    # Once it was told 0; asked again with the file its own, and then before each further step.
    assert seen == [0] + [migrations.NEWEST] * migrations.NEWEST


def resize(folder: Path, size: bytes) -> None:
    libc, remount = ctypes.CDLL(None), 32
    assert libc.mount(b"none", str(folder).encode(), b"tmpfs", remount, b"size=" + size) == 0


async def test_a_full_disk_loses_nothing_and_heals(small_disk: Path) -> None:
    database = Database.open(small_disk / "xunan.sqlite3")
    kept = []
    with pytest.raises(StoreFull):
        for number in range(30):
            await database.write(setting(f"{number:02}", FILL))
            kept.append(f"{number:02}")
    assert 3 < len(kept) < 30
    for _ in range(3):
        assert await database.read(settings) == kept
        with pytest.raises(StoreFull):
            await database.write(setting("still full", FILL))
    resize(small_disk, b"4m")
    await database.write(setting("99", FILL))
    assert await database.read(settings) == [*kept, "99"]
    database.close()
    again = Database.open(small_disk / "xunan.sqlite3")
    assert await again.read(settings) == [*kept, "99"]
    again.close()


async def test_a_disk_that_is_full_for_a_moment_only(small_disk: Path) -> None:
    """The same open database goes on as soon as there is room, without a restart."""
    database = Database.open(small_disk / "xunan.sqlite3")
    await database.write(setting("before"))
    ballast = small_disk / "photos"
    with pytest.raises(OSError), ballast.open("wb") as file:
        while True:
            file.write(bytes(4096))
            file.flush()
    with pytest.raises(StoreFull):
        await database.write(setting("no room", FILL))
    ballast.unlink()
    await database.write(setting("room", FILL))
    assert await database.read(settings) == ["before", "room"]
    database.close()


def test_no_room_even_to_begin(small_disk: Path) -> None:
    with pytest.raises(OSError), (small_disk / "ballast").open("wb") as file:
        while True:
            file.write(bytes(4096))
            file.flush()
    with pytest.raises(StoreFull):
        Database.open(small_disk / "xunan.sqlite3")


def test_a_file_that_may_grow_no_further(path: Path) -> None:
    """The same where nothing can be mounted: the process's own limit."""
    script = (
        "import asyncio, resource, signal\n"
        "from pathlib import Path\n"
        "from sqlalchemy import text\n"
        "from client.store.database import Database\n"
        "from client.store.errors import StoreFull\n"
        f"database = Database.open(Path({str(path)!r}))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))\n"
        'sql = text("INSERT INTO setting VALUES (:n, :v)")\n'
        "def write(n, size):\n"
        "    work = lambda c: c.execute(sql, {'n': n, 'v': 'x' * size})\n"
        "    asyncio.run(database.write(work))\n"
        "write('small', 10)\n"
        "for _ in range(2):\n"
        "    try:\n"
        "        write('large', 2_000_000)\n"
        "        raise SystemExit('no error')\n"
        "    except StoreFull:\n"
        "        pass\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)\n"
        "write('after', 2_000_000)\n"
        "read = lambda c: [r[0] for r in c.execute(text('SELECT name FROM setting ORDER BY 1'))]\n"
        "assert asyncio.run(database.read(read)) == ['after', 'small']\n"
        "database.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def read_only_disk(small_disk: Path) -> Iterator[Path]:
    """Even root can't write to it."""
    Database.open(small_disk / "there.sqlite3").close()
    libc = ctypes.CDLL(None, use_errno=True)
    remount, read_only = 32, 1
    if libc.mount(b"none", str(small_disk).encode(), b"tmpfs", remount | read_only, b""):
        pytest.skip("mounting is not permitted here")
    yield small_disk


def test_a_folder_that_cannot_be_written(read_only_disk: Path) -> None:
    with pytest.raises(StoreFull):
        Database.open(read_only_disk / "xunan.sqlite3")
    with pytest.raises(StoreFull):
        Database.open(read_only_disk / "new" / "xunan.sqlite3")


async def test_a_good_file_where_nothing_can_be_written(read_only_disk: Path) -> None:
    with pytest.raises(StoreFull):
        database = Database.open(read_only_disk / "there.sqlite3")
        await database.write(setting("a"))


def test_a_folder_in_its_place(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreFull):
        Database.open(path)


def test_a_file_that_was_damaged_is_put_aside_whole(path: Path) -> None:
    path.write_bytes(b"damaged")
    path.with_name(path.name + "-wal").write_bytes(b"and its companion")
    aside = put_aside(path, "damaged")
    assert aside.read_bytes() == b"damaged"
    assert aside.with_name(aside.name + "-wal").read_bytes() == b"and its companion"
    Database.open(path).close()


async def test_a_page_damaged_in_the_middle_is_said(path: Path) -> None:
    database = Database.open(path)
    for number in range(40):
        await database.write(setting(f"{number:02}", FILL[:5000]))
    database.close()
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    path.write_bytes(bytes(data))
    with pytest.raises(NotADatabase):
        damaged = Database.open(path)
        await damaged.read(settings)


def shape(raw: sqlite3.Connection) -> dict[str, object]:
    found: dict[str, object] = {}
    tables = raw.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
    ).fetchall()
    for (table,) in tables:
        columns = raw.execute(f'PRAGMA table_info("{table}")').fetchall()
        indexes = raw.execute(f'PRAGMA index_list("{table}")').fetchall()
        found[table] = (
            sorted((name, kind, notnull, key) for _, name, kind, notnull, _, key in columns),
            sorted(
                (
                    unique,
                    *[one[2] for one in raw.execute(f'PRAGMA index_info("{name}")')],
                )
                for _, name, unique, _origin, _ in indexes
                if name != "entry_standing"
            ),
        )
    return found


def test_the_migrations_make_exactly_the_tables_the_code_speaks_of(path: Path) -> None:
    Database.open(path).close()
    fresh = create_engine("sqlite://")
    LedgerTable.metadata.create_all(fresh)
    with fresh.connect() as connection:
        expected = shape(connection.connection.driver_connection)  # type: ignore[arg-type]
    migrated = sqlite3.connect(path)
    assert shape(migrated) == expected
    assert migrated.execute("PRAGMA user_version").fetchone() == (migrations.NEWEST,)
    assert migrated.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    migrated.close()


def test_a_migration_that_fails_half_way_leaves_the_version_before(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Database.open(path).close()
    broken = (*migrations.STEPS, ("CREATE TABLE drill (id INTEGER)", "CREATE TABLE (nonsense"))
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", broken)
        patch.setattr(migrations, "NEWEST", len(broken))
        with pytest.raises(Exception, match="syntax error"):
            Database.open(path)
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA user_version").fetchone() == (len(broken) - 1,)
    assert raw.execute("SELECT count(*) FROM sqlite_master WHERE name = 'drill'").fetchone() == (0,)
    raw.close()
    Database.open(path).close()


async def test_writers_in_one_process_queue_up(path: Path) -> None:
    database = Database.open(path)
    await asyncio.gather(*(database.write(setting(f"{n:03}")) for n in range(100)))
    assert len(await database.read(settings)) == 100
    database.close()
