"""A dorm building on a supervisor's phone: pupils' names sealed, the clock in the test's hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from client.actions.dorms import DormActions
from client.store import history
from client.store.dorms.building import building_night
from client.store.dorms.missing import open_searches
from client.store.dorms.room import room_night
from client.store.dorms.search_views import MissingView
from client.store.dorms.views import BedView, BuildingMap, RoomNight
from client.store.identity import Identity, write_identity
from client.store.store import Store
from ledger.clock import Stamp
from ledger.entry import Body, Clock, Entry
from ledger.permissions import grants_for, scope_of
from ledger.projection import StoredEntry
from ledger.rules.dorms.bodies import (
    LeaveApproved,
    LeaveRequested,
    LeaveReturned,
)
from ledger.rules.dorms.buildings import BuildingSet, Room
from ledger.rules.dorms.leave import leave_subject
from ledger.rules.dorms.students import StudentLeft, StudentSet
from ledger.rules.people import DeviceSet, StaffSet
from ledger.rules.places import SchoolSet
from ledger.rules.rule import Author, Role
from ledger.sealing import Seal, new_key
from ledger.verdicts import Verdict
from tests.devices import TestDevice

SCHOOL, ME, PHONE = "SY01", "w1", "phone-1"
CHINA = timezone(timedelta(hours=8))
NIGHT = "2026-03-02"
EVENING = datetime.fromisoformat(f"{NIGHT}T22:10:00+08:00")
STAFF = {
    ME: StaffSet(
        name="吴阿姨", roles=(Role.DORM_SUPERVISOR,), buildings=("b1",), phone="13800000001"
    ),
    "w2": StaffSet(name="孙阿姨", roles=(Role.DORM_SUPERVISOR,), buildings=("b1",)),
    "h1": StaffSet(
        name="赵老师", roles=(Role.HOMEROOM_TEACHER,), classes=("701",), phone="13800000002"
    ),
    "lead": StaffSet(name="钱主任", roles=(Role.DUTY_LEADER,), phone="13800000003"),
    "head": StaffSet(name="林校长", roles=(Role.PRINCIPAL,), phone="13800000004"),
}
NAMES = ["林小雨", "陈子轩", "王欣怡", "张浩然", "刘思远", "杨雨桐", "黄俊杰", "周梓涵"]
INITIALS = ["lxy", "czx", "wxy", "zhr", "lsy", "yyt", "hjj", "zzh"]


@dataclass
class House:
    """`tell` is what the server and others wrote; `actions` is this phone's own hand."""

    store: Store
    actor: str = ME
    now: datetime = EVENING
    offset: timedelta = timedelta()
    """True time minus the phone's clock."""
    server: TestDevice = field(default_factory=lambda: TestDevice(SCHOOL, "server", "server-1"))
    other: TestDevice = field(default_factory=lambda: TestDevice(SCHOOL, "w2", "phone-2"))
    seq: int = 0

    @property
    def identity(self) -> Identity:
        staff = STAFF[self.actor]
        author = Author(
            self.actor,
            staff.name,
            frozenset(staff.roles),
            buildings=frozenset(staff.buildings),
            classes=frozenset(staff.classes),
        )
        grants = grants_for(SCHOOL, author)
        return Identity(
            SCHOOL, self.actor, PHONE, grants, "http://d", "server-1", self.server.key.public
        )

    @property
    def actions(self) -> DormActions:
        async def identity() -> Identity:
            return self.identity

        return DormActions(lambda: self.store, self, identity)

    # The clock.

    def stamp(self) -> Stamp:
        at = self.now - self.offset
        clock = Clock(
            uptime=self.now.timestamp() % 1e6, boot="b", offset=self.offset.total_seconds()
        )
        return Stamp(at.isoformat(timespec="milliseconds"), clock)

    def true_now(self) -> datetime:
        return self.now

    # What others wrote.

    def write(self, kind: str, subject: str, body: Body, by: TestDevice | None = None) -> Entry:
        writer = by or self.server
        scope = scope_of(kind, SCHOOL, subject, body)
        at = self.now.isoformat(timespec="milliseconds")
        return writer.write(kind, subject, body, scope=scope, at=at)

    async def tell(
        self, *facts: tuple[str, str, Body], by: TestDevice | None = None, remarks: Any = None
    ) -> None:
        batch: list[StoredEntry] = []
        for kind, subject, body in facts:
            self.seq += 1
            entry = self.write(kind, subject, body, by)
            batch.append(StoredEntry(entry, Verdict.ACCEPTED, self.seq, remarks or {}))
        arrived = history.Arrived(batch, [], {one: self.seq for one in self.identity.scopes})
        await self.store.write(lambda c: history.store(c, self.identity, arrived))

    async def leave(
        self,
        student: str,
        starts: str,
        ends: str,
        id: str = "l1",
        approved: bool = True,
        returned: str = "",
    ) -> None:
        subject = leave_subject("b1", "701", id)
        asked = LeaveRequested(student=student, starts=starts, ends=ends)
        facts: list[tuple[str, str, Body]] = [("leave.requested", subject, asked)]
        if approved:
            facts.append(("leave.approved", subject, LeaveApproved()))
        if returned:
            facts.append(("leave.returned", subject, LeaveReturned(at=returned)))
        await self.tell(*facts)

    async def moves_out(self, student: str, night: str = NIGHT) -> None:
        body = StudentLeft(class_id="701", building="b1", until=night)
        await self.tell(("student.left", f"student:{student}", body))

    # What the screens show.

    async def map(self, building: str = "b1", night: str = NIGHT) -> BuildingMap:
        found = await self.store.read(lambda c: building_night(c, self.identity, building, night))
        assert found is not None
        return found[0]

    async def room(self, room: str = "101", night: str = NIGHT) -> RoomNight:
        found = await self.store.read(lambda c: room_night(c, self.identity, "b1", night, room))
        assert found is not None
        return found

    async def bed(self, student: str, room: str = "101", night: str = NIGHT) -> BedView:
        beds = (await self.room(room, night)).beds
        return next(one for one in beds if one.student == student)

    async def missing(self) -> tuple[MissingView, ...]:
        return await self.store.read(lambda c: open_searches(c, self.identity))

    async def kinds(self) -> list[str]:
        """What this phone has written, in order."""
        from sqlalchemy import select

        from ledger.tables.journal import ENTRY

        mine = select(ENTRY.c.kind).where(ENTRY.c.device == PHONE).order_by(ENTRY.c.number)
        return list(await self.store.read(lambda c: c.scalars(mine).all()))


def pupil(n: int, room: str, bed: str, **fields: Any) -> tuple[str, str, Body]:
    body = StudentSet(
        class_id="701",
        building="b1",
        name=NAMES[n % len(NAMES)],
        initials=INITIALS[n % len(INITIALS)],
        room=room,
        bed=bed,
        guardian="家长",
        phone="13900000000",
        since="2026-02-20",
        **fields,
    )
    return "student.set", f"student:s{n}", body


async def built(path: Path, actor: str = ME, rooms: int = 2, beds: int = 4) -> House:
    """Building b1 with `rooms` rooms on floors of ten, every bed taken: s0, s1 …"""
    store = Store.open(path)
    store.use_seal(Seal(new_key()))
    house = House(store, actor)
    await store.write(lambda c: write_identity(c, house.identity))
    places = tuple(
        Room(
            id=f"{n // 10 + 1}{n % 10 + 1:02d}",
            floor=f"{n // 10 + 1}层",
            beds=tuple(str(k + 1) for k in range(beds)),
        )
        for n in range(rooms)
    )
    own = DeviceSet(name="手机", actor="w2", public_key=house.other.key.public)
    await house.tell(
        ("school.set", f"school:{SCHOOL}", SchoolSet(name="实验学校", district="示范区")),
        *(("staff.set", f"staff:{id}", body) for id, body in STAFF.items()),
        ("device.set", "device:phone-2", own),
        ("building.set", "building:b1", BuildingSet(name="1 号楼", rooms=places)),
        ("building.set", "building:b2", BuildingSet(name="2 号楼", rooms=())),
    )
    await house.tell(
        *(
            pupil(n * beds + k, place.id, str(k + 1))
            for n, place in enumerate(places)
            for k in range(beds)
        )
    )
    return house
