"""School years, and a year's hazards counted: pure functions of the records' columns.

整改率 is what is done (销号, or fixed on the spot) of all that was found in the school year, which
runs from 1 September to 31 August.
"""

from datetime import UTC, date, datetime, timedelta, timezone

FIRST_MONTH = 9


def school_year_of(day: date) -> int:
    """The calendar year the day's school year began in."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def school_year_bounds(year: int, utc_offset_minutes: int) -> tuple[str, str]:
    """First moment, and first moment after, as the records' UTC text."""
    zone = timezone(timedelta(minutes=utc_offset_minutes))
    return _moment(year, zone), _moment(year + 1, zone)


def _moment(year: int, zone: timezone) -> str:
    start = datetime(year, FIRST_MONTH, 1, tzinfo=zone)
    return start.astimezone(UTC).isoformat(timespec="milliseconds")
