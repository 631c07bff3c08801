"""What a district sees of its schools' hazards."""

from typing import Any

from sqlalchemy import Index, Text
from sqlmodel import Field

from ledger.tables.catalogue import LedgerTable


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
