"""A roster of 3,000 pupils: from the workbook to the journal of a server, and a second time."""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ledger.roster.columns import PUPILS
from ledger.roster.rows import read_roster
from ledger.roster.sheet import read_workbook, write_workbook
from ledger.rules.places import SchoolSet
from server.accounts.schools import add_school
from server.database import Database
from server.journal.journal import Journal
from server.migrations import migrate
from server.roster.importing import write_roster

SCHOOL, MANY = "SY01", 3000


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="xunan-bench-") as folder:
        database = Database(f"sqlite:///{Path(folder)}/district.sqlite3")
        migrate(database)
        journal = Journal(database, lambda: datetime.now(UTC))
        add_school(journal, SCHOOL, SchoolSet(name="学校", district="区"))
        content = workbook()
        first = _import(journal, content)
        again = _import(journal, content)
        database.close()
    return {"import_s": first, "again_s": again}


def workbook() -> bytes:
    """Five buildings of 75 rooms with eight beds."""
    headings = [names[0] for names in PUPILS.values()][:8]
    rows = [headings]
    for number in range(MANY):
        building, place = divmod(number, 600)
        room, bed = divmod(place, 8)
        where = [f"{building + 1}号楼", str(1 + room // 15), f"{1 + room // 15}{room % 15 + 1:02d}"]
        rows.append(
            [str(number), f"王小明{number}", f"{number // 50}班", "男", *where, str(bed + 1)]
        )
    return write_workbook([("学生", rows)], {})


def _import(journal: Journal, content: bytes) -> float:
    began = time.perf_counter()
    write_roster(journal, SCHOOL, read_roster(read_workbook(content)), keep_missing=False)
    return round(time.perf_counter() - began, 2)
