"""The plain values of the night, as screens show them. Times are in the school's zone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ledger.rules.dorms.statuses import EXPLAINED, GRAVITY, Status
from ledger.scopes import NOWHERE

SETTLED = EXPLAINED | {Status.PRESENT, Status.FOUND}
UNROOMED = NOWHERE
"""In a room's place: pupils of the building who have none yet. Nobody is left out of the roll."""


class TileState(StrEnum):
    """How a room stands."""

    OPEN = "open"
    """Somebody has no mark yet."""
    DONE = "done"
    """Everybody is there, or away with leave."""
    EXCEPTIONS = "exceptions"
    """Everybody is marked, somebody otherwise than that."""
    CONTESTED = "contested"
    """Two marks contradict each other."""
    MISSING = "missing"
    """Somebody is 未归待查."""
    EMPTY = "empty"
    """Nobody lives there."""


@dataclass(frozen=True, slots=True)
class RoomTile:
    room: str
    floor: str
    state: TileState
    marked: int
    total: int
    away: int
    """Marked otherwise than present."""
    pending: bool
    """Something of it is only on this device."""


@dataclass(frozen=True, slots=True)
class Counts:
    """A building's night in numbers: of pupils, and of rooms."""

    total: int = 0
    unmarked: int = 0
    contested: int = 0
    statuses: tuple[tuple[Status, int], ...] = ()
    """In the order of gravity; only those that occur."""
    rooms: int = 0
    rooms_marked: int = 0
    unfollowed: int = 0
    """Missing, and nobody has done anything yet."""

    def of(self, status: Status) -> int:
        return next((count for one, count in self.statuses if one is status), 0)

    @property
    def exceptions(self) -> int:
        """Marked otherwise than present or on leave."""
        quiet = (Status.PRESENT, Status.LEAVE)
        return sum(count for one, count in self.statuses if one not in quiet)

    @property
    def may_close(self) -> bool:
        return self.total > 0 and not (self.unmarked or self.contested or self.unfollowed)


@dataclass(frozen=True, slots=True)
class NightClosing:
    at: datetime
    by: str
    note: str
    later: bool
    """Closed after its night was over."""


@dataclass(frozen=True, slots=True)
class NightStep:
    """A line of a night's history."""

    what: str
    """The kind of the entry, or "reopened_by_mark"."""
    by: str
    at: datetime
    because: str = ""
    about: str = ""
    """The pupil's name, or the room."""
    status: Status | None = None
    count: int = 0
    device_at: datetime | None = None
    """What the device's clock said, where that was another time."""


@dataclass(frozen=True, slots=True)
class BuildingNight:
    """One building in one night; opens no names."""

    building: str
    name: str
    night: str
    counts: Counts
    closing: NightClosing | None
    pending: bool


@dataclass(frozen=True, slots=True)
class BuildingMap:
    """A building's rooms in walking order; opens no names."""

    summary: BuildingNight
    tiles: tuple[RoomTile, ...]

    def after(self, room: str, *, open_only: bool = False) -> str | None:
        """The next room in walking order that somebody lives in, or with `open_only` the next
        that wants a mark, from the first again after the last; None when there is none."""
        ids = [one.room for one in self.tiles]
        at = ids.index(room) + 1 if room in ids else 0
        rest = self.tiles[at:] if not open_only else (*self.tiles[at:], *self.tiles[: max(at, 0)])
        for tile in rest:
            wanted = tile.state is TileState.OPEN if open_only else tile.total > 0
            if wanted and tile.room != room:
                return tile.room
        return None

    def before(self, room: str) -> str | None:
        ids = [one.room for one in self.tiles if one.total > 0 or one.room == room]
        at = ids.index(room) if room in ids else 0
        return ids[at - 1] if at > 0 else None


@dataclass(frozen=True, slots=True)
class MarkView:
    entry: str
    by: str
    at: datetime
    status: Status
    where: str = ""
    leave: str = ""
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class LeaveSeen:
    """Leave that explains tonight, or one that has ended without anybody saying "back"."""

    id: str
    ends: datetime
    over: bool = False


@dataclass(frozen=True, slots=True)
class BedView:
    bed: str
    student: str = ""
    """Empty: nobody sleeps there."""
    name: str = ""
    class_id: str = ""
    marks: tuple[MarkView, ...] = ()
    status: Status | None = None
    """What counts; the gravest while marks contradict each other."""
    contested: bool = False
    leave: LeaveSeen | None = None
    missing: str = ""
    """Id of the open search, if there is one."""

    @property
    def covered(self) -> bool:
        """An approved leave explains tonight."""
        return self.leave is not None and not self.leave.over


@dataclass(frozen=True, slots=True)
class RoomSave:
    entry: str
    by: str
    at: datetime
    because: str
    later: bool
    """Made up after the night was over."""


@dataclass(frozen=True, slots=True)
class RoomNight:
    """A room as it stands, with the names of those who live there."""

    building: str
    building_name: str
    night: str
    room: str
    floor: str
    beds: tuple[BedView, ...]
    strangers: tuple[BedView, ...]
    """Marked here, and living here no longer."""
    saves: tuple[RoomSave, ...]
    closed: bool
    pending: bool

    @property
    def pupils(self) -> tuple[BedView, ...]:
        return tuple(one for one in self.beds if one.student)

    @property
    def unmarked(self) -> tuple[BedView, ...]:
        return tuple(one for one in self.pupils if one.status is None)

    @property
    def state(self) -> TileState:
        pupils = self.pupils
        return tile_state(
            [one.status for one in pupils if one.status is not None],
            len(pupils),
            any(one.contested for one in pupils),
        )


def tile_state(standing: list[Status], total: int, contested: bool) -> TileState:
    """How a room with `total` pupils stands, of whom some are marked."""
    if total == 0:
        return TileState.EMPTY
    if Status.MISSING in standing:
        return TileState.MISSING
    if contested:
        return TileState.CONTESTED
    if len(standing) < total:
        return TileState.OPEN
    plain = {Status.PRESENT, Status.LEAVE, Status.FOUND}
    return TileState.DONE if set(standing) <= plain else TileState.EXCEPTIONS


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """Somebody who is marked otherwise than present or on leave."""

    building: str
    building_name: str
    night: str
    room: str
    bed: str
    student: str
    name: str
    class_id: str
    status: Status | None
    contested: bool
    where: str
    by: str
    at: datetime | None
    swapped: bool
    missing: str = ""

    @property
    def explained(self) -> bool:
        """Where they are is known, and nothing about it wants to be looked into."""
        return self.status in SETTLED and not self.contested and not self.swapped


@dataclass(frozen=True, slots=True)
class NightAttention:
    """What of the roll-call a leader should look at."""

    unclosed: tuple[BuildingNight, ...] = ()
    """Nights that are over and were begun, and nobody has closed them."""
    exceptions: tuple[ExceptionLine, ...] = ()
    """Of the night that was begun last: missing, late, in another room, contested, swapped."""

    @property
    def count(self) -> int:
        return len(self.unclosed) + len(self.exceptions)


NIGHT_ENDS_HOUR = 6
"""From then on nobody sleeps any more: a night that is still open then was forgotten."""


def night_is_over(night: str, now: datetime) -> bool:
    """`night` is the ISO date of its evening, `now` a time in the school's zone."""
    return now.date().isoformat() > night and now.hour >= NIGHT_ENDS_HOUR


def in_order_of_gravity(counts: dict[Status, int]) -> tuple[tuple[Status, int], ...]:
    return tuple((one, counts[one]) for one in GRAVITY if counts.get(one))
