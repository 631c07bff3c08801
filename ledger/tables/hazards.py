"""The hazards 隐患 of a school."""

from typing import Any

from sqlalchemy import Index, Text
from sqlmodel import Field

from ledger.tables.catalogue import LedgerTable


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
