"""The dorm buildings, rooms and beds that a roster tells of."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ledger.roster.plain import natural, plain
from ledger.roster.problems import Trouble
from ledger.roster.roster import PupilRow
from ledger.roster.steps import Details, Line, Step, new_ids
from ledger.rules.dorms.buildings import BEDS_AT_MOST, ROOMS_AT_MOST, BuildingSet, Room

SHORTEST_WITH_FLOOR = 3
"""From so many digits on a room's number begins with its floor: 302, 1203."""


@dataclass(frozen=True, slots=True)
class Rejected:
    row: PupilRow
    trouble: Trouble
    values: dict[str, str | int]


@dataclass(slots=True)
class Rooms:
    placed: list[PupilRow] = field(default_factory=list)
    """Rows whose room is as good as any."""
    rejected: list[Rejected] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class _Room:
    floor: str
    beds: list[str] = field(default_factory=list)


def building_ids(rows: Iterable[PupilRow], known: Mapping[str, BuildingSet]) -> dict[str, str]:
    """The id of every building by its name, the known and the new."""
    ids = {plain(body.name): id for id, body in known.items()}
    fresh = new_ids(known)
    for row in rows:
        if row.building and row.building not in ids:
            ids[row.building] = row.building if row.building in known else next(fresh)
    return ids


def plan_rooms(
    rows: Sequence[PupilRow], ids: Mapping[str, str], known: Mapping[str, BuildingSet]
) -> Rooms:
    """Rooms and beds are only ever added: an empty one stands in no roster."""
    found = Rooms()
    told: dict[str, dict[str, _Room]] = {}
    floors = _floors(rows)
    for row in rows:
        if not row.building or not row.room:
            found.placed.append(row)
            continue
        id = ids[row.building]
        if id not in told:
            told[id] = {room.id: _known_room(room) for room in _rooms(known, id)}
        problem = _place(row, told[id], floors.get((row.building, row.room)))
        if problem is None:
            found.placed.append(row)
        else:
            found.rejected.append(problem)
    names = {id: name for name, id in ids.items()}
    for id, rooms in told.items():
        before = known.get(id)
        now = BuildingSet(
            name=before.name if before is not None else names[id],
            rooms=tuple(_in_order(rooms, before)),
            order=before.order if before is not None else len(known) + len(found.steps) + 1,
        )
        if before is None or now.rooms != before.rooms:
            found.steps.append(Step("building.set", f"building:{id}", now))
            found.lines.append(Line(now.name, details=_changes(before, now), new=before is None))
    return found


def _changes(before: BuildingSet | None, now: BuildingSet) -> Details:
    """What of a building is otherwise; of a new one its figures alone."""
    if before is None:
        return ("rooms", "", str(len(now.rooms))), ("beds", "", str(_beds(now)))
    figures = (
        ("rooms", str(len(before.rooms)), str(len(now.rooms))),
        ("beds", str(_beds(before)), str(_beds(now))),
    )
    old = {room.id: room.floor for room in before.rooms}
    moved = [room.id for room in now.rooms if old.get(room.id, room.floor) != room.floor]
    floors = ("floors", "", " ".join(moved))
    return tuple(one for one in (*figures, floors) if one[1] != one[2])


def _floors(rows: Sequence[PupilRow]) -> dict[tuple[str, str], tuple[str, int]]:
    """By building and room: the floor that most of its rows say, of equally many the first, and
    the first row that says it. One slip of the keyboard must not move a room, nor turn its other
    pupils away."""
    said: dict[tuple[str, str], Counter[str]] = {}
    first: dict[tuple[str, str, str], int] = {}
    for row in rows:
        if row.building and row.room and row.floor:
            said.setdefault((row.building, row.room), Counter())[row.floor] += 1
            first.setdefault((row.building, row.room, row.floor), row.row)
    most = {place: counted.most_common(1)[0][0] for place, counted in said.items()}
    return {place: (floor, first[*place, floor]) for place, floor in most.items()}


def _rooms(known: Mapping[str, BuildingSet], id: str) -> Sequence[Room]:
    return known[id].rooms if id in known else ()


def _known_room(room: Room) -> _Room:
    return _Room(room.floor, beds=list(room.beds))


def _place(row: PupilRow, rooms: dict[str, _Room], told: tuple[str, int] | None) -> Rejected | None:
    """`told` is the room's floor, and the row that says it; None where no row says any."""
    building, name, bed = row.building or "", row.room or "", row.bed or ""
    where: dict[str, str | int] = {"building": building, "room": name}
    room = rooms.get(name)
    if room is None:
        if len(rooms) >= ROOMS_AT_MOST:
            values: dict[str, str | int] = {"building": building, "limit": ROOMS_AT_MOST}
            return Rejected(row, Trouble.BUILDING_FULL, values)
        room = rooms[name] = _Room(floor_of(name))
    if told is not None:
        room.floor, told_in = told
        if row.floor and row.floor != room.floor:
            values = {**where, "floor": room.floor, "row": told_in}
            return Rejected(row, Trouble.FLOORS_DIFFER, values)
    if bed and bed not in room.beds:
        if len(room.beds) >= BEDS_AT_MOST:
            return Rejected(row, Trouble.ROOM_FULL, {**where, "limit": BEDS_AT_MOST})
        room.beds.append(bed)
    return None


def floor_of(room: str) -> str:
    """The floor as a room's number tells it; "" where it doesn't."""
    if room.isdecimal() and len(room) >= SHORTEST_WITH_FLOOR:
        return str(int(room[:-2]))
    return ""


def _in_order(rooms: Mapping[str, _Room], before: BuildingSet | None) -> Iterator[Room]:
    """In walking order: as it was while there is nothing new, floor by floor otherwise."""
    old = {room.id: room for room in before.rooms} if before is not None else {}
    names = list(rooms)
    if set(names) != set(old):
        names.sort(key=lambda name: (natural(rooms[name].floor), natural(name)))
    for name in names:
        beds = rooms[name].beds
        was = old.get(name)
        if was is None or tuple(beds) != was.beds:
            beds = sorted(beds, key=natural)
        yield Room(id=name, floor=rooms[name].floor, beds=tuple(beds))


def _beds(building: BuildingSet | None) -> int:
    return sum(len(room.beds) for room in building.rooms) if building is not None else 0
