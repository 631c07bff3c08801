"""A phone's database with a school and own entries in it, and ways to damage the file."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from client.store.database import Database
from client.store.rescue.repair import repair
from client.store.verdicts import keep_receipts
from ledger.entry import Entry
from ledger.verdicts import Verdict
from ledger.wire.journal import Receipt
from tests.client.store.office import Office, check_in, open_school

AT = "2026-03-02T08:00:00+08:00"
PAGE_BYTES = 4096


def fill(path: Path, office: Office, *, accepted: int, pending: int) -> list[Entry]:
    """A school, and so many own check-ins of each sort, the accepted ones first. The file is left
    as a killed app leaves it: whole, with everything in it, and without the mark of a stop."""
    database = open_school(path, office)
    entries: list[Entry] = []

    def write(connection: Any) -> None:
        for number in range(accepted + pending):
            point = f"p{number % 4 + 1}"
            entries.append(check_in(connection, office, point, note="灭火器压力正常。" * 20))
        receipts = []
        for entry in entries[:accepted]:
            office.seq += 1
            receipts.append(Receipt(id=entry.header.id, verdict=Verdict.ACCEPTED, seq=office.seq))
        keep_receipts(connection, office.identity, receipts)

    database.write_now(write)
    database.close()
    path.with_name(path.name + ".stopped").unlink()
    return entries


def page_count(path: Path) -> int:
    return path.stat().st_size // PAGE_BYTES


def overwrite(path: Path, pages: list[int], chance: random.Random) -> None:
    """Fill these pages (from 0) with noise, as a dying flash cell or a torn write does."""
    with path.open("r+b") as file:
        for page in pages:
            file.seek(page * PAGE_BYTES)
            file.write(chance.randbytes(PAGE_BYTES))


def pages_of(path: Path, name: str) -> list[int]:
    """The pages (from 0) of a table or an index, its root first; of a sound file."""
    with closing(sqlite3.connect(path)) as raw:
        root = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    data = path.read_bytes()
    found, todo = [], [root[0]]
    while todo:
        number = todo.pop(0)
        found.append(number - 1)
        page = data[(number - 1) * PAGE_BYTES : number * PAGE_BYTES]
        if page[0] in (0x05, 0x02):
            count = int.from_bytes(page[3:5], "big")
            cells = [int.from_bytes(page[12 + 2 * i : 14 + 2 * i], "big") for i in range(count)]
            todo += [int.from_bytes(page[cell : cell + 4], "big") for cell in cells]
            todo.append(int.from_bytes(page[8:12], "big"))
    return found


def own(path: Path, office: Office) -> dict[str, tuple[str, int | None]]:
    """Own entries in a sound file: id → verdict and seq."""
    with closing(sqlite3.connect(path)) as raw:
        rows = raw.execute(
            "SELECT id, verdict, seq FROM entry WHERE device = ?", (office.identity.device,)
        ).fetchall()
    return {row[0]: (row[1], row[2]) for row in rows}


def repaired(path: Path) -> Any:
    """Repair as the app does at its start, then look the new file through by opening it."""
    note = repair(path, AT)
    if note is not None:
        Database.open(path).close()
    return note


def copy_as_killed(path: Path, folder: Path) -> Path:
    """What a killed app leaves: the file and its log, as they are while it is open."""
    folder.mkdir()
    for ending in ("", "-wal"):
        source = path.with_name(path.name + ending)
        (folder / source.name).write_bytes(source.read_bytes())
    return folder / path.name


def tear_log(path: Path) -> None:
    """Change a page early in the log of a killed app's file."""
    log = path.with_name(path.name + "-wal")
    content = log.read_bytes()
    torn = bytes(byte ^ 0xFF for byte in content[5000:5500])
    log.write_bytes(content[:5000] + torn + content[5500:])
