"""Going on from the last fold gives what folding everything gives, whatever happens in between."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, delete, insert, select, update

from client.store import onward
from ledger.entry import Body, Entry
from ledger.projection import rebuild
from ledger.rules.dorms.bodies import (
    Mark,
    MarkCorrected,
    MarksWithdrawn,
    RollCallClosed,
    RollCallReopened,
    RoomMarked,
)
from ledger.rules.dorms.rollcall import RollCallRule
from ledger.rules.dorms.statuses import Status
from ledger.rules.rule import Labels
from ledger.tables import RECORDS
from ledger.tables.catalogue import LedgerTable
from ledger.tables.journal import ENTRY
from ledger.verdicts import Verdict
from tests.ledger.rules.dorms.night import EVENING, SUBJECT, Roster
from tests.ledger.rules.telling import SCHOOL, write
from tests.ledger.verify.journals import row_of

PUPILS = {"s1": "101", "s2": "101", "s3": "102"}
NEXT_DOOR = SUBJECT.replace(":b1:", ":b2:")
TABLES = ("rollcall", "room_night")


def connect() -> Connection:
    connection = create_engine("sqlite://").connect()
    LedgerTable.metadata.create_all(connection, tables=[ENTRY, *(RECORDS[one] for one in TABLES)])
    return connection


def rows_of(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    tables = {name: RECORDS[name] for name in TABLES}
    return {
        name: [tuple(row) for row in connection.execute(select(one).order_by(*one.primary_key))]
        for name, one in tables.items()
    }


@dataclass
class Phone:
    connection: Connection = field(default_factory=connect)
    again: Connection = field(default_factory=connect)
    roster: Roster = field(default_factory=lambda: Roster({"s1", "s2", "s3"}))
    written: int = 0
    seq: int = 0

    @property
    def labels(self) -> Labels:
        return Labels(dorms=self.roster)

    def write(self, body: Body, kind: str, subject: str = SUBJECT, device: str = "me") -> Entry:
        self.written += 1
        return write(
            kind, subject, body, actor=device, device=device, number=self.written, at=EVENING
        )

    def keep(
        self, entry: Entry, *, accepted: bool = False, strangers: tuple[str, ...] = ()
    ) -> None:
        remarks = json.dumps({"strangers": list(strangers)}) if strangers else "{}"
        self.seq += accepted
        row = row_of(entry, seq=self.seq if accepted else None, remarks=remarks)
        if not accepted:
            row["verdict"] = Verdict.PENDING.value
        self.connection.execute(insert(ENTRY), [row])

    def project(self, subject: str = SUBJECT) -> None:
        onward.project(self.connection, SCHOOL, subject, self.labels)

    def check(self, subject: str = SUBJECT) -> None:
        """What stands is what a rebuild from nothing would write."""
        fresh = self.again
        for table in (ENTRY, *(RECORDS[one] for one in TABLES)):
            fresh.execute(delete(table))
        entries = self.connection.execute(select(ENTRY)).mappings().all()
        if entries:
            fresh.execute(insert(ENTRY), [dict(one) for one in entries])
        rebuild(fresh, SCHOOL, [SUBJECT, NEXT_DOOR], self.labels)
        of = {
            name: [row for row in rows if subject in row] for name, rows in rows_of(fresh).items()
        }
        here = rows_of(self.connection)
        assert {name: [row for row in rows if subject in row] for name, rows in here.items()} == of


def mark(**statuses: Status) -> RoomMarked:
    room = PUPILS[next(iter(statuses))]
    marks = tuple(Mark(student=one, status=status) for one, status in statuses.items())
    return RoomMarked(room=room, marks=marks)


@st.composite
def steps(draw: st.DrawFn) -> tuple[str, Any]:
    what = draw(
        st.sampled_from(
            (
                *("mark", "mark", "mark", "mark", "other", "undo", "correct", "close", "reopen"),
                *("accept", "refuse", "erase", "move", "undone", "next door", "newer"),
            )
        )
    )
    pupil = draw(st.sampled_from(sorted(PUPILS)))
    return what, (pupil, draw(st.sampled_from(sorted(Status))), draw(st.integers(0, 30)))


def do(phone: Phone, what: str, pupil: str, status: Status, n: int) -> str:
    """Returns the subject that it was about."""
    pending = phone.connection.execute(
        select(ENTRY.c.id).where(ENTRY.c.verdict == Verdict.PENDING.value).order_by(ENTRY.c.number)
    ).all()
    every = phone.connection.execute(select(ENTRY.c.id).order_by(ENTRY.c.number)).all()
    if what == "mark":
        phone.keep(phone.write(mark(**{pupil: status}), "room.marked"))
    elif what == "next door":
        phone.keep(phone.write(mark(**{pupil: status}), "room.marked", NEXT_DOOR))
        return NEXT_DOOR
    elif what == "other":
        entry = phone.write(mark(**{pupil: status}), "room.marked", device="w2")
        phone.keep(entry, accepted=True, strangers=(pupil,) if n % 3 == 0 else ())
    elif what == "undo" and every:
        phone.keep(phone.write(MarksWithdrawn(entry=every[n % len(every)].id), "marks.withdrawn"))
    elif what == "correct":
        body = MarkCorrected(student=pupil, room=PUPILS[pupil], status=status, because="查房")
        phone.keep(phone.write(body, "mark.corrected"))
    elif what == "close":
        phone.keep(phone.write(RollCallClosed(expected=tuple(PUPILS)), "rollcall.closed"))
    elif what == "reopen":
        phone.keep(phone.write(RollCallReopened(because="再点"), "rollcall.reopened"))
    elif what == "newer":
        phone.keep(phone.write(RollCallReopened(because="再点"), "rollcall.sealed"))
    elif what in ("accept", "refuse") and pending:
        values: dict[str, Any] = {"verdict": Verdict.REFUSED.value}
        if what == "accept":
            phone.seq += 1
            values = {"verdict": Verdict.ACCEPTED.value, "seq": phone.seq}
        phone.connection.execute(update(ENTRY).where(ENTRY.c.id == pending[0].id).values(**values))
    elif what == "erase" and every:
        one = every[n % len(every)].id
        phone.connection.execute(update(ENTRY).where(ENTRY.c.id == one).values(body=None))
    elif what == "move":
        phone.roster.living ^= {pupil}
        phone.roster.looked_for ^= {pupil} if n % 2 else set()
    elif what == "undone":
        # A transaction that comes to nothing, as on a full disk.
        phone.connection.commit()
        phone.keep(phone.write(mark(**{pupil: status}), "room.marked"))
        phone.project()
        phone.connection.rollback()
    return SUBJECT


@settings(max_examples=80, deadline=None)
@given(st.lists(steps(), min_size=2, max_size=25))
def test_in_any_order_what_stands_is_what_a_rebuild_would_write(
    told: list[tuple[str, tuple[str, Status, int]]],
) -> None:
    phone, long = Phone(), onward.LONG
    onward.LONG = 1
    try:
        for what, details in told:
            subject = do(phone, what, *details)
            phone.project(subject)
            phone.check(subject)
    finally:
        onward.LONG = long


def test_the_next_room_opens_its_own_entry_alone_and_writes_its_own_row_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone = Phone()
    monkeypatch.setattr(onward, "LONG", 1)
    phone.keep(phone.write(mark(s1=Status.PRESENT, s2=Status.LATE), "room.marked"))
    phone.project()
    opened, written = [], []
    read, insert_records = onward.read_stored, onward.insert_records
    monkeypatch.setattr(onward, "read_stored", lambda c, row: opened.append(row) or read(c, row))
    monkeypatch.setattr(
        onward,
        "insert_records",
        lambda c, name, rows: written.extend(rows) or insert_records(c, name, rows),
    )
    phone.keep(phone.write(mark(s3=Status.PRESENT), "room.marked"))
    phone.project()
    assert len(opened) == 1
    assert [row.get("room") for row in written if "room" in row] == ["102"]
    phone.check()


def test_a_rule_that_stumbles_on_the_way_is_asked_again_from_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone = Phone()
    monkeypatch.setattr(onward, "LONG", 1)
    phone.keep(phone.write(mark(s1=Status.PRESENT), "room.marked"))
    phone.project()
    whole = RollCallRule.apply

    def stumbling(self: RollCallRule, state: Any, submission: Any) -> None:
        whole(self, state, submission)
        if isinstance(submission.body, RollCallClosed):
            raise ValueError("a fault of this version")

    monkeypatch.setattr(RollCallRule, "apply", stumbling)
    monkeypatch.setattr(phone.roster, "living", {"s1"})
    phone.keep(phone.write(RollCallClosed(expected=("s1",)), "rollcall.closed"))
    parked = onward.project(phone.connection, SCHOOL, SUBJECT, phone.labels)
    assert [one.kind for one in parked] == ["rollcall.closed"]
    phone.check()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), steps()), min_size=2, max_size=20))
def test_a_page_that_makes_everything_anew_in_between_changes_nothing(
    told: list[tuple[bool, tuple[str, tuple[str, Status, int]]]],
) -> None:
    phone, long = Phone(), onward.LONG
    onward.LONG = 1
    try:
        for page, (what, details) in told:
            subject = do(phone, what, *details)
            if page:
                onward.forget(phone.connection, [subject])
                rebuild(phone.connection, SCHOOL, [subject], phone.labels)
            else:
                phone.project(subject)
            phone.check(subject)
    finally:
        onward.LONG = long
