"""A school with one dorm building, its supervisor, a homeroom teacher and the leaders."""

from ledger.rules.dorms.buildings import BuildingSet, Room
from ledger.rules.dorms.students import StudentSet
from ledger.rules.people import StaffSet
from ledger.rules.places import SchoolSet
from ledger.rules.rule import Role
from server.accounts.schools import add_school
from server.district import District
from server.journal.own_hand import Fact
from tests.browser.district import NAME, PRINCIPAL, SCHOOL, school_facts

SUPERVISOR, HOMEROOM, LEADER = "w1", "h1", "lead"
ROOMS, FLOORS, BEDS = 12, 3, 8
FAMILY, GIVEN = "林陈王张刘杨黄周吴徐孙马", "雨然子轩欣怡浩思远桐俊涵"


def pupil_name(number: int) -> str:
    """A name that no two pupils share."""
    first, second = number % len(GIVEN), (number // len(GIVEN)) % len(GIVEN)
    return FAMILY[number % len(FAMILY)] + GIVEN[first] + GIVEN[(second + 3) % len(GIVEN)]


def dorm_facts(rooms: int = ROOMS, beds: int = BEDS) -> list[Fact]:
    places = tuple(
        Room(
            id=f"{n * FLOORS // rooms + 1}{n % (rooms // FLOORS) + 1:02d}",
            floor=str(n * FLOORS // rooms + 1),
            beds=tuple(str(bed) for bed in range(1, beds + 1)),
        )
        for n in range(rooms)
    )
    staff = {
        SUPERVISOR: StaffSet(name="吴秀兰", roles=(Role.DORM_SUPERVISOR,), buildings=("b1",)),
        HOMEROOM: StaffSet(
            name="赵明", roles=(Role.HOMEROOM_TEACHER,), classes=("701",), phone="13800000002"
        ),
        LEADER: StaffSet(name="钱卫国", roles=(Role.DUTY_LEADER,), phone="13800000003"),
    }
    facts = [Fact("staff.set", f"staff:{id}", body) for id, body in staff.items()]
    building = BuildingSet(name="女生公寓", rooms=places)
    facts.append(Fact("building.set", "building:b1", building))
    for n, place in enumerate(places):
        for k, bed in enumerate(place.beds):
            number = n * beds + k
            body = StudentSet(
                class_id="701",
                building="b1",
                name=pupil_name(number),
                number=f"2026{number:04d}",
                initials="xsm",
                room=place.id,
                bed=bed,
                guardian="家长",
                phone=f"139{number:08d}",
                since="2026-01-01",
            )
            facts.append(Fact("student.set", f"student:s{number}", body))
    return facts


def found_dorm_school(district: District, rooms: int = ROOMS, beds: int = BEDS) -> None:
    about = SchoolSet(name=NAME, district="明湖区教育局")
    add_school(district.journal, SCHOOL, about, [*school_facts(), *dorm_facts(rooms, beds)])


__all__ = ["HOMEROOM", "LEADER", "PRINCIPAL", "ROOMS", "SUPERVISOR", "found_dorm_school"]
