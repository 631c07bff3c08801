"""Writes moments, days, durations and numbers the way the chosen language does.

Moments are shown in the zone they carry: the store gives all of them the school's. A phone set to
another zone must not move a round's window.
"""

from datetime import date, datetime, timedelta

from client.words.catalogues import n, t

SECONDS_A_MINUTE = 60
MINUTES_AN_HOUR = 60
MINUTES_A_DAY = 24 * MINUTES_AN_HOUR


def month(which: date) -> str:
    """11月, Nov"""
    return t("common.months").split()[which.month - 1]


def clock(moment: datetime) -> str:
    """22:05"""
    return f"{moment:%H:%M}"


def day(which: date | datetime, today: date | None = None) -> str:
    """Today by name, another day by its date, and with the year where it is another year's."""
    zone = which.tzinfo if isinstance(which, datetime) else None
    here = which.date() if isinstance(which, datetime) else which
    today = today or datetime.now(zone).date()
    if here == today:
        return t("common.today")
    if here.year == today.year:
        return t("common.day_of_year", month=month(here), day=here.day)
    return t("common.full_day", year=here.year, month=month(here), day=here.day)


def when(moment: datetime, today: date | None = None) -> str:
    """今天 22:05, 11月22日 22:05; the year only where it is another one."""
    return t("common.day_and_time", day=day(moment, today), time=clock(moment))


def duration(length: timedelta | float) -> str:
    """12 分钟: whole minutes, hours with their minutes, from two days on whole days."""
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    minutes = int(seconds // SECONDS_A_MINUTE)
    if minutes < 1:
        return t("common.under_a_minute")
    if minutes < MINUTES_AN_HOUR:
        return n("common.minutes", minutes)
    if minutes >= 2 * MINUTES_A_DAY:
        return n("common.days", minutes // MINUTES_A_DAY)
    hours, minutes = divmod(minutes, MINUTES_AN_HOUR)
    if minutes == 0:
        return n("common.hours", hours)
    return t(
        "common.hours_and_minutes",
        hours=n("common.hours", hours),
        minutes=n("common.minutes", minutes),
    )


def number(amount: int) -> str:
    """12,345"""
    return f"{amount:,}"
