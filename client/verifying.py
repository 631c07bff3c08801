"""Opening a journal to verify it, without writing a byte, and saying what was found.

`xunan verify` is for administrators and auditors: it takes a phone's file, a server's, a backup
of either, or a server's PostgreSQL.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DatabaseError

from ledger.reading import SQLITE_SCHEME, UnreadableJournal, reading_engine
from ledger.verify import Broken, Fault, NotAJournal, Report, verify_journal

SQLITE_MAGIC = b"SQLite format 3\0"

FINDINGS = {
    Fault.HASH: "its header is not the one its hash was taken of",
    Fault.UNREADABLE: "its header can't be read",
    Fault.COLUMN: "the table contradicts its signed header ({detail})",
    Fault.BODY: "its body is not the one its header vouches for",
    Fault.MISSING: "it is missing",
    Fault.SECOND: "it is a second entry with this number; the other one is genuine",
    Fault.LINK: "it does not follow the entry before it",
    Fault.ALTERED: "it is not the entry that the one after it names",
    Fault.HEAD: "its device signed for another entry with this number",
    Fault.SIGNATURE: "the signed head that falls on it was not signed by its device",
    Fault.KEY: "the key of its device is unknown, so its signed head proves nothing",
    Fault.NOBODY_SIGNED: "no signed head vouches for it",
    Fault.SEQ: "its place in the school's history does not fit ({detail})",
}


class Unverifiable(Exception):
    """There is no journal to verify; the message says why."""


class Damaged(Exception):
    """There is a journal, and the database around it can't be read to its end."""


def verify(where: str) -> Report:
    """Verify the journal in a file or behind a PostgreSQL address.

    Raises `Unverifiable` and `Damaged`.
    """
    if "://" in where and not where.startswith(SQLITE_SCHEME):
        return _verify_postgres(where)
    path = Path(where.removeprefix(SQLITE_SCHEME))
    before = _state(path)
    immutable = not Path(f"{path}-wal").exists()
    report: Report | None = None
    try:
        report = _verify_file(path, immutable=immutable)
    except Damaged:
        if not immutable or _state(path) == before:
            raise
    if report is None or (immutable and _state(path) != before):
        # Somebody began to write while it was read as a file that nobody writes to.
        report = _verify_file(path, immutable=False)
    return report


def summary(report: Report) -> str:
    """One sentence for the person who asked."""
    whose = "A server's journal" if report.whole else "A device's journal"
    seen = (
        f"{report.entries} entries of {report.devices} devices, {report.heads} signed heads"
        f"{f', {report.erased} bodies {_gone(report)}' if report.erased else ''}"
        f"{f', {report.sealed} sealed bodies not looked into' if report.sealed else ''}"
    )
    if report.broken is not None:
        return f"{whose} is BROKEN at {sentence(report.broken)} Checked until there: {seen}."
    waiting = f" {report.unvouched} not yet under a signed head." if report.unvouched else ""
    if report.unchecked_heads:
        waiting += f" {report.unchecked_heads} heads of devices whose key is not in here."
    return f"{whose} is intact: {seen}.{waiting}"


def _gone(report: Report) -> str:
    """A device lets the bodies of its old rounds go; only a server erases any."""
    return "erased by law" if report.whole else "no longer here"


def sentence(broken: Broken) -> str:
    finding = FINDINGS[broken.fault].format(detail=broken.detail)
    if not broken.device:
        return f"the end: accepted entries are missing ({broken.detail})."
    id = f" ({broken.id})" if broken.id else ""
    return f"entry {broken.number} of device {broken.device}{id}: {finding}."


def _state(path: Path) -> tuple[int, int]:
    try:
        about = path.stat()
    except OSError as error:
        raise Unverifiable(f"{path} can't be read: {error.strerror}.") from error
    return about.st_mtime_ns, about.st_size


def _verify_file(path: Path, *, immutable: bool) -> Report:
    try:
        with path.open("rb") as file:
            magic = file.read(len(SQLITE_MAGIC))
    except OSError as error:
        raise Unverifiable(f"{path} can't be read: {error.strerror}.") from error
    if magic != SQLITE_MAGIC:
        raise Unverifiable(f"{path} is not an SQLite database.")
    engine, shown = _engine(str(path), immutable=immutable)
    event.listen(engine, "connect", _read_any_text)
    return _verify(engine, shown)


def _verify_postgres(address: str) -> Report:
    return _verify(*_engine(address))


def _engine(where: str, *, immutable: bool = False) -> tuple[Engine, str]:
    try:
        return reading_engine(where, immutable=immutable)
    except UnreadableJournal as error:
        raise Unverifiable(f"{error}.") from error


def _read_any_text(raw: Any, _record: Any) -> None:
    """Text that is no text is a finding, not the end."""
    raw.text_factory = lambda data: data.decode("utf-8", "replace")


def _verify(engine: Engine, shown: str) -> Report:
    try:
        with _readable(shown), engine.connect() as connection:
            return verify_journal(connection)
    except NotAJournal as error:
        raise Unverifiable(f"{shown} holds no journal of Xun'an: {error}.") from error
    finally:
        engine.dispose()


@contextmanager
def _readable(shown: str) -> Iterator[None]:
    """What a damaged file makes SQLite and Python stumble over is one finding."""
    try:
        yield
    except (DatabaseError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise Unverifiable(f"{shown} is not an SQLite database.") from error
        if isinstance(cause, sqlite3.DatabaseError) and "malformed" in str(cause):
            raise Damaged(f"{shown} is damaged: {cause}.") from error
        raise Unverifiable(f"{shown} can't be read: {cause}".strip() + ".") from error
    except (TypeError, ValueError, OverflowError) as error:
        raise Damaged(f"{shown} is damaged: a column holds what it can't hold.") from error
