"""The journal's tables. They are only ever added to: verdicts are filled in, and bodies erased by
law.
"""

from typing import Any

from sqlalchemy import Index, LargeBinary, Text
from sqlmodel import Field

from ledger.tables.catalogue import LedgerTable, table_of


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


ENTRY = table_of(EntryRow)
ENTRY_PHOTO = table_of(EntryPhotoRow)
HEAD = table_of(HeadRow)
