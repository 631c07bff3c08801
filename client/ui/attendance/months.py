"""Which month: this one and those before it."""

from datetime import date, timedelta

from client.ui.kit.search import Choice
from client.words import month, t

MONTHS_BACK = 6


def month_chips(today: date) -> tuple[Choice, ...]:
    """The month of `today` and those before it, by their place in `months_back`."""
    return tuple(
        Choice(str(number), t("attendance.month", year=one.year, month=month(one)))
        for number, one in enumerate(months_back(today))
    )


def months_back(today: date) -> list[date]:
    found = [today.replace(day=1)]
    while len(found) < MONTHS_BACK:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found
