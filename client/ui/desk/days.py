"""Which days the desk looks at: the usual spans, and any single date."""

from datetime import date, timedelta
from enum import StrEnum

from client.state.views import CheckInFilter

WEEK_DAYS = 7


class Span(StrEnum):
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    EVER = "ever"
    ONE_DAY = "one_day"
    """A date the person picked."""


def days_of(span: Span, today: date) -> tuple[str, str]:
    """First and last day as the filter wants them."""
    match span:
        case Span.YESTERDAY:
            first = last = today - timedelta(days=1)
        case Span.WEEK:
            first, last = today - timedelta(days=WEEK_DAYS - 1), today
        case Span.EVER:
            return "", ""
        case _:
            first = last = today
    return first.isoformat(), last.isoformat()


def span_of(wanted: CheckInFilter, today: date) -> Span:
    """What a filter's days are called today."""
    days = (wanted.day_from, wanted.day_to)
    usual = (Span.TODAY, Span.YESTERDAY, Span.WEEK, Span.EVER)
    return next((span for span in usual if days_of(span, today) == days), Span.ONE_DAY)
