"""What a month and a night say of pupils, and who may open one pupil's past."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from client.store.attendance import Group, groups, history, month, night_summaries, rooms_of
from client.store.identity import Identity, write_identity
from client.store.journal import append
from client.store.store import Store
from ledger.clock import Stamp
from ledger.entry import Body, Clock
from ledger.rules.dorms.bodies import Mark, RoomMarked
from ledger.rules.dorms.buildings import BuildingSet
from ledger.rules.dorms.nights import rollcall_subject
from ledger.rules.dorms.statuses import Status
from ledger.rules.dorms.students import StudentLeft
from ledger.rules.people import StaffSet
from ledger.rules.rule import Role
from ledger.sealing import Seal, new_key
from tests.two_devices.dorm import PUPILS, student

NIGHT = date(2026, 11, 24)
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def me(actor: str) -> Identity:
    return Identity("SY01", actor, f"phone of {actor}", (), "http://127.0.0.1:1", "server", "key")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store.open(tmp_path / "xunan.db")
    store.use_seal(Seal(new_key()))
    await store.write(_found)
    yield store
    store.close()


def _found(c: Connection) -> None:
    write_identity(c, me("h1"))
    staff = {
        "h1": StaffSet(name="周老师", roles=(Role.HOMEROOM_TEACHER,), classes=("701",)),
        "d1": StaffSet(name="郑阿姨", roles=(Role.DORM_SUPERVISOR,), buildings=("b1",)),
        "p1": StaffSet(name="林校", roles=(Role.PRINCIPAL,)),
    }
    write(c, "building.set", "building:b1", BuildingSet(name="一号宿舍楼"))
    for id, body in staff.items():
        write(c, "staff.set", f"staff:{id}", body)
    for id in PUPILS:
        write(c, "student.set", f"student:{id}", student(id))
    mark(c, "2026-11-23", s1=Status.PRESENT, s2=Status.LATE)
    mark(c, "2026-11-24", s1=Status.PRESENT, s2=Status.MISSING, s3=Status.LEAVE)


def write(c: Connection, kind: str, subject: str, body: Body) -> None:
    stamp = Stamp("2026-11-24T22:00:00+08:00", Clock(uptime=1.0))
    append(c, me("d1"), stamp, kind=kind, subject=subject, body=body)


def mark(c: Connection, night: str, **statuses: Status) -> None:
    marks = tuple(Mark(student=id, status=one) for id, one in statuses.items())
    body = RoomMarked(room="101", marks=marks)
    write(c, "room.marked", rollcall_subject("b1", night), body)


async def test_a_month_has_a_cell_a_night(store: Store) -> None:
    found = await store.read(lambda c: month(c, "SY01", Group(class_id="701"), date(2026, 11, 1)))
    assert found.days == 30
    by_name = {row.student.name: row.nights for row in found.rows}
    assert set(by_name) == {"李小明", "王思远"}
    assert by_name["王思远"][22:24] == (Status.LATE, Status.MISSING)
    assert by_name["王思远"][21] is None


async def test_who_left_before_the_month_is_not_in_it(store: Store) -> None:
    left = StudentLeft(class_id="701", building="b1", until="2026-11-01")
    await store.write(lambda c: write(c, "student.left", "student:s1", left))
    november = await store.read(lambda c: month(c, "SY01", Group("701"), date(2026, 11, 1)))
    october = await store.read(lambda c: month(c, "SY01", Group("701"), date(2026, 10, 1)))
    assert [row.student.id for row in november.rows] == ["s2"]
    assert [row.student.id for row in october.rows] == ["s1", "s2"]


async def test_a_room_one_pupil_and_everybody(store: Store) -> None:
    room = Group(building="b1", room="102")
    found = await store.read(lambda c: month(c, "SY01", room, date(2026, 11, 1)))
    assert [row.student.id for row in found.rows] == ["s3", "s4"]
    one = Group(student="s2")
    found = await store.read(lambda c: month(c, "SY01", one, date(2026, 11, 1)))
    assert [row.student.id for row in found.rows] == ["s2"]
    everybody = await store.read(lambda c: month(c, "SY01", Group(), date(2026, 2, 1)))
    assert (everybody.days, len(everybody.rows)) == (28, 4)


async def test_a_nights_summary_counts_and_names_the_exceptions(store: Store) -> None:
    [building] = await store.read(lambda c: night_summaries(c, me("d1"), NIGHT))
    assert (building.name, building.total, building.unmarked) == ("一号宿舍楼", 4, 1)
    assert dict(building.counts) == {Status.PRESENT: 1, Status.MISSING: 1, Status.LEAVE: 1}
    assert {one.name for one in building.exceptions} == {"王思远", "欧阳若曦"}


@pytest.mark.parametrize(
    ("actor", "pupil", "allowed"),
    [("h1", "s1", True), ("h1", "s3", False), ("d1", "s1", False), ("p1", "s3", True)],
)
async def test_a_pupils_past_is_for_their_own_teachers_and_the_principal(
    store: Store, actor: str, pupil: str, allowed: bool
) -> None:
    found = await store.read(lambda c: history(c, me(actor), pupil, NOW))
    assert (found is not None) is allowed


async def test_a_pupils_past_is_newest_first(store: Store) -> None:
    found = await store.read(lambda c: history(c, me("h1"), "s2", NOW))
    assert found is not None
    assert found.nights == (
        (date(2026, 11, 24), Status.MISSING),
        (date(2026, 11, 23), Status.LATE),
    )


async def test_what_can_be_chosen_is_what_is_known(store: Store) -> None:
    assert await store.read(lambda c: groups(c, "SY01")) == (
        ("701", "702"),
        (("b1", "一号宿舍楼"),),
    )
    assert await store.read(lambda c: rooms_of(c, "SY01", "b1")) == ("101", "102")
