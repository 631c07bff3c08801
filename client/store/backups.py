"""Copies of the database on the device itself, for the day the file is beyond repair.

One a night, the last three kept. A copy is made by SQLite's own backup while the app goes on,
pressed, and sealed under a key from the secret store: who has only the files reads nothing. In its
header stands the head the device signed for its own chain, so that a copy tells how far the chain
had come, and an incomplete one is not taken for a whole one.
"""

import logging
import os
import secrets
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from client.store.exchange import discard
from client.store.health import flush_folder, what_is_wrong
from client.store.identity import IDENTITIES
from client.store.rescue.repair import Backup
from ledger.keys import Head
from ledger.sealed_stream import SealBroken, SealedWriter, fresh_key, unsealed

log = logging.getLogger(__name__)

KEPT = 3
ENDING = ".backup"
PLAIN, SEALED = ".plain", ".sealed"
"""Copies that are being made."""
PURPOSE = b"xunan backup 1"
READ_AT_ONCE = 256 * 1024
NIGHT_HOUR = 2
"""A night's copy is due from two in the morning on, or whenever the app next runs."""

Sign = Callable[[str, int, str], Head]
"""Signs a head for a device, a number and a hash."""


class BackupHeader(BaseModel):
    """The first line, readable by anybody and sealed along."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["xunan backup 1"] = "xunan backup 1"
    made_at: str
    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    head: Head | None = None


class Backups:
    """`secret` is the key from the secret store."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        self._folder = folder
        self._secret = secret

    def all(self) -> list[Path]:
        """Newest first: their names are their times."""
        return sorted(self._folder.glob(f"*{ENDING}"), reverse=True)

    def is_due(self, now: datetime) -> bool:
        """`now` in the person's own time zone."""
        night = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
        if night > now:
            night -= timedelta(days=1)
        # One with a later name was made by a clock that was ahead.
        newest = next((one for one in self.all() if one.name <= _name(now)), None)
        return newest is None or newest.name < _name(night)

    def make(self, source: Path, now: datetime, sign: Sign | None = None) -> Path:
        """Copy the database at `source`, which may be in use; keep the newest three copies.

        Raises OSError and sqlite3.Error, also where the database is damaged; then there is no new
        copy, and the old ones stay.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        plain = self._folder / PLAIN
        sealed = self._folder / SEALED
        done = self._folder / _name(now)
        try:
            _copy(source, plain)
            _check(plain)
            header = BackupHeader(
                made_at=now.isoformat(timespec="seconds"),
                salt=secrets.token_hex(16),
                head=None if sign is None else _head(plain, sign),
            )
            self._seal(plain, sealed, header)
            sealed.replace(done)
            flush_folder(self._folder)
        finally:
            discard(plain)
            sealed.unlink(missing_ok=True)
        # What claims to be newer than this one is older, and would be taken for the newest.
        kept = [one for one in self.all() if one.name <= done.name][:KEPT]
        for old in self.all():
            if old not in kept:
                old.unlink(missing_ok=True)
        return done

    def open_newest(self, target: Path) -> Backup | None:
        """Write the newest copy that opens and is whole to `target`; None when there is none.

        Raises OSError when `target` can't be written.
        """
        for path in self.all():
            try:
                header = self._open(path, target)
            except (SealBroken, ValidationError, zlib.error, sqlite3.Error) as error:
                log.warning("backup %s does not open: %s", path.name, error)
                discard(target)
                continue
            return Backup(path, header.made_at, header.head)
        return None

    def _seal(self, plain: Path, sealed: Path, header: BackupHeader) -> None:
        line = header.model_dump_json().encode() + b"\n"
        key = fresh_key(self._secret, bytes.fromhex(header.salt), PURPOSE)
        press = zlib.compressobj(6)
        with plain.open("rb") as source, _private(sealed) as file:
            writer = SealedWriter(file, key, line)
            while some := source.read(READ_AT_ONCE):
                writer.write(press.compress(some))
            writer.write(press.flush())
            writer.close()
            file.flush()
            os.fsync(file.fileno())

    def _open(self, path: Path, target: Path) -> BackupHeader:
        with _reading(path) as raw, _private(target) as plain:
            file = _Read(raw)
            line = file.readline(8192)
            header = BackupHeader.model_validate_json(line)
            key = fresh_key(self._secret, bytes.fromhex(header.salt), PURPOSE)
            unpress = zlib.decompressobj()
            for piece in unsealed(file, key, line):
                plain.write(unpress.decompress(piece))
            plain.write(unpress.flush())
        with closing(sqlite3.connect(target)) as found:
            wrong = what_is_wrong(found) or _lacks(found, header.head)
        if wrong:
            raise SealBroken(wrong)
        return header


class _Read:
    """A copy's file; what the disk refuses of it is one that does not open."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        with _unreadable():
            return self._file.read(size)

    def readline(self, size: int = -1, /) -> bytes:
        with _unreadable():
            return self._file.readline(size)


@contextmanager
def _unreadable() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SealBroken(type(error).__name__) from error


def _reading(path: Path) -> BinaryIO:
    with _unreadable():
        return path.open("rb")


def forget_backups(folder: Path) -> None:
    """Remove all copies: nothing of this person is to stay here."""
    for path in (*folder.glob(f"*{ENDING}"), folder / PLAIN, folder / SEALED):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _name(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") + ENDING


def _private(path: Path):
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _copy(source: Path, target: Path) -> None:
    discard(target)
    _private(target).close()
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def _check(plain: Path) -> None:
    """Three nights of a damaged file would be the end of every whole copy."""
    with closing(sqlite3.connect(plain)) as raw:
        wrong = what_is_wrong(raw)
    if wrong:
        raise sqlite3.DatabaseError(wrong)


def _head(plain: Path, sign: Sign) -> Head | None:
    """The device's word for its own chain as the copy holds it."""
    with closing(sqlite3.connect(plain)) as raw:
        found = raw.execute("SELECT value FROM setting WHERE name = 'identity'").fetchone()
        if found is None:
            return None
        device = IDENTITIES.validate_json(found[0]).device
        end = raw.execute(
            "SELECT number, hash FROM entry WHERE device = ? ORDER BY number DESC LIMIT 1",
            (device,),
        ).fetchone()
    return None if end is None else sign(device, end[0], end[1])


def _lacks(raw: sqlite3.Connection, head: Head | None) -> str:
    if head is None:
        return ""
    found = raw.execute(
        "SELECT 1 FROM entry WHERE device = ? AND number = ? AND hash = ?",
        (head.device, head.number, head.hash),
    ).fetchone()
    return "" if found else f"entry {head.number} of its head is not in it"
