"""What every table that phone and server have in common is made of."""

from sqlalchemy import MetaData, Table, Text
from sqlmodel import Field, SQLModel


class LedgerTable(SQLModel):
    """The parent of all shared tables; they live in a catalogue of their own."""

    metadata = MetaData()


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


def table_of(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table behind a model, for statements in bulk."""
    return model.__table__  # type: ignore[attr-defined]
