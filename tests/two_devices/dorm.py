"""A small dorm for tests: one building, two rooms, four pupils of two classes, and who looks after
them."""

from ledger.rules.dorms.buildings import BuildingSet, Room
from ledger.rules.dorms.students import StudentSet
from ledger.rules.people import StaffSet
from ledger.rules.rule import Role
from server.district import District
from server.journal.own_hand import Fact, write_as_server
from tests.server.school import SCHOOL

BUILDING = "一号宿舍楼"
ROOMS = ("101", "102")
PUPILS = {
    "s1": ("李小明", "lxm", "701", "101", "1"),
    "s2": ("王思远", "wsy", "701", "101", "2"),
    "s3": ("欧阳若曦", "oyrx", "702", "102", "1"),
    "s4": ("赵一鸣", "zym", "702", "102", "2"),
}
HOMEROOM, OTHER_HOMEROOM, SUPERVISOR = "h1", "h2", "d1"


def student(id: str, building: str = "b1", since: str = "2026-01-01") -> StudentSet:
    name, initials, class_id, room, bed = PUPILS[id]
    return StudentSet(
        class_id=class_id,
        building=building,
        name=name,
        number=f"2026{id}",
        initials=initials,
        room=room,
        bed=bed,
        guardian="家长",
        phone="13900000000",
        since=since,
    )


def found_dorm(district: District) -> None:
    rooms = tuple(Room(id=number, floor="1", beds=("1", "2")) for number in ROOMS)
    staff = {
        HOMEROOM: StaffSet(name="周老师", roles=(Role.HOMEROOM_TEACHER,), classes=("701",)),
        OTHER_HOMEROOM: StaffSet(name="吴老师", roles=(Role.HOMEROOM_TEACHER,), classes=("702",)),
        SUPERVISOR: StaffSet(name="郑阿姨", roles=(Role.DORM_SUPERVISOR,), buildings=("b1",)),
    }
    facts = [
        Fact("building.set", "building:b1", BuildingSet(name=BUILDING, rooms=rooms)),
        *(Fact("staff.set", f"staff:{id}", one) for id, one in staff.items()),
        *(Fact("student.set", f"student:{id}", student(id)) for id in PUPILS),
    ]
    with district.journal.append(SCHOOL) as work:
        write_as_server(work, facts)
