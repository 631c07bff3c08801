"""One room with its beds in their real order and the names of those who sleep there."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from client.store.dorms.nights import (
    Marks,
    buildings,
    is_closed,
    leave_seen,
    mark_views,
    marks,
    marks_in,
    name_of,
    residents,
    searches,
    staff_names,
)
from client.store.dorms.views import BedView, LeaveSeen, RoomNight, RoomSave
from client.store.identity import Identity
from client.store.places import zone_of
from client.store.students import StudentView, find_students, students
from ledger.rules.dorms.nights import rollcall_subject
from ledger.rules.dorms.statuses import Status

FOUND_AT_MOST = 50


def room_night(
    connection: Connection, identity: Identity, building: str, night: str, room: str
) -> RoomNight | None:
    """None when the building is none of this person's."""
    school = identity.school
    place = next((one for one in buildings(connection, identity) if one.id == building), None)
    if place is None:
        return None
    living = residents(connection, school, building, night, room)
    seen = marks_in(connection, school, building, night, room, {one.student for one in living})
    here = seen.rooms.get(room)
    detail: dict[str, Any] = here[1] if here else {"strangers": [], "saves": [], "marks": {}}
    everybody = {one.student for one in living}
    others = [one for one in detail["strangers"] if one not in everybody]
    pupils = students(connection, school, everybody | set(others))
    away = leave_seen(connection, school, night, building)
    looked_for = searches(connection, school, building, night)
    staff, zone = staff_names(connection, school), zone_of(connection, school)

    def bed_of(student: str, bed: str) -> BedView:
        pupil = pupils.get(student)
        search = looked_for.get(student)
        return BedView(
            bed=bed,
            student=student,
            name=pupil.name if pupil else "",
            class_id=pupil.class_id if pupil else "",
            marks=mark_views(seen.by_student.get(student, []), staff, zone),
            status=seen.standing(student),
            contested=seen.contested(student),
            leave=_leave(away.get(student), seen, student),
            missing=search.id if search is not None and not search.found_at else "",
        )

    floor, names = next(((floor, beds) for id, floor, beds in place.rooms if id == room), ("", ()))
    sleeping = {one.bed: one.student for one in living if one.bed}
    beds = [bed_of(sleeping[bed], bed) if bed in sleeping else BedView(bed) for bed in names]
    rest = sorted(
        (one for one in living if one.bed not in names), key=lambda one: (one.bed, one.student)
    )
    twice = [one for one in living if one.bed in names and sleeping[one.bed] != one.student]
    beds += [bed_of(one.student, one.bed) for one in (*twice, *rest)]
    return RoomNight(
        building=building,
        building_name=place.name,
        night=night,
        room=room,
        floor=floor,
        beds=tuple(beds),
        strangers=tuple(bed_of(one, "") for one in others),
        saves=tuple(
            RoomSave(
                entry=one["entry"],
                by=name_of(staff, one["by"]),
                at=datetime.fromisoformat(one["at"]).astimezone(zone),
                because=one.get("because", ""),
                later=one.get("later", False),
            )
            for one in detail["saves"]
        ),
        closed=is_closed(connection, school, rollcall_subject(building, night)),
        pending=here is not None and bool(here[0].pending),
    )


def _leave(found: LeaveSeen | None, seen: Marks, student: str) -> LeaveSeen | None:
    """A leave that has ended explains nothing; it is shown until somebody is seen."""
    if found is None or (found.over and seen.standing(student) is Status.PRESENT):
        return None
    return found


def find_pupils(
    connection: Connection, identity: Identity, night: str, text: str
) -> tuple[StudentView, ...]:
    """Pupils of this person's buildings, by name, pinyin initials, number or room."""
    mine = {one.id for one in buildings(connection, identity)}
    found = find_students(connection, identity.school, text, FOUND_AT_MOST)
    return tuple(one for one in found if one.building in mine)


def last_seen(
    connection: Connection, school: str, building: str, night: str, student: str
) -> tuple[tuple[Status, datetime] | None, LeaveSeen | None]:
    """The evening before's status with its time, and today's leave: what a search begins with."""
    yesterday = (date.fromisoformat(night) - timedelta(days=1)).isoformat()
    told = marks(connection, school, building, yesterday).by_student.get(student, [])
    zone = zone_of(connection, school)
    before = None
    if told:
        last = max(told, key=lambda one: one["at"])
        at = datetime.fromisoformat(last["at"]).astimezone(zone)
        before = Status(last["status"]), at
    return before, leave_seen(connection, school, night, building).get(student)
