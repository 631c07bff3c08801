"""Who lives where, who is on leave, what a night's roll-call found, and who looked at it."""

from typing import Any

from sqlalchemy import Index, Text
from sqlmodel import Field

from ledger.tables.catalogue import LedgerTable, Reference


class BuildingRow(Reference, table=True):
    """A dorm building with its rooms; no pupils."""

    __tablename__: Any = "building"


class StudentRow(LedgerTable, table=True):
    """A pupil: where they live and which class they are in. Who they are is in `detail` alone,
    which a device keeps sealed."""

    __tablename__: Any = "student"
    __table_args__: Any = (
        Index("student_of_subject", "school", "subject"),
        Index("student_of_building", "school", "building", "room"),
        Index("student_of_class", "school", "class_id"),
    )
    school: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    subject: str
    building: str
    """Empty for one who does not live at school."""
    room: str
    bed: str
    class_id: str
    since: str
    """ISO date of the first night they live there."""
    until: str
    """ISO date of the first night they no longer do; empty while they do."""
    seen: int
    detail: str = Field(default="{}", sa_type=Text, nullable=False)


class RollCallRow(LedgerTable, table=True):
    """A building's night."""

    __tablename__: Any = "rollcall"
    __table_args__: Any = (Index("rollcall_of_night", "school", "night"),)
    school: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    building: str
    night: str
    """ISO date of its evening."""
    closed_at: str
    """Corrected time in UTC; empty while it is open."""
    closed_by: str
    seen: int
    pending: bool
    detail: str = Field(default="{}", sa_type=Text, nullable=False)


class RoomNightRow(LedgerTable, table=True):
    """A room's marks of one night."""

    __tablename__: Any = "room_night"
    __table_args__: Any = (
        Index("room_night_of_subject", "school", "subject"),
        Index("room_night_of_night", "school", "night"),
    )
    school: str = Field(primary_key=True)
    building: str = Field(primary_key=True)
    night: str = Field(primary_key=True)
    room: str = Field(primary_key=True)
    subject: str
    marked_at: str
    marked_by: str
    pending: bool
    detail: str = Field(default="{}", sa_type=Text, nullable=False)


class MissingRow(LedgerTable, table=True):
    """Somebody who was not where they should be that night."""

    __tablename__: Any = "missing"
    __table_args__: Any = (
        Index("missing_of_subject", "school", "subject"),
        Index("missing_of_night", "school", "night"),
    )
    school: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    subject: str
    building: str
    class_id: str
    night: str
    student: str
    raised_at: str
    raised_by: str
    followed: bool
    found_at: str
    seen: int
    pending: bool
    detail: str = Field(default="{}", sa_type=Text, nullable=False)


class LeaveRow(LedgerTable, table=True):
    """A pupil's leave. Why is not in it."""

    __tablename__: Any = "leave"
    __table_args__: Any = (
        Index("leave_of_subject", "school", "subject"),
        Index("leave_of_student", "school", "student"),
        Index("leave_of_time", "school", "ends_at"),
    )
    school: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    subject: str
    building: str
    class_id: str
    student: str
    state: str
    starts_at: str
    """Times are ISO 8601 in UTC, so that they sort as text."""
    ends_at: str
    returned_at: str
    requested_by: str
    decided_by: str
    seen: int
    pending: bool
    detail: str = Field(default="{}", sa_type=Text, nullable=False)


class LeaveReasonRow(LedgerTable, table=True):
    """Why somebody is away: for those alone who need to know."""

    __tablename__: Any = "leave_reason"
    __table_args__: Any = (Index("leave_reason_of_subject", "school", "subject"),)
    school: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    """The leave's id."""
    subject: str
    class_id: str
    detail: str = Field(default="{}", sa_type=Text, nullable=False)


class LookRow(LedgerTable, table=True):
    """A member of staff looked at a pupil's history."""

    __tablename__: Any = "look"
    __table_args__: Any = (Index("look_of_subject", "school", "subject"),)
    school: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    subject: str
    student: str
    actor: str
    at: str
    what: str
