"""The smallest school a rule can be told with: two areas, three points, four people."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from ledger.codes import typed_code
from ledger.rules.people import StaffSet
from ledger.rules.places import AreaSet, Item, Label, LabelIssued, PointSet, Risk, SchoolSet, Spot
from ledger.rules.plans import PlanSet, Window
from ledger.rules.rule import Role
from server.accounts.schools import add_account, add_school
from server.accounts.tokens import Tokens
from server.district import District
from server.journal.own_hand import Fact
from server.tables import DEVICE
from tests.devices import TestDevice

SCHOOL = "SY01"
TEACHER, OFFICER, PRINCIPAL, GONE = "t1", "officer", "principal", "gone"
PASSWORD = "xunan-2026-trial"
TOKENS = {"p1": "AAAAAAAAA1", "p2": "AAAAAAAAA2", "p3": "AAAAAAAAA3"}


def found_school(district: District, school: str = SCHOOL) -> None:
    about = SchoolSet(name="实验学校", district="示范区")
    add_school(district.journal, school, about, facts())


def facts() -> list[Fact]:
    people = {
        TEACHER: StaffSet(name="陈晓", roles=(Role.TEACHER,)),
        OFFICER: StaffSet(name="周安", roles=(Role.SAFETY_OFFICER,)),
        PRINCIPAL: StaffSet(name="林校", roles=(Role.PRINCIPAL,)),
        GONE: StaffSet(name="旧人", roles=(Role.TEACHER,), active=False),
    }
    return [
        *(Fact("staff.set", f"staff:{id}", body) for id, body in people.items()),
        Fact("area.set", "area:gate", AreaSet(name="校门")),
        *(place for number, id in enumerate(TOKENS, 1) for place in point_facts(id, number)),
        Fact("plan.set", "plan:daily", plan()),
    ]


def point_facts(id: str, number: int) -> list[Fact]:
    return [
        Fact("point.set", f"point:{id}", point(number)),
        Fact("label.issued", f"point:{id}", LabelIssued(label=label(TOKENS[id]))),
    ]


def point(number: int) -> PointSet:
    return PointSet(
        area="gate",
        name=f"校门 {number} 号点",
        risk=Risk.RED,
        items=(Item(id="1", text="门体牢固", measure="每日检查"),),
        spot=Spot(x=10.0 * number, y=0.0),
        order=number,
    )


def label(token: str, version: int = 1) -> Label:
    return Label(version=version, token=token, typed=typed_code(token))


def plan() -> PlanSet:
    morning = Window(name="晨间", opens="05:30", closes="08:30")
    return PlanSet(name="日巡查", windows=(morning,), points=tuple(TOKENS))


def open_account(district: District, username: str, actor: str, school: str = SCHOOL) -> None:
    with district.database.write() as connection:
        add_account(connection, school, actor, username, PASSWORD, datetime.now(UTC))


def admit(district: District, actor: str, school: str = SCHOOL) -> tuple[TestDevice, Tokens]:
    """A device that is enrolled already, without the way there."""
    from server.accounts.enrolment import enrol_by_code, make_code

    device = TestDevice(school, actor)
    with district.database.write() as connection:
        from datetime import timedelta

        code = make_code(connection, school, actor, district.now(), timedelta(hours=1))
    enrolled = enrol_by_code(
        district.journal, district.mint, code, device.introduction(), "127.0.0.1"
    )
    device.id = enrolled.device
    return device, enrolled.tokens


def device_row(connection: Connection, id: str) -> object:
    return connection.execute(DEVICE.select().where(DEVICE.c.id == id)).one()
