"""A building's night: its rooms as tiles, its numbers, its exceptions and its history."""

import contextlib
from collections import Counter
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import Connection, select

from client.store.clocks import times_of
from client.store.dorms.nights import (
    BuildingPlace,
    Marks,
    Resident,
    buildings,
    marks,
    name_of,
    residents,
    searches,
    staff_names,
)
from client.store.dorms.views import (
    BuildingMap,
    BuildingNight,
    Counts,
    ExceptionLine,
    NightClosing,
    NightStep,
    RoomTile,
    in_order_of_gravity,
    tile_state,
)
from client.store.identity import Identity
from client.store.places import zone_of
from client.store.students import students
from ledger.rules.dorms.nights import night_of
from ledger.rules.dorms.statuses import ACCOUNTED, GRAVITY, Status
from ledger.sealing import opened_text
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY

_ROLLCALL = RECORDS["rollcall"]
PLAIN = frozenset({Status.PRESENT, Status.LEAVE})


class NightRead(NamedTuple):
    """What everything about a building's night is made of, read once."""

    place: BuildingPlace
    night: str
    living: tuple[Resident, ...]
    seen: Marks
    searches: dict[str, Any]


def building_night(
    connection: Connection, identity: Identity, building: str, night: str
) -> tuple[BuildingMap, tuple[ExceptionLine, ...]] | None:
    """The map, and who is marked otherwise than present or on leave, the gravest first; opens
    their names alone. None when the building is none of this person's."""
    place = next((one for one in buildings(connection, identity) if one.id == building), None)
    if place is None:
        return None
    read = read_night(connection, identity.school, place, night)
    return map_of(connection, identity.school, read), exceptions_of(
        connection, identity.school, read
    )


def nights_of(
    connection: Connection, identity: Identity, nights: tuple[str, ...]
) -> tuple[BuildingNight, ...]:
    """Every building of this person's in each of these nights."""
    school = identity.school
    return tuple(
        map_of(connection, school, read_night(connection, school, place, night)).summary
        for place in buildings(connection, identity)
        for night in nights
    )


def read_night(connection: Connection, school: str, place: BuildingPlace, night: str) -> NightRead:
    return NightRead(
        place,
        night,
        residents(connection, school, place.id, night),
        marks(connection, school, place.id, night),
        searches(connection, school, place.id, night),
    )


def map_of(connection: Connection, school: str, read: NightRead) -> BuildingMap:
    place, night, living, seen, found = read
    in_room: dict[str, list[Resident]] = {}
    for one in living:
        in_room.setdefault(one.room, []).append(one)
    order = [(room, floor) for room, floor, _ in place.rooms]
    known = {room for room, _ in order}
    order += [(room, "") for room in sorted(in_room) if room not in known]
    tiles = tuple(_tile(room, floor, in_room.get(room, []), seen) for room, floor in order)
    row = rollcall_row(connection, school, place.id, night)
    summary = BuildingNight(
        building=place.id,
        name=place.name,
        night=night,
        counts=_counts(living, seen, found, tiles),
        closing=_closing(connection, school, row),
        pending=bool(row is not None and row.pending),
    )
    return BuildingMap(summary, tiles)


def _tile(room: str, floor: str, living: list[Resident], seen: Marks) -> RoomTile:
    standing = [status for one in living if (status := seen.standing(one.student)) is not None]
    contested = any(seen.contested(one.student) for one in living)
    row = seen.rooms.get(room)
    return RoomTile(
        room=room,
        floor=floor,
        state=tile_state(standing, len(living), contested),
        marked=len(standing),
        total=len(living),
        away=sum(status is not Status.PRESENT for status in standing),
        pending=row is not None and bool(row[0].pending),
    )


def _counts(
    living: tuple[Resident, ...],
    seen: Marks,
    found: dict[str, Any],
    tiles: tuple[RoomTile, ...],
) -> Counts:
    standing = {one.student: seen.standing(one.student) for one in living}
    missing = [one for one, status in standing.items() if status not in ACCOUNTED and status]
    statuses = Counter(status for status in standing.values() if status is not None)
    return Counts(
        total=len(living),
        unmarked=sum(status is None for status in standing.values()),
        contested=sum(seen.contested(one.student) for one in living),
        statuses=in_order_of_gravity(statuses),
        rooms=sum(one.total > 0 for one in tiles),
        rooms_marked=sum(one.total > 0 and one.marked == one.total for one in tiles),
        unfollowed=sum(one not in found or not found[one].followed for one in missing),
    )


def expected(connection: Connection, school: str, building: str, night: str) -> tuple[str, ...]:
    """Ids of all who must be accounted for, as this device knows it."""
    return tuple(sorted(one.student for one in residents(connection, school, building, night)))


def exceptions_of(
    connection: Connection, school: str, read: NightRead
) -> tuple[ExceptionLine, ...]:
    place, night, everybody, seen, found = read
    living = {one.student: one for one in everybody}
    odd = [
        one
        for one in living
        if (seen.standing(one) not in PLAIN and seen.standing(one) is not None)
        or seen.contested(one)
        or any(mark.get("swapped") for mark in seen.by_student.get(one, ()))
    ]
    staff, pupils = staff_names(connection, school), students(connection, school, set(odd))
    zone, lines = zone_of(connection, school), []
    for id in odd:
        told = seen.by_student[id]
        last = max(told, key=lambda one: one["at"])
        search = found.get(id)
        lines.append(
            ExceptionLine(
                building=place.id,
                building_name=place.name,
                night=night,
                room=living[id].room,
                bed=living[id].bed,
                student=id,
                name=pupils[id].name if id in pupils else "",
                class_id=living[id].class_id,
                status=seen.standing(id),
                contested=seen.contested(id),
                where=last.get("where", ""),
                by=name_of(staff, last["by"]),
                at=datetime.fromisoformat(last["at"]).astimezone(zone),
                swapped=any(one.get("swapped") for one in told),
                missing=search.id if search is not None else "",
            )
        )
    return tuple(sorted(lines, key=lambda one: (_gravity(one.status), one.room, one.bed)))


def history(
    connection: Connection, school: str, building: str, night: str
) -> tuple[NightStep, ...]:
    """What became of the night as a whole, oldest first."""
    row = rollcall_row(connection, school, building, night)
    if row is None:
        return ()
    told = from_json(opened_text(connection, row.detail))["history"]
    staff, zone = staff_names(connection, school), zone_of(connection, school)
    pupils = students(connection, school, {one["student"] for one in told if "student" in one})
    clocks = _other_clocks(connection, school, row.subject, zone)
    return tuple(
        NightStep(
            what=one["what"],
            by=name_of(staff, one["by"]),
            at=datetime.fromisoformat(one["at"]).astimezone(zone),
            because=one.get("because", ""),
            about=pupils[one["student"]].name
            if one.get("student") in pupils
            else one.get("room", ""),
            status=Status(one["status"]) if "status" in one else None,
            count=one.get("count", 0),
            device_at=clocks.get((one["by"], one["at"])),
        )
        for one in told
    )


def _other_clocks(
    connection: Connection, school: str, subject: str, zone: tzinfo
) -> dict[tuple[str, str], datetime]:
    """What devices' clocks said where that was another time; by who wrote it, and when that was."""
    rows = connection.execute(
        select(ENTRY.c.actor, ENTRY.c.at, ENTRY.c.header).where(
            ENTRY.c.school == school, ENTRY.c.subject == subject
        )
    )
    found: dict[tuple[str, str], datetime] = {}
    for row in rows:
        with contextlib.suppress(ValueError):  # an impossible time: refused, and in no history
            at, device_at = times_of(row, zone)
            if device_at is not None:
                found[row.actor, at.astimezone(UTC).isoformat(timespec="milliseconds")] = device_at
    return found


def pupils_named(
    connection: Connection, school: str, ids: list[str], at_most: int = 3
) -> tuple[tuple[str, str], ...]:
    """Name and room of the first of these pupils whom this device knows."""
    known = students(connection, school, set(ids[:50]))
    return tuple((one.name, one.room) for one in known.values())[:at_most]


def _gravity(status: Status | None) -> int:
    return -1 if status is None else GRAVITY.index(status)


def rollcall_row(connection: Connection, school: str, building: str, night: str) -> Any:
    column = _ROLLCALL.c
    return connection.execute(
        select(_ROLLCALL).where(
            column.school == school, column.building == building, column.night == night
        )
    ).first()


def _closing(connection: Connection, school: str, row: Any) -> NightClosing | None:
    if row is None or not row.closed_at:
        return None
    at = datetime.fromisoformat(row.closed_at).astimezone(zone_of(connection, school))
    by = name_of(staff_names(connection, school), row.closed_by)
    note = from_json(opened_text(connection, row.detail))["closing"].get("note", "")
    return NightClosing(at, by, note, later=night_of(at) != row.night)
