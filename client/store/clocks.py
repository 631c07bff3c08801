"""What a device's clock said, where that was another time than the one that is shown.

A time is shown corrected by what the device knew of the server's; that it was corrected is said
beside it, since what somebody wrote down is evidence.
"""

from datetime import datetime, timedelta, tzinfo
from typing import Any

from ledger.entry import read_entry
from ledger.rules.evidence import corrected

SAME_TIME = timedelta(seconds=1)


def said_otherwise(device_at: datetime | None, shown: datetime) -> datetime | None:
    """The device's time in the zone of the one shown; None where both are the same."""
    if device_at is None or abs(device_at - shown) <= SAME_TIME:
        return None
    return device_at.astimezone(shown.tzinfo)


def times_of(row: Any, zone: tzinfo) -> tuple[datetime, datetime | None]:
    """The corrected time of an entry (its `at` and its `header`), and what its device's clock said
    where that was another. Raises ValueError for an impossible time."""
    device_at = datetime.fromisoformat(row.at)
    clock = read_entry(bytes(row.header), None).header.clock
    at = corrected(device_at, clock).astimezone(zone)
    return at, said_otherwise(device_at, at)
