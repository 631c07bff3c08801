"""A device for tests: it signs entries as a phone does, without being one."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ledger.entry import START_HASH, Body, Clock, Entry, write_entry
from ledger.keys import DeviceKey, Head
from ledger.permissions import school_scope
from ledger.rules.checkins import (
    CheckInRecorded,
    ItemResult,
    LabelRead,
    Method,
    Result,
    WindowSeen,
)
from ledger.wire.accounts import NewDevice, enrolment_text
from ledger.wire.journal import Push, SentEntry

FIRST_MORNING = datetime.fromisoformat("2026-03-02T07:10:00+08:00")


@dataclass
class TestDevice:
    """Its chain grows with every `write`; `push_of` signs the head for any stretch of it."""

    __test__ = False

    school: str = ""
    actor: str = ""
    id: str = ""
    key: DeviceKey = field(default_factory=DeviceKey.generate)
    entries: list[Entry] = field(default_factory=list)
    now: datetime = FIRST_MORNING

    def introduction(self, name: str = "测试手机") -> NewDevice:
        """What it says of itself when it is enrolled."""
        proof = self.key.sign(enrolment_text(self.key.public, name))
        return NewDevice(name=name, platform="test", public_key=self.key.public, proof=proof)

    def write(self, kind: str, subject: str, body: Body, **header: Any) -> Entry:
        """The next entry of the chain; `header` overrides what a well-behaved device says."""
        self.now += timedelta(seconds=60)
        last = self.entries[-1] if self.entries else None
        fields: dict[str, Any] = {
            "scope": school_scope(self.school),
            "school": self.school,
            "actor": self.actor,
            "device": self.id,
            "number": last.header.number + 1 if last else 1,
            "previous": last.hash if last else START_HASH,
            "at": self.now.isoformat(timespec="milliseconds"),
            "clock": Clock(uptime=(self.now.timestamp() % 1e6), boot="boot", offset=0.0),
        }
        entry = write_entry(kind=kind, subject=subject, body=body, **(fields | header))
        self.entries.append(entry)
        return entry

    def check_in(self, point: str, **header: Any) -> Entry:
        """A normal check-in of the day's first morning round, label scanned."""
        body = check_in_body(point, self.now.date().isoformat())
        window = body.window
        assert window is not None
        subject = f"round:{window.plan}:{window.day}:{window.slot}"
        return self.write("checkin.recorded", subject, body, **header)

    def head_of(self, entries: list[Entry]) -> Head:
        last = entries[-1]
        at = self.now.isoformat(timespec="milliseconds")
        return self.key.sign_head(self.id, last.header.number, last.hash, at)

    def push_of(self, entries: list[Entry] | None = None) -> Push:
        """A push of these entries, by default of all."""
        some = self.entries if entries is None else entries
        return Push(head=self.head_of(some), entries=[sent(entry) for entry in some])


def sent(entry: Entry) -> SentEntry:
    body = None if entry.body_bytes is None else entry.body_bytes.decode()
    return SentEntry(header=entry.header_bytes.decode(), body=body)


def check_in_body(point: str, day: str, token: str = "", plan: str = "daily") -> CheckInRecorded:
    return CheckInRecorded(
        label=LabelRead(method=Method.SCAN, token=token),
        point=point,
        area="gate",
        window=WindowSeen(
            plan=plan,
            day=day,
            slot=0,
            opens=f"{day}T05:30:00+08:00",
            closes=f"{day}T08:30:00+08:00",
        ),
        items=(ItemResult(item="1", result=Result.NORMAL),),
    )
