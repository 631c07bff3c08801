"""What a night is made of, read without opening a name: who lives where, marks, leave."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, and_, or_, select

from client.store.dorms.views import UNROOMED, LeaveSeen, MarkView
from client.store.identity import Identity
from client.store.places import names, person, zone_of
from ledger.rules.dorms.leave import LeaveState
from ledger.rules.dorms.nights import night_of
from ledger.rules.dorms.rollcall import MARKERS
from ledger.rules.dorms.statuses import Status, gravest
from ledger.rules.rule import Role
from ledger.sealing import opened_text
from ledger.tables import RECORDS

_BUILDING, _STUDENT = RECORDS["building"], RECORDS["student"]
_ROOM_NIGHT, _LEAVE, _MISSING = RECORDS["room_night"], RECORDS["leave"], RECORDS["missing"]
_ROLLCALL = RECORDS["rollcall"]
EVENING = time(22)
"""Leave that covers this moment of the night explains that somebody is not there."""
JUST_ENDED = timedelta(days=2)
"""How long a leave that has ended without a return is shown beside the bed."""


@dataclass(frozen=True, slots=True)
class BuildingPlace:
    id: str
    name: str
    order: int
    rooms: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Room, floor, beds: in walking order."""


class Resident(NamedTuple):
    """(Made by the thousand: a plain tuple takes a third of the time.)"""

    student: str
    room: str
    bed: str
    class_id: str


class RoomRow(NamedTuple):
    """A room's marks as they are kept, unsealed."""

    room: str
    detail: str
    pending: bool


@dataclass(slots=True)
class Marks:
    """What stands in one building's night."""

    by_student: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rooms: dict[str, tuple[RoomRow, dict[str, Any]]] = field(default_factory=dict)
    """Room → its row, and its `detail` read."""

    def standing(self, student: str) -> Status | None:
        marks = self.by_student.get(student)
        if not marks:
            return None
        if len(marks) == 1:  # nearly always
            return Status(marks[0]["status"])
        return gravest([Status(one["status"]) for one in marks])

    def contested(self, student: str) -> bool:
        marks = self.by_student.get(student, ())
        return len(marks) > 1 and len({one["status"] for one in marks}) > 1


def night_now(connection: Connection, school: str, now: datetime) -> str:
    """The night that `now` belongs to, by the school's clock."""
    return night_of(now.astimezone(zone_of(connection, school)))


def buildings(connection: Connection, identity: Identity) -> tuple[BuildingPlace, ...]:
    """The buildings whose night is this person's duty."""
    me = person(connection, identity.school, identity.actor)
    if me is None or not me.author.roles & MARKERS:
        return ()
    everything = bool(me.author.roles & (MARKERS - {Role.DORM_SUPERVISOR}))
    found = []
    rows = connection.execute(select(_BUILDING).where(_BUILDING.c.school == identity.school))
    for row in rows:
        if not everything and row.id not in me.buildings:
            continue
        fields = from_json(row.detail)
        rooms = tuple((one["id"], one["floor"], tuple(one["beds"])) for one in fields["rooms"])
        found.append(BuildingPlace(row.id, row.name, fields["order"], rooms))
    return tuple(sorted(found, key=lambda one: (one.order, one.name)))


def residents(
    connection: Connection, school: str, building: str, night: str, room: str = ""
) -> tuple[Resident, ...]:
    """Who lives there that night; with a room, in it."""
    column = _STUDENT.c
    where = [
        column.school == school,
        column.building == building,
        column.since <= night,
        or_(column.until == "", column.until > night),
    ]
    if room:
        where.append(column.room.in_(("", UNROOMED) if room == UNROOMED else (room,)))
    rows = connection.execute(
        select(column.id, column.room, column.bed, column.class_id).where(*where)
    )
    return tuple(Resident(id, room or UNROOMED, bed, ward) for id, room, bed, ward in rows)


def marks(connection: Connection, school: str, building: str, night: str) -> Marks:
    """Everything that stands."""
    return _read_marks(_room_nights(connection, school, building, night))


def marks_in(
    connection: Connection, school: str, building: str, night: str, room: str, pupils: set[str]
) -> Marks:
    """What was marked in one room, and whatever stands of these pupils, or of those who were
    marked here and live elsewhere, in other rooms."""
    rows = _room_nights(connection, school, building, night)
    here = [row for row in rows if row.room == room]
    strangers = {one for row in here for one in from_json(row.detail)["strangers"]}
    # The other rooms' texts are looked through, not read: it is a tenth of the work.
    quoted = [to_json(one).decode() for one in pupils | strangers]
    elsewhere = [
        row for row in rows if row.room != room and any(one in row.detail for one in quoted)
    ]
    return _read_marks([*here, *elsewhere])


def _room_nights(
    connection: Connection, school: str, building: str, night: str
) -> tuple[RoomRow, ...]:
    column = _ROOM_NIGHT.c
    rows = connection.execute(
        select(column.room, column.detail, column.pending).where(
            column.school == school, column.building == building, column.night == night
        )
    )
    return tuple(
        RoomRow(room, opened_text(connection, detail), bool(pending))
        for room, detail, pending in rows
    )


def _read_marks(rows: Iterable[RoomRow]) -> Marks:
    found = Marks()
    for row in rows:
        detail = from_json(row.detail)
        found.rooms[row.room] = (row, detail)
        for student, standing in detail["marks"].items():
            for one in standing:
                one["room"] = row.room
            found.by_student.setdefault(student, []).extend(standing)
    return found


def evening_of(night: str, zone: timezone) -> datetime:
    return datetime.combine(date.fromisoformat(night), EVENING, zone)


def leave_seen(
    connection: Connection, school: str, night: str, building: str = ""
) -> dict[str, LeaveSeen]:
    """Pupil → the approved leave that covers the evening, or one that has just ended."""
    zone = zone_of(connection, school)
    evening = evening_of(night, zone)
    then, before = _utc(evening), _utc(evening - JUST_ENDED)
    column = _LEAVE.c
    where = [
        column.school == school,
        column.state == LeaveState.APPROVED.value,
        column.starts_at <= then,
        column.ends_at > before,
    ]
    if building:
        where.append(column.building == building)
    found: dict[str, LeaveSeen] = {}
    rows = connection.execute(
        select(column.id, column.student, column.ends_at).where(*where).order_by(column.ends_at)
    )
    for row in rows:
        ends = datetime.fromisoformat(row.ends_at).astimezone(zone)
        found[row.student] = LeaveSeen(row.id, ends, over=ends <= evening)
    return found


def searches(connection: Connection, school: str, building: str, night: str) -> dict[str, Any]:
    """Pupil → the search that was begun that night (id, followed, found_at)."""
    column = _MISSING.c
    rows = connection.execute(
        select(column.id, column.student, column.followed, column.found_at).where(
            and_(column.school == school, column.building == building, column.night == night)
        )
    )
    return {row.student: row for row in rows}


def is_closed(connection: Connection, school: str, subject: str) -> bool:
    """`subject` is `ledger.rules.dorms.rollcall.rollcall_subject`'s."""
    column = _ROLLCALL.c
    return bool(
        connection.scalar(
            select(column.closed_at).where(column.school == school, column.subject == subject)
        )
    )


def mark_views(
    told: list[dict[str, Any]], staff: dict[str, str], zone: timezone
) -> tuple[MarkView, ...]:
    return tuple(
        MarkView(
            entry=one["entry"],
            by=name_of(staff, one["by"]),
            at=datetime.fromisoformat(one["at"]).astimezone(zone),
            status=Status(one["status"]),
            where=one.get("where", ""),
            leave=one.get("leave", ""),
            swapped=one.get("swapped", False),
        )
        for one in told
    )


def name_of(known: dict[str, str], id: Any) -> str:
    """The id itself for somebody whom this device has not heard of."""
    return known.get(str(id)) or str(id)


def staff_names(connection: Connection, school: str) -> dict[str, str]:
    return names(connection, school, "staff")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
