"""What a patrol leaves behind: rounds and their check-ins."""

from typing import Any

from sqlalchemy import Index, Text
from sqlmodel import Field

from ledger.tables.catalogue import LedgerTable


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
