"""Was the database left in order, and does it still hold?

A clean stop leaves a mark beside the file: its size and time as they were then. Without the mark,
or when the file is not as it says, something happened that nobody told us of (a killed app, an
empty battery, a file put back by hand), and the file is looked through before it is trusted.
"""

import hashlib
import os
import sqlite3
import struct
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ledger.verdicts import Verdict

MARK = ".stopped"
LOG_MAGIC = 0x377F0682
LOG_HEADER_BYTES, FRAME_HEADER_BYTES = 32, 24
PAGE_SIZES = frozenset(2**power for power in range(9, 17))


class StopMark(BaseModel):
    """The file as a clean stop left it."""

    model_config = ConfigDict(frozen=True)

    size: int
    mtime_ns: int


def mark_of(path: Path) -> Path:
    return path.with_name(path.name + MARK)


def was_stopped_cleanly(path: Path) -> bool:
    """True when the file is exactly as the last stop left it, and nothing waits in its log."""
    log = path.with_name(path.name + "-wal")
    try:
        if log.exists() and log.stat().st_size:
            return False
        mark = StopMark.model_validate_json(mark_of(path).read_bytes())
        now = path.stat()
    except (OSError, ValidationError):
        return False
    return mark == StopMark(size=now.st_size, mtime_ns=now.st_mtime_ns)


def note_start(path: Path) -> None:
    """From here on, whatever ends the app was no clean stop. Raises OSError."""
    mark_of(path).unlink(missing_ok=True)
    flush_folder(path.parent)


def note_stop(path: Path) -> None:
    """All connections are closed and the file is at rest. Only saves a check, so a disk that
    refuses is no matter."""
    with suppress(OSError):
        now = path.stat()
        mark = StopMark(size=now.st_size, mtime_ns=now.st_mtime_ns)
        mark_of(path).write_text(mark.model_dump_json())


def what_is_wrong(raw: sqlite3.Connection) -> str:
    """The first thing wrong with the file; empty when it holds. Raises sqlite3.DatabaseError for
    a file that can't even be looked through.

    SQLite's own check finds torn and foreign pages. It does not know what our texts should say, so
    those that are nowhere else, the unsent ones, are held against their hashes too.
    """
    found = raw.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        return str(found)
    if not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'entry'").fetchone():
        return ""
    unsent = raw.execute(
        "SELECT id, hash, CAST(header AS BLOB) FROM entry WHERE verdict = ?",
        (Verdict.PENDING.value,),
    )
    for id, digest, header in unsent:
        if hashlib.sha256(header or b"").hexdigest() != digest:
            return f"entry {id}"
    return ""


def log_is_torn(path: Path) -> bool:
    """True when the write-ahead log is damaged before its last commit.

    SQLite takes a frame whose checksum is wrong for the log's end: what was committed behind it
    would be gone without a word. An unfinished transaction at the end is no damage.
    """
    log = path.with_name(path.name + "-wal")
    if not log.exists() or log.stat().st_size < LOG_HEADER_BYTES:
        return False
    data = log.read_bytes()
    magic, _, size, _, *salts, sum1, sum2 = struct.unpack(">8I", data[:LOG_HEADER_BYTES])
    order = ">" if magic & 1 else "<"
    if magic & ~1 != LOG_MAGIC or size not in PAGE_SIZES:
        return True
    sums = _summed((0, 0), data[: LOG_HEADER_BYTES - 8], order)
    if sums != (sum1, sum2):
        return True
    frames = range(LOG_HEADER_BYTES, len(data) - FRAME_HEADER_BYTES - size + 1, size + 24)
    heads = [struct.unpack(">6I", data[start : start + FRAME_HEADER_BYTES]) for start in frames]
    ours = [list(head[2:4]) == salts for head in heads]
    commits = [place for place, head in enumerate(heads) if ours[place] and head[1]]
    for place in range(commits[-1] + 1 if commits else 0):
        start = frames[place]
        body = data[start + FRAME_HEADER_BYTES : start + FRAME_HEADER_BYTES + size]
        sums = _summed(_summed(sums, data[start : start + 8], order), body, order)
        if not ours[place] or sums != heads[place][4:6]:
            return True
    return False


def _summed(sums: tuple[int, int], data: bytes, order: str) -> tuple[int, int]:
    """The log's checksum, as its format has it."""
    one, two = sums
    words = iter(struct.unpack(f"{order}{len(data) // 4}I", data))
    for word in words:
        one = (one + word + two) & 0xFFFFFFFF
        two = (two + next(words) + one) & 0xFFFFFFFF
    return one, two


def flush_folder(folder: Path) -> None:
    """New and removed names in it are on the disk; Windows has no such thing to flush."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
