"""Reading nights back: a month of a class, a room or one pupil, and one night's exceptions.

What is read here names pupils, so it knows only those whom this device may know.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic_core import from_json
from sqlalchemy import Connection, select

from client.store.identity import Identity
from client.store.leave import LeaveLine, leaves_of
from client.store.places import names, person, zone_of
from client.store.students import StudentView, student, students
from ledger.permissions import may_see_history
from ledger.rules.dorms.statuses import Status, gravest
from ledger.sealing import opened_text
from ledger.tables import RECORDS

_STUDENT, _ROOM_NIGHT = RECORDS["student"], RECORDS["room_night"]
_MISSING, _ROLLCALL = RECORDS["missing"], RECORDS["rollcall"]


@dataclass(frozen=True, slots=True)
class Group:
    """Whose month: a class, or a building with one of its rooms (or all), or one pupil."""

    class_id: str = ""
    building: str = ""
    room: str = ""
    student: str = ""


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    student: StudentView
    nights: tuple[Status | None, ...]
    """A status for each night of the month; None where nobody marked them."""

    def count(self, status: Status) -> int:
        return sum(one is status for one in self.nights)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of nights, each named by its evening."""

    first: date
    days: int
    rows: tuple[AttendanceRow, ...]


@dataclass(frozen=True, slots=True)
class NightException:
    """A pupil who was not simply in bed."""

    student: str
    name: str
    class_id: str
    building: str
    where: str
    status: Status
    contested: bool
    note: str


@dataclass(frozen=True, slots=True)
class NightSummary:
    """One building's night on a sheet of paper."""

    building: str
    name: str
    night: date
    counts: tuple[tuple[Status, int], ...]
    """In the order of gravity; only those that occur."""
    unmarked: int
    total: int
    closed_at: datetime | None
    closed_by: str
    exceptions: tuple[NightException, ...]


@dataclass(frozen=True, slots=True)
class PupilHistory:
    """What is known of one pupil's nights, newest first."""

    student: StudentView
    nights: tuple[tuple[date, Status], ...]
    leaves: tuple[LeaveLine, ...]
    missing: tuple[date, ...]


def groups(
    connection: Connection, school: str
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The classes and the buildings (id and name) this device knows pupils of."""
    current = (_STUDENT.c.school == school, _STUDENT.c.until == "")
    classes = connection.scalars(select(_STUDENT.c.class_id).where(*current).distinct()).all()
    living = connection.scalars(select(_STUDENT.c.building).where(*current).distinct()).all()
    told = names(connection, school, "building")
    buildings = sorted((one, told.get(one) or one) for one in living if one)
    return tuple(sorted(classes)), tuple(buildings)


def rooms_of(connection: Connection, school: str, building: str) -> tuple[str, ...]:
    """The rooms of a building that anybody lives in."""
    rows = connection.scalars(
        select(_STUDENT.c.room)
        .where(
            _STUDENT.c.school == school,
            _STUDENT.c.building == building,
            _STUDENT.c.until == "",
            _STUDENT.c.room != "",
        )
        .distinct()
    )
    return tuple(sorted(rows))


def month(connection: Connection, school: str, group: Group, first: date) -> Month:
    """Of those who lived there in it. `first` is the month's first day."""
    days = ((first.replace(day=28) + timedelta(days=4)).replace(day=1) - first).days
    last = first + timedelta(days=days - 1)
    where = [
        _STUDENT.c.school == school,
        _STUDENT.c.building != "",
        (_STUDENT.c.until == "") | (_STUDENT.c.until > first.isoformat()),
    ]
    if group.student:
        where.append(_STUDENT.c.id == group.student)
    if group.class_id:
        where.append(_STUDENT.c.class_id == group.class_id)
    if group.building:
        where.append(_STUDENT.c.building == group.building)
    if group.room:
        where.append(_STUDENT.c.room == group.room)
    ids = connection.scalars(
        select(_STUDENT.c.id)
        .where(*where)
        .order_by(_STUDENT.c.class_id, _STUDENT.c.building, _STUDENT.c.room, _STUDENT.c.bed)
    ).all()
    pupils = students(connection, school, set(ids))
    seen = _seen(connection, school, first, last, set(ids))
    nights = [(first + timedelta(days=number)).isoformat() for number in range(days)]
    rows = tuple(
        AttendanceRow(pupils[id], tuple(seen.get((id, night)) for night in nights))
        for id in ids
        if id in pupils
    )
    return Month(first, days, rows)


def night_summaries(
    connection: Connection, identity: Identity, night: date
) -> tuple[NightSummary, ...]:
    """Every building this person sees, with the names of its exceptions."""
    school, zone = identity.school, zone_of(connection, identity.school)
    text = night.isoformat()
    buildings = names(connection, school, "building")
    staff = names(connection, school, "staff")
    closings = {
        row.building: row
        for row in connection.execute(
            select(_ROLLCALL).where(_ROLLCALL.c.school == school, _ROLLCALL.c.night == text)
        )
    }
    marks = _marks(connection, school, [text])
    living = connection.execute(
        select(_STUDENT.c.id, _STUDENT.c.building).where(
            _STUDENT.c.school == school,
            _STUDENT.c.building != "",
            _STUDENT.c.since <= text,
            (_STUDENT.c.until == "") | (_STUDENT.c.until > text),
        )
    ).all()
    by_building: dict[str, list[str]] = {}
    for row in living:
        by_building.setdefault(row.building, []).append(row.id)
    found = []
    for building in sorted(by_building, key=lambda one: buildings.get(one, one)):
        ids = by_building[building]
        told = {id: marks[id, text] for id in ids if (id, text) in marks}
        counts = Counter(gravest([one[0] for one in some]) for some in told.values())
        odd = {id: some for id, some in told.items() if _is_odd(some)}
        pupils = students(connection, school, set(odd))
        closing = closings.get(building)
        found.append(
            NightSummary(
                building=building,
                name=buildings.get(building, building),
                night=night,
                counts=tuple((one, counts[one]) for one in Status if counts[one]),
                unmarked=len(ids) - len(told),
                total=len(ids),
                closed_at=datetime.fromisoformat(closing.closed_at).astimezone(zone)
                if closing is not None and closing.closed_at
                else None,
                closed_by=staff.get(closing.closed_by, "") if closing is not None else "",
                exceptions=tuple(
                    _exception(pupils[id], some) for id, some in odd.items() if id in pupils
                ),
            )
        )
    return tuple(found)


def history(
    connection: Connection, identity: Identity, id: str, now: datetime
) -> PupilHistory | None:
    """None for a pupil this person may not look up, or who is not known here."""
    pupil = student(connection, identity.school, id)
    me = person(connection, identity.school, identity.actor)
    if pupil is None or me is None or not may_see_history(me.author, pupil.class_id):
        return None
    nights = _seen(connection, identity.school, date.min, date.max, {id})
    missing = connection.scalars(
        select(_MISSING.c.night).where(
            _MISSING.c.school == identity.school, _MISSING.c.student == id
        )
    ).all()
    return PupilHistory(
        student=pupil,
        nights=tuple(
            sorted(((date.fromisoformat(night), one) for (_, night), one in nights.items()))[::-1]
        ),
        leaves=leaves_of(connection, identity, id, now),
        missing=tuple(sorted((date.fromisoformat(night) for night in missing), reverse=True)),
    )


Told = tuple[Status, str]
"""A status and what was said beside it."""


def _seen(
    connection: Connection, school: str, first: date, last: date, ids: set[str]
) -> dict[tuple[str, str], Status]:
    """What counts for each pupil and night."""
    nights = connection.scalars(
        select(_ROLLCALL.c.night)
        .where(
            _ROLLCALL.c.school == school,
            _ROLLCALL.c.night >= first.isoformat(),
            _ROLLCALL.c.night <= last.isoformat(),
        )
        .distinct()
    ).all()
    marks = _marks(connection, school, nights)
    return {key: gravest([one[0] for one in some]) for key, some in marks.items() if key[0] in ids}


def _marks(
    connection: Connection, school: str, nights: Iterable[str]
) -> dict[tuple[str, str], list[Told]]:
    """The marks that stand, of all rooms, by pupil and night."""
    found: dict[tuple[str, str], list[Told]] = {}
    wanted = sorted(nights)
    for start in range(0, len(wanted), 400):
        rows = connection.execute(
            select(_ROOM_NIGHT.c.night, _ROOM_NIGHT.c.detail).where(
                _ROOM_NIGHT.c.school == school,
                _ROOM_NIGHT.c.night.in_(wanted[start : start + 400]),
            )
        )
        for row in rows:
            for id, some in from_json(opened_text(connection, row.detail))["marks"].items():
                told = [(Status(one["status"]), one.get("where", "")) for one in some]
                found.setdefault((id, row.night), []).extend(told)
    return found


def _is_odd(told: Sequence[Told]) -> bool:
    return any(one[0] is not Status.PRESENT for one in told)


def _exception(pupil: StudentView, told: Sequence[Told]) -> NightException:
    statuses = [one[0] for one in told]
    return NightException(
        student=pupil.id,
        name=pupil.name,
        class_id=pupil.class_id,
        building=pupil.building,
        where=pupil.where,
        status=gravest(statuses),
        contested=len(set(statuses)) > 1,
        note="; ".join(one[1] for one in told if one[1]),
    )
