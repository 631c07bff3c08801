"""What is past its retention: by default the school year in which it ended is over.

Closed hazards, check-ins and roll-calls are kept: they name no pupil but by an id, and the id of
one who was erased stands for nobody.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from ledger.rules.hazards.figures import FIRST_MONTH, school_year_of
from server.roster.erasure import pupils
from server.roster.importing import today_at


@dataclass(frozen=True, slots=True)
class Expired:
    before: str
    """ISO date: what ended before it has had its time."""
    pupils: tuple[str, ...]
    """Ids of those who left before it."""


def kept_since(today: date, retention_days: int) -> date:
    """What ended on this day or later is kept; 0 days: the school year that runs."""
    if retention_days > 0:
        return today - timedelta(days=retention_days)
    return date(school_year_of(today), FIRST_MONTH, 1)


def expired(connection: Connection, school: str, now: datetime, retention_days: int) -> Expired:
    """Raises LookupError when there is no such school."""
    today = date.fromisoformat(today_at(connection, school, now))
    before = kept_since(today, retention_days).isoformat()
    gone = tuple(one.id for one in pupils(connection, school) if one.until and one.until < before)
    return Expired(before, gone)
