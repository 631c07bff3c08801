"""The database's file before anything is read from it: is it ours, is it whole, who may read it,
and how it is connected to.
"""

import logging
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import NullPool

from client.store import migrations
from client.store.errors import Damaged, NotADatabase
from client.store.health import log_is_torn, what_is_wrong

log = logging.getLogger(__name__)

APPLICATION_ID = 0x58554E41
"""`XUNA` in the file's header: tells our database from any other SQLite file."""
BUSY_TIMEOUT_MS = 5000
CACHE_KIB = 16 * 1024
"""Room for the indexes of a year's journal; SQLite's own 2 MB make a first sync swap pages."""
CHECKPOINT_PAGES = 4000


def look_through(path: Path) -> None:
    """Raises `Damaged`, or sqlite3's own error where not even that can be found out."""
    if not path.exists() or path.stat().st_size == 0:
        return
    if log_is_torn(path):
        log.error("the log of %s is torn", path)
        raise Damaged(path)
    connection = sqlite3.connect(_address(path, "ro"), uri=True, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        wrong = what_is_wrong(connection)
    finally:
        connection.close()
    if wrong:
        log.error("%s does not hold: %s", path, wrong)
        raise Damaged(path)


def keep_private(path: Path) -> None:
    """Only the person whose device this is reads the file; its journal files follow its mode."""
    path.touch(mode=0o600)
    # A file system without modes (a memory card) can't be asked for this.
    with suppress(PermissionError):
        path.chmod(0o600)


def put_aside(path: Path, suffix: str) -> Path:
    """Move a file that can't be opened out of the way, so that a fresh one can take its place."""
    aside = path.with_name(f"{path.name}.{suffix}")
    path.rename(aside)
    for extra in ("-wal", "-shm"):
        companion = path.with_name(path.name + extra)
        if companion.exists():
            companion.rename(aside.with_name(aside.name + extra))
    return aside


def _address(path: Path, mode: str) -> str:
    """SQLite's name for the file; a folder may be called "a#b", "100%" or "what?"."""
    return f"file:{quote(path.absolute().as_posix(), safe='/:')}?mode={mode}"


def engine_of(path: Path, *, read_only: bool) -> Engine:
    address = _address(path, "ro" if read_only else "rwc")

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            address, uri=True, check_same_thread=False, timeout=BUSY_TIMEOUT_MS / 1000
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA case_sensitive_like = ON")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    event.listen(engine, "connect", prepare)
    return engine


def is_newer(path: Path) -> bool:
    """Look at the file without writing; raises `NotADatabase` when it isn't one of ours."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    connection = sqlite3.connect(_address(path, "ro"), uri=True, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    finally:
        connection.close()
    if tables and application != APPLICATION_ID:
        raise NotADatabase(path)
    return version > migrations.NEWEST
