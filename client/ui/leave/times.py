"""The usual lengths of leave, and times as people type them."""

import unicodedata
from datetime import datetime, time, timedelta
from enum import StrEnum

WRITTEN = "%Y-%m-%d %H:%M"
MORNING, EVENING, AFTERNOON = time(7), time(18), time(17)
FRIDAY, SUNDAY = 5, 7


class Usual(StrEnum):
    NIGHT = "night"
    """From now to tomorrow morning."""
    DAY = "day"
    WEEKEND = "weekend"
    """Friday afternoon to Sunday evening."""
    THREE_DAYS = "three_days"


def usual(which: Usual, now: datetime) -> tuple[datetime, datetime]:
    """Start and end in the zone of `now`, whole minutes."""
    begin = now.replace(second=0, microsecond=0)
    match which:
        case Usual.NIGHT:
            return begin, _at(begin + timedelta(days=1), MORNING)
        case Usual.DAY:
            return begin, begin + timedelta(days=1)
        case Usual.THREE_DAYS:
            return begin, begin + timedelta(days=3)
        case Usual.WEEKEND:
            sunday = _at(begin + timedelta(days=SUNDAY - begin.isoweekday()), EVENING)
            if sunday <= begin:
                sunday += timedelta(weeks=1)  # this one is over
            friday = _at(sunday - timedelta(days=SUNDAY - FRIDAY), AFTERNOON)
            return max(begin, friday), sunday


def written(moment: datetime) -> str:
    return moment.strftime(WRITTEN)


def read(text: str, like: datetime) -> datetime | None:
    """What was typed, in the zone of `like`; None when it is no time. Full-width signs and a
    missing year are understood."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("/", "-")
    for pattern, given in ((WRITTEN, plain), (WRITTEN, f"{like.year}-{plain}")):
        try:
            return datetime.strptime(given, pattern).replace(tzinfo=like.tzinfo)
        except ValueError:
            continue
    return None


def _at(day: datetime, hour: time) -> datetime:
    return day.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
