"""A school in one device's database: what the server and others wrote, and this phone's own."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from client.store import history
from client.store.database import Database
from client.store.identity import Identity, write_identity
from client.store.journal import append
from ledger.clock import Stamp
from ledger.codes import typed_code
from ledger.entry import Body, Clock, Entry
from ledger.rules.checkins import (
    CheckInRecorded,
    ItemResult,
    LabelRead,
    Method,
    Result,
    WindowSeen,
)
from ledger.rules.people import DeviceSet, StaffSet
from ledger.rules.places import AreaSet, Item, Label, LabelIssued, PointSet, Risk, SchoolSet
from ledger.rules.plans import PlanSet, Window
from ledger.rules.rule import Role
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from ledger.verdicts import Verdict
from ledger.wire.journal import Pulled, PulledEntry, Receipt
from tests.devices import TestDevice, sent

SCHOOL, ME, PHONE, SERVER, DESK = "SY01", "t1", "phone-1", "server-1", "desk-1"
SCOPE = f"school:{SCHOOL}"
CHINA = timezone(timedelta(hours=8))
DAY = "2026-03-02"
SEVEN = datetime.fromisoformat(f"{DAY}T07:00:00+08:00")
TOKENS = {f"p{n}": f"AAAAAAAAA{n}" for n in range(1, 5)}
AREAS = {"p1": "gate", "p2": "gate", "p3": "lab", "p4": "lab"}


@dataclass
class Office:
    """Plays the server: `tell` makes others' entries, `answer` puts them into a pull's answer."""

    server: TestDevice = field(default_factory=lambda: TestDevice(SCHOOL, "server", SERVER))
    desk: TestDevice = field(default_factory=lambda: TestDevice(SCHOOL, "t2", DESK))
    news: list[PulledEntry] = field(default_factory=list)
    seq: int = 0

    @property
    def identity(self) -> Identity:
        return Identity(SCHOOL, ME, PHONE, (SCOPE,), "http://d", SERVER, self.server.key.public)

    def tell(self, kind: str, subject: str, body: Body, **header: Any) -> Entry:
        writer = header.pop("writer", self.server)
        remarks = header.pop("remarks", {})
        entry = writer.write(kind, subject, body, **header)
        self.seq += 1
        plain = sent(entry)
        self.news.append(
            PulledEntry(seq=self.seq, header=plain.header, body=plain.body, remarks=remarks)
        )
        return entry

    def answer(self, *, sign: bool = True, **fields: Any) -> Pulled:
        """Everything told since the last answer."""
        news, self.news = self.news, []
        heads = []
        for device in (self.server, self.desk):
            mine = [one for one in news if f'"device":"{device.id}"' in one.header]
            if mine and sign:
                heads.append(device.head_of(device.entries))
        plain = {"entries": news, "heads": heads, "cursors": {SCOPE: self.seq}, "more": False}
        rest = {"receipts": [], "number": 0, "hash": "", "time": SEVEN.isoformat()}
        return Pulled(**{**plain, **rest, **fields})

    def found(self) -> None:
        """The school as it is on the first morning."""
        tell = self.tell
        tell("school.set", f"school:{SCHOOL}", SchoolSet(name="实验学校", district="示范区"))
        for device in (self.server, self.desk):
            key = device.key.public
            body = DeviceSet(name=f"{device.id} 的设备", actor=device.actor, public_key=key)
            tell("device.set", f"device:{device.id}", body)
        for id, name, role in (
            (ME, "李老师", Role.TEACHER),
            ("t2", "王老师", Role.TEACHER),
            ("head", "张校长", Role.PRINCIPAL),
        ):
            tell("staff.set", f"staff:{id}", StaffSet(name=name, roles=(role,)))
        for order, (id, name) in enumerate((("gate", "大门"), ("lab", "实验楼"))):
            tell("area.set", f"area:{id}", AreaSet(name=name, order=order))
        for order, (point, token) in enumerate(TOKENS.items(), start=1):
            body = PointSet(
                area=AREAS[point],
                name=f"{order}号点",
                risk=Risk.RED,
                order=order,
                items=(Item(id="1", text="灭火器压力正常"),),
            )
            tell("point.set", f"point:{point}", body)
            label = Label(version=1, token=token, typed=typed_code(token))
            tell("label.issued", f"point:{point}", LabelIssued(label=label))
        windows = (
            Window(name="晨间", opens="06:00", closes="08:00"),
            Window(name="夜间", opens="22:00", closes="05:00"),
        )
        tell(
            "plan.set",
            "plan:daily",
            PlanSet(name="日巡查", windows=windows, points=tuple(TOKENS)),
        )

    def walk(self, point: str, **fields: Any) -> Entry:
        """A colleague's check-in, accepted."""
        at = fields.pop("at", SEVEN)
        self.desk.now = at
        header = {"at": at.isoformat(timespec="milliseconds")}
        body = check_in_body(point, **fields)
        return self.tell("checkin.recorded", subject_of(body), body, writer=self.desk, **header)


def subject_of(body: CheckInRecorded) -> str:
    window = body.window
    if window is None:
        return f"round:free:{ME}:{DAY}"
    return f"round:{window.plan}:{window.day}:{window.slot}"


def check_in_body(
    point: str, *, result: Result = Result.NORMAL, slot: int = 0, day: str = DAY, note: str = ""
) -> CheckInRecorded:
    opens, closes = (("06:00", "08:00"), ("22:00", "05:00"))[slot]
    until = day if slot == 0 else "2026-03-03"
    return CheckInRecorded(
        label=LabelRead(method=Method.SCAN, token=TOKENS[point]),
        point=point,
        area=AREAS[point],
        window=WindowSeen(
            plan="daily",
            day=day,
            slot=slot,
            opens=f"{day}T{opens}:00+08:00",
            closes=f"{until}T{closes}:00+08:00",
        ),
        items=(ItemResult(item="1", result=result, note=note),),
    )


def stamp(at: datetime = SEVEN) -> Stamp:
    clock = Clock(uptime=at.timestamp() % 1e6, boot="boot", offset=0.0)
    return Stamp(at.isoformat(timespec="milliseconds"), clock)


def open_school(path: Path, office: Office) -> Database:
    """A phone that is enrolled and has pulled everything once."""
    database = Database.open(path)
    office.found()
    arrived = history.check(office.answer())

    def start(connection: Any) -> None:
        write_identity(connection, office.identity)
        history.store(connection, office.identity, arrived)

    database._commit(start)
    return database


def check_in(
    connection: Any, office: Office, point: str, at: datetime = SEVEN, **fields: Any
) -> Entry:
    """This phone's own check-in, written and pending."""
    body = check_in_body(point, **fields)
    return append(
        connection,
        office.identity,
        stamp(at),
        kind="checkin.recorded",
        subject=subject_of(body),
        body=body,
    )


def receipt(entry: Entry, verdict: Verdict = Verdict.ACCEPTED, **fields: Any) -> Receipt:
    return Receipt(id=entry.header.id, verdict=verdict, **fields)


def check_ins(connection: Connection) -> list[Any]:
    """The records of all check-ins, in the order of their times."""
    table = RECORDS["checkin"]
    return list(connection.execute(select(table).order_by(table.c.at)))


def row_of(connection: Connection, entry: Entry) -> Any:
    """An entry's row in the journal."""
    return connection.execute(select(ENTRY).where(ENTRY.c.id == entry.header.id)).one()
