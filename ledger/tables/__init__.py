"""The tables a phone and the server have in common: the journal, and the records from it.

All but the journal's can be dropped and projected again. `school` leads every key: it is the shard
key the day a province needs more than one database. Whoever imports one of them has them all, so
that nobody empties or makes but a part of them.
"""

from sqlalchemy import Table

from ledger.tables.catalogue import table_of
from ledger.tables.district import WatchedRow
from ledger.tables.dorms import (
    BuildingRow,
    LeaveReasonRow,
    LeaveRow,
    LookRow,
    MissingRow,
    RollCallRow,
    RoomNightRow,
    StudentRow,
)
from ledger.tables.hazards import HazardRow
from ledger.tables.journal import ENTRY, ENTRY_PHOTO, HEAD
from ledger.tables.patrol import CheckInRow, RoundRow
from ledger.tables.reference import (
    AreaRow,
    ConditionRow,
    DeviceRow,
    LabelRow,
    PlanRow,
    PointRow,
    SchoolRow,
    StaffRow,
)

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
SHARED: tuple[Table, ...] = (ENTRY, ENTRY_PHOTO, HEAD, *RECORDS.values())
"""The journal's and the records': all there are."""
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
