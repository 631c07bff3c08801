"""Reading leave: lists by what they wait for, one with its history and, for those who may, why."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, func, select

from client.store.identity import Identity
from client.store.places import names, person, zone_of
from client.store.students import StudentView, students
from ledger.rules.dorms.bodies import LeaveSort
from ledger.rules.dorms.leave import LeaveState, decides_alone, may_decide
from ledger.rules.rule import Author
from ledger.sealing import opened_text
from ledger.tables import RECORDS

_LEAVE, _REASON = RECORDS["leave"], RECORDS["leave_reason"]
LEAVE_ROWS = 50


class LeaveShown(StrEnum):
    WAITING = "waiting"
    """待批."""
    AWAY = "away"
    """Approved, begun, and not back."""
    LATE = "late"
    """Should be back, and nobody has said so."""
    ALL = "all"


@dataclass(frozen=True, slots=True)
class LeaveLine:
    id: str
    subject: str
    student: str
    name: str
    class_id: str
    building: str
    """Its name."""
    where: str
    sort: LeaveSort
    state: LeaveState
    starts: datetime
    ends: datetime
    returned: datetime | None
    requested_by: str
    decided_by: str
    pending: bool
    late: bool
    may_decide: bool
    """This person may approve or decline it now."""
    may_cancel: bool
    may_return: bool


@dataclass(frozen=True, slots=True)
class LeaveStep:
    what: str
    """The kind of the entry."""
    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class LeaveDetail:
    line: LeaveLine
    pick_up: str
    phone: str
    guardian: str
    guardian_phone: str
    reason: str | None
    """None when this person need not know, or nobody said."""
    history: tuple[LeaveStep, ...]


@dataclass(frozen=True, slots=True)
class LeavePage:
    lines: tuple[LeaveLine, ...]
    total: int
    page: int


class _Known:
    def __init__(self, connection: Connection, identity: Identity, now: datetime) -> None:
        self.zone = zone_of(connection, identity.school)
        self.now = now
        self.staff = names(connection, identity.school, "staff")
        me = person(connection, identity.school, identity.actor)
        self.me = me.author if me else Author(identity.actor, active=False)

    def name(self, staff: str) -> str:
        return self.staff.get(staff, staff)

    def time(self, text: str) -> datetime:
        return datetime.fromisoformat(text).astimezone(self.zone)


def leaves(
    connection: Connection,
    identity: Identity,
    shown: LeaveShown,
    now: datetime,
    page: int = 0,
    rows: int = LEAVE_ROWS,
) -> LeavePage:
    """A page of leave; what ends first stands first, of all the newest."""
    known = _Known(connection, identity, now)
    where = _conditions(identity, shown, known)
    total = connection.scalar(select(func.count()).select_from(_LEAVE).where(*where)) or 0
    order = _LEAVE.c.starts_at.desc() if shown is LeaveShown.ALL else _LEAVE.c.ends_at
    found = connection.execute(
        select(_LEAVE).where(*where).order_by(order, _LEAVE.c.id).limit(rows).offset(page * rows)
    ).all()
    pupils = students(connection, identity.school, {row.student for row in found})
    lines = (_line(connection, row, known, pupils.get(row.student)) for row in found)
    return LeavePage(tuple(lines), total, page)


def leave(connection: Connection, identity: Identity, id: str, now: datetime) -> LeaveDetail | None:
    row = leave_row(connection, identity.school, id)
    if row is None:
        return None
    known = _Known(connection, identity, now)
    pupil = students(connection, identity.school, {row.student}).get(row.student)
    detail = from_json(opened_text(connection, row.detail))
    why = connection.scalar(
        select(_REASON.c.detail).where(_REASON.c.school == identity.school, _REASON.c.id == id)
    )
    return LeaveDetail(
        line=_line(connection, row, known, pupil),
        pick_up=detail["pick_up"],
        phone=detail["phone"],
        guardian=pupil.guardian if pupil else "",
        guardian_phone=pupil.phone if pupil else "",
        reason=None if why is None else from_json(opened_text(connection, why))["reason"],
        history=tuple(
            LeaveStep(
                one["what"],
                known.name(one["by"]),
                known.time(one["at"]),
                one["note"],
            )
            for one in detail["history"]
        ),
    )


def leaves_of(
    connection: Connection, identity: Identity, student: str, now: datetime
) -> tuple[LeaveLine, ...]:
    """One pupil's, the newest first."""
    known = _Known(connection, identity, now)
    rows = connection.execute(
        select(_LEAVE)
        .where(_LEAVE.c.school == identity.school, _LEAVE.c.student == student)
        .order_by(_LEAVE.c.starts_at.desc())
    ).all()
    pupil = students(connection, identity.school, {student}).get(student)
    return tuple(_line(connection, row, known, pupil) for row in rows)


def leave_row(connection: Connection, school: str, id: str) -> Any | None:
    return connection.execute(
        select(_LEAVE).where(_LEAVE.c.school == school, _LEAVE.c.id == id)
    ).first()


def waiting_for_me(connection: Connection, identity: Identity, now: datetime) -> int:
    """How many requests this person may decide."""
    found = leaves(connection, identity, LeaveShown.WAITING, now, rows=500)
    return sum(line.may_decide for line in found.lines)


def _conditions(identity: Identity, shown: LeaveShown, known: _Known) -> list[ColumnElement[bool]]:
    text = known.now.astimezone(UTC).isoformat(timespec="milliseconds")
    of_school = _LEAVE.c.school == identity.school
    approved = _LEAVE.c.state == LeaveState.APPROVED.value
    match shown:
        case LeaveShown.WAITING:
            return [of_school, _LEAVE.c.state == LeaveState.REQUESTED.value]
        case LeaveShown.AWAY:
            return [of_school, approved, _LEAVE.c.starts_at <= text]
        case LeaveShown.LATE:
            return [of_school, approved, _LEAVE.c.ends_at < text]
        case LeaveShown.ALL:
            return [of_school]


def _line(connection: Connection, row: Any, known: _Known, pupil: StudentView | None) -> LeaveLine:
    detail = from_json(opened_text(connection, row.detail))
    starts, ends = known.time(row.starts_at), known.time(row.ends_at)
    state, length = LeaveState(row.state), ends - starts
    own = row.requested_by == known.me.id
    decides = may_decide(known.me, row.class_id, length) and (
        not own or decides_alone(known.me, row.class_id, length)
    )
    return LeaveLine(
        id=row.id,
        subject=row.subject,
        student=row.student,
        name=pupil.name if pupil else "",
        class_id=row.class_id,
        building=pupil.building_name if pupil else "",
        where=pupil.where if pupil else "",
        sort=LeaveSort(detail["sort"]),
        state=state,
        starts=starts,
        ends=ends,
        returned=known.time(row.returned_at) if row.returned_at else None,
        requested_by=known.name(row.requested_by),
        decided_by=known.name(row.decided_by),
        pending=bool(row.pending),
        late=state is LeaveState.APPROVED and ends < known.now,
        may_decide=state is LeaveState.REQUESTED and decides,
        may_cancel=state in (LeaveState.REQUESTED, LeaveState.APPROVED)
        and (own or may_decide(known.me, row.class_id, length)),
        may_return=state is LeaveState.APPROVED and starts <= known.now,
    )
