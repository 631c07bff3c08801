"""How much a check-in proves: grade A, B or C, with reasons.

Cheating is marked, never blocked: an honest teacher with a broken phone must be able to work
(DOMAIN.md, "Patrol"). Grade A: nothing to remark. B: one weak reason. C: a strong reason, or
several weak ones.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from math import hypot

from ledger.entry import Clock, Header
from ledger.rules.places import Spot

SAME_SECONDS_S = 3.0
"""Two different points scanned within this time were not both walked to."""
FASTEST_WALK_M_PER_S = 4.0
"""A run; a patrol walks at about 1.3 m/s."""
STOREY_M = 12.0
"""Walking distance a storey of stairs counts for."""
CLOCK_TOLERANCE_S = 300.0
BACKWARDS_TOLERANCE_S = 60.0
TWO_PHONES_S = 60.0


class Doubt(StrEnum):
    TYPED = "typed"
    PHOTO_OF_CODE = "photo_of_code"
    LABEL_VOID = "label_void"
    OUTSIDE_WINDOW = "outside_window"
    NO_PLAN = "no_plan"
    SAME_SECONDS = "same_seconds"
    TOO_FAST = "too_fast"
    CLOCK_MOVED = "clock_moved"
    CLOCK_WRONG = "clock_wrong"
    TWO_PHONES = "two_phones"
    PHOTO_SEEN = "photo_seen"


STRONG = frozenset(
    {Doubt.SAME_SECONDS, Doubt.TOO_FAST, Doubt.CLOCK_MOVED, Doubt.TWO_PHONES, Doubt.PHOTO_SEEN}
)


class Grade(StrEnum):
    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A check-in as far as later ones are compared with it."""

    point: str
    actor: str
    device: str
    at: datetime
    """As the device's clock said."""
    true: datetime
    """As corrected."""
    clock: Clock
    spot: Spot | None


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
    return datetime.fromisoformat(text)


def true_time(header: Header) -> datetime:
    """The device's time corrected by what it knew of the server's. Raises ValueError."""
    at = moment(header.at)
    offset = header.clock.offset or 0.0
    if abs(offset) <= CLOCK_TOLERANCE_S:
        return at
    return at + timedelta(seconds=max(-1e9, min(1e9, offset)))


def clock_doubts(header: Header) -> set[Doubt]:
    """What the entry's own clock says against it."""
    clock = header.clock
    doubts = set()
    if clock.offset is not None and abs(clock.offset) > CLOCK_TOLERANCE_S:
        doubts.add(Doubt.CLOCK_WRONG)
    if clock.server is not None:
        behind = _seconds(header.at, clock.server)
        if behind is not None and behind < -CLOCK_TOLERANCE_S:
            doubts.add(Doubt.CLOCK_WRONG)
    return doubts


def doubts_beside(sighting: Sighting, earlier: list[Sighting]) -> set[Doubt]:
    """What the other check-ins of the round say against this one."""
    doubts = set()
    own = next((one for one in reversed(earlier) if one.device == sighting.device), None)
    if own is not None:
        elapsed = _elapsed(own, sighting)
        if _moved_backwards(own, sighting):
            doubts.add(Doubt.CLOCK_MOVED)
        if own.point != sighting.point:
            if elapsed < SAME_SECONDS_S:
                doubts.add(Doubt.SAME_SECONDS)
            elif _distance(own.spot, sighting.spot) > FASTEST_WALK_M_PER_S * elapsed:
                doubts.add(Doubt.TOO_FAST)
    return doubts


def on_two_phones(one: Sighting, two: Sighting) -> bool:
    """One code on two phones at once: both check-ins are marked."""
    return (
        one.device != two.device
        and one.point == two.point
        and abs((one.true - two.true).total_seconds()) < TWO_PHONES_S
    )


def _elapsed(one: Sighting, two: Sighting) -> float:
    """Seconds between two check-ins of one device: by uptime when it is the same boot, since a
    clock can be set and an uptime cannot."""
    if one.clock.boot and one.clock.boot == two.clock.boot:
        return two.clock.uptime - one.clock.uptime
    return (two.at - one.at).total_seconds()


def _moved_backwards(one: Sighting, two: Sighting) -> bool:
    by_clock = (two.at - one.at).total_seconds()
    if one.clock.boot and one.clock.boot == two.clock.boot:
        return by_clock < two.clock.uptime - one.clock.uptime - BACKWARDS_TOLERANCE_S
    return by_clock < -BACKWARDS_TOLERANCE_S


def _distance(one: Spot | None, two: Spot | None) -> float:
    if one is None or two is None:
        return 0.0
    return hypot(one.x - two.x, one.y - two.y) + STOREY_M * abs(one.floor - two.floor)


def _seconds(later: str, earlier: str) -> float | None:
    try:
        return (moment(later) - moment(earlier)).total_seconds()
    except (ValueError, TypeError):
        return None
