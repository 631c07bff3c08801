"""How much a check-in proves: grade A, B or C, with reasons.

Cheating is marked, never blocked: an honest teacher with a broken phone must be able to work.
Grade A: nothing to remark. B: one weak reason. C: a strong reason, or several weak ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from math import hypot, isfinite

from ledger.entry import Clock, Header
from ledger.rules.places import Spot

SAME_SECONDS_S = 3.0
"""Two different points scanned within this time were not both walked to."""
FASTEST_WALK_M_PER_S = 4.0
"""A run; a patrol walks at about 1.3 m/s."""
STOREY_M = 12.0
"""Walking distance a storey of stairs counts for."""
CLOCK_TOLERANCE_S = 300.0
_BEHIND = -timedelta(seconds=CLOCK_TOLERANCE_S)
BACKWARDS_TOLERANCE_S = 60.0
TWO_PHONES_S = 60.0


class Doubt(StrEnum):
    TYPED = "typed"
    PHOTO_OF_CODE = "photo_of_code"
    LABEL_VOID = "label_void"
    LABEL_FOREIGN = "label_foreign"
    """No label of the point was read: its token is what proves that one was."""
    OUTSIDE_WINDOW = "outside_window"
    NO_PLAN = "no_plan"
    SAME_SECONDS = "same_seconds"
    TOO_FAST = "too_fast"
    CLOCK_MOVED = "clock_moved"
    CLOCK_WRONG = "clock_wrong"
    TWO_PHONES = "two_phones"
    PHOTO_SEEN = "photo_seen"
    PHOTO_FROM_GALLERY = "photo_from_gallery"
    NO_PHOTO = "no_photo"


STRONG = frozenset(
    {
        Doubt.LABEL_FOREIGN,
        Doubt.SAME_SECONDS,
        Doubt.TOO_FAST,
        Doubt.CLOCK_MOVED,
        Doubt.TWO_PHONES,
        Doubt.PHOTO_SEEN,
    }
)


class Grade(StrEnum):
    A = "A"
    B = "B"
    C = "C"


@dataclass(slots=True)
class Sighting:
    """A check-in as far as others are compared with it."""

    id: str
    point: str
    device: str
    number: int
    """The entry's place in its device's chain: the order in which it really happened."""
    at: datetime
    """As the device's clock said."""
    true: datetime
    """As corrected."""
    clock: Clock
    spot: Spot | None
    doubts: set[Doubt]


def grade(doubts: frozenset[Doubt] | set[Doubt]) -> Grade:
    if not doubts:
        return Grade.A
    if len(doubts) > 1 or doubts & STRONG:
        return Grade.C
    return Grade.B


@lru_cache(maxsize=1024)
def moment(text: str) -> datetime:
    """An ISO 8601 text as a time; windows and contacts repeat, so the last are remembered.
    Raises ValueError."""
    return _in_every_zone(datetime.fromisoformat(text))


def true_time(header: Header) -> datetime:
    """The device's time corrected by what it knew of the server's. Raises ValueError."""
    # Not through `moment`'s memory: no two entries share their time.
    at = _in_every_zone(datetime.fromisoformat(header.at))
    return _in_every_zone(corrected(at, header.clock))


def _in_every_zone(time: datetime) -> datetime:
    """Only what every reader's clock can show: one that can't would break the list it stands in.
    Raises ValueError."""
    if not MINYEAR < time.year < MAXYEAR:
        raise ValueError(f"at the end of the calendar: {time}")
    return time


def corrected(at: datetime, clock: Clock) -> datetime:
    """The same of a time that was read already."""
    offset = clock.offset
    if offset is None or -CLOCK_TOLERANCE_S <= offset <= CLOCK_TOLERANCE_S or not isfinite(offset):
        return at
    return at + timedelta(seconds=max(-1e9, min(1e9, offset)))


def utc_text(time: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: times of all zones sort as text."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds")


def utc_text_of(text: str) -> str:
    """The same of a `Moment`'s text, by changing its hour alone where that is enough: a round's
    check-ins have their hours in common, and those are remembered. (A third of the time.)"""
    if len(text) == 29 and text[26:] == ":00":
        return _hour_in_utc(text[:13], text[23:]) + text[13:23] + "+00:00"
    return utc_text(datetime.fromisoformat(text))


@lru_cache(maxsize=256)
def _hour_in_utc(hour: str, offset: str) -> str:
    return datetime.fromisoformat(f"{hour}:00{offset}").astimezone(UTC).isoformat()[:13]


def clock_doubts(header: Header) -> set[Doubt]:
    """What the entry's own clock says against it."""
    try:
        at = moment(header.at)
    except ValueError:
        at = None
    return doubts_of_clock(at, header.clock)


def doubts_of_clock(at: datetime | None, clock: Clock) -> set[Doubt]:
    """The same of a time that was read already; None when it is impossible."""
    offset, server = clock.offset, clock.server
    if offset is not None and abs(offset) > CLOCK_TOLERANCE_S:
        return {Doubt.CLOCK_WRONG}
    if server is not None and at is not None:
        try:
            if at - moment(server) < _BEHIND:
                return {Doubt.CLOCK_WRONG}
        except (ValueError, TypeError):
            pass
    return set()


def neighbours(
    sighting: Sighting, others: Iterable[Sighting]
) -> tuple[Sighting | None, Sighting | None]:
    """The device's own check-ins just before and just after this one.

    By the device's numbers: an entry that was held is accepted after later ones.
    """
    own = [one for one in others if one.device == sighting.device]
    before = [one for one in own if one.number < sighting.number]
    after = [one for one in own if one.number > sighting.number]
    return (
        max(before, key=lambda one: one.number, default=None),
        min(after, key=lambda one: one.number, default=None),
    )


def doubts_between(before: Sighting, after: Sighting) -> set[Doubt]:
    """What a check-in says against the next one of the same device."""
    doubts = set()
    earlier, later = before.clock, after.clock
    by_clock = (after.at - before.at).total_seconds()
    # By uptime when it is the same boot, since a clock can be set and an uptime cannot.
    same_boot = bool(earlier.boot) and earlier.boot == later.boot
    elapsed = later.uptime - earlier.uptime if same_boot else by_clock
    moved = by_clock < (elapsed if same_boot else 0.0) - BACKWARDS_TOLERANCE_S
    if moved:
        doubts.add(Doubt.CLOCK_MOVED)
    if before.point != after.point and (same_boot or not moved):
        if elapsed < SAME_SECONDS_S:
            doubts.add(Doubt.SAME_SECONDS)
        elif _distance(before.spot, after.spot) > FASTEST_WALK_M_PER_S * elapsed:
            doubts.add(Doubt.TOO_FAST)
    return doubts


def on_two_phones(one: Sighting, two: Sighting) -> bool:
    """One code on two phones at once: both check-ins are marked."""
    return (
        one.device != two.device
        and one.point == two.point
        and abs((one.true - two.true).total_seconds()) < TWO_PHONES_S
    )


def _distance(one: Spot | None, two: Spot | None) -> float:
    if one is None or two is None:
        return 0.0
    return hypot(one.x - two.x, one.y - two.y) + STOREY_M * abs(one.floor - two.floor)
