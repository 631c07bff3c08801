"""What a device's clock said, where that was another time than the one that is shown.

A time is shown corrected by what the device knew of the server's; that it was corrected is said
beside it, since what somebody wrote down is evidence.
"""

import contextlib
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, select

from ledger.clock import said_otherwise
from ledger.entry import read_entry
from ledger.rules.evidence import corrected
from ledger.tables.journal import ENTRY


def times_of(row: Any, zone: tzinfo) -> tuple[datetime, datetime | None]:
    """The corrected time of an entry (its `at` and its `header`), and what its device's clock said
    where that was another. Raises ValueError for an impossible time."""
    device_at = datetime.fromisoformat(row.at)
    clock = read_entry(bytes(row.header), None).header.clock
    at = corrected(device_at, clock).astimezone(zone)
    return at, said_otherwise(device_at, at)


def device_times(connection: Connection, school: str, subject: str) -> dict[str, datetime]:
    """What each entry's own device said it was, by the entry's id."""
    rows = connection.execute(
        select(ENTRY.c.id, ENTRY.c.at).where(ENTRY.c.school == school, ENTRY.c.subject == subject)
    )
    found: dict[str, datetime] = {}
    for row in rows:
        # An impossible time is refused, and then nobody's history shows it.
        with contextlib.suppress(ValueError):
            found[row.id] = datetime.fromisoformat(row.at)
    return found
