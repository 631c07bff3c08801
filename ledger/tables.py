"""The tables a phone and the server have in common: the journal, and the records from it.

`entry`, `entry_photo` and `head` are the journal and are only ever added to (verdicts are filled
in, bodies erased by law). All other tables can be dropped and projected again. `school` leads
every key: it is the shard key the day a province needs more than one database.
"""

from typing import Any

from sqlalchemy import Index, LargeBinary, MetaData, Table, Text
from sqlmodel import Field, SQLModel


class LedgerTable(SQLModel):
    """The parent of all shared tables; they live in a catalogue of their own."""

    metadata = MetaData()


class EntryRow(LedgerTable, table=True):
    __tablename__: Any = "entry"
    __table_args__: Any = (
        Index("entry_of_school", "school", "seq", unique=True),
        Index("entry_of_subject", "school", "subject"),
        Index("entry_of_device", "device", "number"),
    )

    id: str = Field(primary_key=True)
    school: str
    device: str
    number: int
    hash: str
    kind: str
    subject: str
    scope: str
    actor: str
    at: str
    header: bytes = Field(sa_type=LargeBinary, nullable=False)
    body: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    """None once erased by law."""
    verdict: str = "pending"
    seq: int | None = None
    """The entry's place in its school's history; only accepted entries have one."""
    reason: str = ""
    remarks: str = Field(default="{}", sa_type=Text, nullable=False)
    """JSON: what the judge added, or the detail of a refusal."""
    received_at: str = ""


class EntryPhotoRow(LedgerTable, table=True):
    """Which entries name a photo: who may send it and who may see it."""

    __tablename__: Any = "entry_photo"

    school: str = Field(primary_key=True)
    hash: str = Field(primary_key=True)
    entry: str = Field(primary_key=True)
    device: str
    scope: str


class HeadRow(LedgerTable, table=True):
    __tablename__: Any = "head"

    device: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    hash: str
    at: str
    signature: str


class Reference(LedgerTable):
    """The columns of every table whose subjects are just their newest entry."""

    school: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    subject: str
    name: str
    seen: int = 0
    """How many accepted entries the record is made of."""
    detail: str = Field(default="{}", sa_type=Text, nullable=False)
    """JSON: the body of the newest entry and what others added."""


class SchoolRow(Reference, table=True):
    __tablename__: Any = "school"


class AreaRow(Reference, table=True):
    __tablename__: Any = "area"


class PointRow(Reference, table=True):
    __tablename__: Any = "point"


class StaffRow(Reference, table=True):
    __tablename__: Any = "staff"


class DeviceRow(Reference, table=True):
    __tablename__: Any = "device"


class PlanRow(Reference, table=True):
    __tablename__: Any = "plan"


class ConditionRow(Reference, table=True):
    """A district's own conditions of major hazards; the national ones are data of the code."""

    __tablename__: Any = "condition"


class LabelRow(LedgerTable, table=True):
    __tablename__: Any = "label"
    __table_args__: Any = (Index("label_typed", "school", "typed"),)
    school: str = Field(primary_key=True)
    token: str = Field(primary_key=True)
    subject: str = Field(index=True)
    point: str
    typed: str
    version: int
    void: bool = False


class RoundRow(LedgerTable, table=True):
    __tablename__: Any = "round"
    __table_args__: Any = (Index("round_of_day", "school", "day"),)
    school: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    plan: str
    day: str
    slot: int
    closed: bool = False
    detail: str = Field(default="{}", sa_type=Text, nullable=False)


class CheckInRow(LedgerTable, table=True):
    __tablename__: Any = "checkin"
    __table_args__: Any = (
        Index("checkin_of_subject", "school", "subject"),
        Index("checkin_of_day", "school", "day", "at"),
    )
    school: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    subject: str
    day: str
    plan: str
    slot: int
    area: str
    point: str
    actor: str
    at: str
    """Corrected time, ISO 8601 in UTC, so that it sorts as text."""
    result: str
    grade: str
    late: bool
    withdrawn: bool
    seq: int | None = None
    """None while the entry is only on this device."""
    detail: str = Field(default="{}", sa_type=Text, nullable=False)


class HazardRow(LedgerTable, table=True):
    __tablename__: Any = "hazard"
    __table_args__: Any = (
        Index("hazard_of_subject", "school", "subject"),
        Index("hazard_of_state", "school", "state", "deadline"),
        Index("hazard_of_time", "school", "reported_at"),
    )
    school: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    subject: str
    number: str
    """编号 such as "2026-0012"; empty until the server has given it."""
    state: str
    lane: str
    grade: str
    category: str
    source: str
    area: str
    point: str
    content: str = Field(sa_type=Text, nullable=False)
    reporter: str
    responsible: str
    deadline: str
    """ISO date in the school's zone, or empty."""
    reported_at: str
    """Corrected times are ISO 8601 in UTC, so that they sort as text."""
    year: int
    changed_at: str
    done_at: str
    closed_at: str
    pending: bool
    """Something of it is only on this device."""
    seen: int
    """How many accepted entries the record is made of."""
    detail: str = Field(default="{}", sa_type=Text, nullable=False)


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


class WatchedRow(LedgerTable, table=True):
    """A school's hazard as its district sees it; in the district's own journal only."""

    __tablename__: Any = "watched"
    __table_args__: Any = (
        Index("watched_of_subject", "school", "subject"),
        Index("watched_of_school", "school", "of_school", "state"),
        Index("watched_on_the_way", "school", "on_the_way"),
    )
    school: str = Field(primary_key=True)
    """The district's own code."""
    id: str = Field(primary_key=True)
    """The school's code, a colon, the hazard's id."""
    subject: str
    of_school: str
    school_name: str
    number: str
    state: str
    grade: str
    category: str
    place: str
    content: str = Field(sa_type=Text, nullable=False)
    responsible: str
    """The person's name: the district knows no staff ids of schools."""
    deadline: str
    reported_at: str
    listed_at: str
    """When it came onto the district's list."""
    changed_at: str
    closed_at: str
    supervised_until: str
    """挂牌督办 until this ISO date; empty when it isn't."""
    on_the_way: int
    """What the district has said and the school's journal has yet to show."""
    told: int
    """How many accepted entries of the hazard the district has been told of."""
    pending: bool
    seen: int
    detail: str = Field(default="{}", sa_type=Text, nullable=False)


def table_of(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table behind a model, for statements in bulk."""
    return model.__table__  # type: ignore[attr-defined]


ENTRY = table_of(EntryRow)
ENTRY_PHOTO = table_of(EntryPhotoRow)
HEAD = table_of(HeadRow)
RECORDS: dict[str, Table] = {
    model.__tablename__: table_of(model)
    for model in (
        SchoolRow,
        AreaRow,
        PointRow,
        LabelRow,
        StaffRow,
        DeviceRow,
        PlanRow,
        RoundRow,
        CheckInRow,
        HazardRow,
        ConditionRow,
        BuildingRow,
        StudentRow,
        RollCallRow,
        RoomNightRow,
        MissingRow,
        LeaveRow,
        LeaveReasonRow,
        LookRow,
        WatchedRow,
    )
}
PRIVATE_TABLES = frozenset(
    {"student", "rollcall", "room_night", "missing", "leave", "leave_reason"}
)
"""Their `detail` is about pupils: a device keeps it sealed (`ledger.sealing`)."""
TABLES_OF_PREFIX: dict[str, tuple[str, ...]] = {
    "school": ("school",),
    "area": ("area",),
    "point": ("point", "label"),
    "staff": ("staff",),
    "device": ("device",),
    "plan": ("plan",),
    "round": ("round", "checkin"),
    "hazard": ("hazard",),
    "condition": ("condition",),
    "building": ("building",),
    "student": ("student",),
    "rollcall": ("rollcall", "room_night"),
    "missing": ("missing",),
    "leave": ("leave",),
    "reason": ("leave_reason",),
    "look": ("look",),
    "erasure": (),
    "watched": ("watched",),
}
"""Which record tables a subject with this prefix may have rows in."""
