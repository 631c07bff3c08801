"""A school's journal as it is after a year, made without a server: what the device-side
benchmarks start from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from client.store import history
from client.store.database import Database
from client.store.identity import Identity, write_identity
from ledger.chain import Link
from ledger.codes import new_token, typed_code
from ledger.entry import Body, Clock, Entry, write_entry
from ledger.keys import DeviceKey
from ledger.permissions import school_scope
from ledger.projection import StoredEntry
from ledger.rules.checkins import (
    CheckInRecorded,
    ItemResult,
    LabelRead,
    Method,
    Result,
    WindowSeen,
)
from ledger.rules.people import DeviceSet, StaffSet
from ledger.rules.places import AreaSet, Item, Label, LabelIssued, PointSet, Risk, SchoolSet, Spot
from ledger.rules.plans import PlanSet, Window, round_subject
from ledger.rules.rule import Role
from ledger.verdicts import Verdict

SCHOOL = "0A1B"
CHINA = timezone(timedelta(hours=8))
ITEMS = 4
WINDOWS = (
    ("05:30", "08:30"),
    ("08:30", "11:30"),
    ("11:30", "14:00"),
    ("14:00", "18:30"),
    ("18:30", "05:30"),
)


@dataclass
class Writer:
    """A device that writes entries one after the other."""

    device: str
    actor: str
    key: DeviceKey = field(default_factory=DeviceKey.generate)
    link: Link = field(default_factory=Link)

    def write(self, kind: str, subject: str, body: Body, at: datetime, seen: int = 0) -> Entry:
        entry = write_entry(
            kind=kind,
            subject=subject,
            scope=school_scope(SCHOOL),
            school=SCHOOL,
            actor=self.actor,
            device=self.device,
            number=self.link.number + 1,
            previous=self.link.hash,
            at=at.isoformat(timespec="milliseconds"),
            clock=Clock(
                uptime=at.timestamp(),
                boot="b1",
                server=at.isoformat(timespec="seconds"),
                offset=0.1,
            ),
            body=body,
            seen=seen,
        )
        self.link = Link(entry.header.number, entry.hash)
        return entry


class SchoolYear:
    """Points, staff, plans, and then as many check-ins as wanted, oldest first."""

    def __init__(
        self, *, points: int = 40, walkers: int = 12, ends: datetime | None = None
    ) -> None:
        self.ends = ends or datetime.now(CHINA)
        self.server = Writer(f"server-{SCHOOL}", "server")
        self.walkers = [Writer(f"device-{n:02d}", f"staff-{n:02d}") for n in range(walkers)]
        self.tokens = [new_token() for _ in range(points)]
        self.points = [f"point-{n:03d}" for n in range(points)]

    def reference(self) -> list[Entry]:
        write, at = self.server.write, self.ends - timedelta(days=400)
        entries = [
            write("school.set", f"school:{SCHOOL}", SchoolSet(name="实验学校", district="d"), at)
        ]
        entries += [
            write("area.set", f"area:area-{n:02d}", AreaSet(name=f"区域{n}", order=n), at)
            for n in range(16)
        ]
        for walker in self.walkers:
            staff = StaffSet(name=f"教师{walker.actor[-2:]}", roles=(Role.TEACHER,))
            device = DeviceSet(name="手机", actor=walker.actor, public_key=walker.key.public)
            entries.append(write("staff.set", f"staff:{walker.actor}", staff, at))
            entries.append(write("device.set", f"device:{walker.device}", device, at))
        for n, (point, token) in enumerate(zip(self.points, self.tokens, strict=True)):
            items = tuple(
                Item(id=f"i{k}", text=f"风险点{k}", measure="每日检查并记录") for k in range(ITEMS)
            )
            place = PointSet(
                area=f"area-{n % 16:02d}",
                name=f"巡检点{n:03d}",
                risk=Risk.YELLOW,
                items=items,
                spot=Spot(x=n * 8.0, y=n % 7 * 10.0),
                order=n,
            )
            label = Label(version=1, token=token, typed=typed_code(token))
            entries.append(write("point.set", f"point:{point}", place, at))
            entries.append(write("label.issued", f"point:{point}", LabelIssued(label=label), at, 1))
        windows = tuple(
            Window(name=f"第{n + 1}轮", opens=one, closes=two)
            for n, (one, two) in enumerate(WINDOWS)
        )
        plan = PlanSet(name="日巡查", windows=windows, points=tuple(self.points))
        entries.append(write("plan.set", "plan:daily", plan, at))
        return entries

    def check_ins(self, count: int) -> Iterator[tuple[Writer, Entry]]:
        """`count` check-ins ending the day before the school year's end."""
        rounds = -(-count // len(self.points))
        days = -(-rounds // len(WINDOWS))
        first = (self.ends - timedelta(days=days)).date()
        made = 0
        for number in range(rounds):
            day = first + timedelta(days=number // len(WINDOWS))
            slot = number % len(WINDOWS)
            opens, closes = (
                datetime.fromisoformat(f"{day}T{time}:00+08:00") for time in WINDOWS[slot]
            )
            window = WindowSeen(
                plan="daily",
                day=day.isoformat(),
                slot=slot,
                opens=opens.isoformat(),
                closes=closes.isoformat(),
            )
            walker = self.walkers[number % len(self.walkers)]
            for n, point in enumerate(self.points):
                if made == count:
                    return
                made += 1
                body = CheckInRecorded(
                    label=LabelRead(method=Method.SCAN, token=self.tokens[n]),
                    point=point,
                    point_seen=2,
                    area=f"area-{n % 16:02d}",
                    spot=Spot(x=n * 8.0, y=n % 7 * 10.0),
                    window=window,
                    items=tuple(
                        ItemResult(item=f"i{k}", result=Result.NORMAL) for k in range(ITEMS)
                    ),
                )
                at = opens + timedelta(seconds=60 + 70 * n)
                subject = round_subject("daily", window.day, slot)
                yield walker, walker.write("checkin.recorded", subject, body, at)


async def fill(path: Path, year: SchoolYear, check_ins: int) -> Identity:
    """A device's database with `check_ins` entries, as if it had pulled them."""
    me = DeviceKey.generate()
    identity = Identity(
        school=SCHOOL,
        actor="staff-00",
        device="device-me",
        scopes=(school_scope(SCHOOL),),
        server="http://127.0.0.1:9",
        server_device=year.server.device,
        server_key=year.server.key.public,
    )
    database = Database.open(path)
    entries = year.reference()
    own = DeviceSet(name="我的手机", actor="staff-00", public_key=me.public)
    entries.append(year.server.write("device.set", "device:device-me", own, datetime.now(UTC)))
    entries += [entry for _, entry in year.check_ins(check_ins)]
    await database.write(lambda connection: write_identity(connection, identity))
    for start in range(0, len(entries), 1000):
        batch = [
            StoredEntry(entry, Verdict.ACCEPTED, start + n + 1, {})
            for n, entry in enumerate(entries[start : start + 1000])
        ]
        arrived = history.Arrived(batch, [], {school_scope(SCHOOL): start + len(batch)})
        await database.write(
            lambda connection, arrived=arrived: history.store(connection, identity, arrived)
        )
    database.close()
    return identity
