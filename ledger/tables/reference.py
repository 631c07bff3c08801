"""Reference data: the school, its places with their labels, its people, their devices and plans,
and a district's conditions.
"""

from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from ledger.tables.catalogue import LedgerTable, Reference


class SchoolRow(Reference, table=True):
    __tablename__: Any = "school"


class AreaRow(Reference, table=True):
    __tablename__: Any = "area"


class PointRow(Reference, table=True):
    __tablename__: Any = "point"


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


class StaffRow(Reference, table=True):
    __tablename__: Any = "staff"


class DeviceRow(Reference, table=True):
    __tablename__: Any = "device"


class PlanRow(Reference, table=True):
    __tablename__: Any = "plan"


class ConditionRow(Reference, table=True):
    """A district's own conditions of major hazards; the national ones are data of the code."""

    __tablename__: Any = "condition"
