"""Tables only a device has, beside the shared ones: who it is, how far it has read, and what of
its own has not reached the server or the journal yet."""

from typing import Any

from sqlalchemy import Text
from sqlmodel import Field

from ledger.tables.catalogue import LedgerTable, table_of


class SettingRow(LedgerTable, table=True):
    """Small facts by name; values are JSON. Never a secret: those are in the secret store."""

    __tablename__: Any = "setting"
    name: str = Field(primary_key=True)
    value: str = Field(sa_type=Text, nullable=False)


class CursorRow(LedgerTable, table=True):
    """How far each scope has been read."""

    __tablename__: Any = "cursor"
    scope: str = Field(primary_key=True)
    seq: int = 0


class PhotoRow(LedgerTable, table=True):
    """A photo taken on this device, on its way to the server. The file is in the photo folder;
    photos of others have no row here."""

    __tablename__: Any = "photo"
    hash: str = Field(primary_key=True)
    entry: str = Field(index=True)
    bytes: int
    state: str
    """A `client.store.photos.PhotoState`."""
    upload: str
    """Where a broken-off upload goes on; empty before the first try."""
    problem: str
    """Why the server refused it: a problem code, or empty."""
    kept_at: str
    received_at: str


class ParkedRow(LedgerTable, table=True):
    """An entry that is kept and can't be shown yet; `entry` is empty where a whole subject is."""

    __tablename__: Any = "parked"
    school: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    entry: str = Field(primary_key=True)
    kind: str
    why: str
    """A `ledger.projection.Why`."""


class DraftRow(LedgerTable, table=True):
    """What a person has begun to write and not saved; it outlives a killed app."""

    __tablename__: Any = "draft"
    name: str = Field(primary_key=True)
    value: str = Field(sa_type=Text, nullable=False)
    changed_at: str


SETTING = table_of(SettingRow)
CURSOR = table_of(CursorRow)
PHOTO = table_of(PhotoRow)
DRAFT = table_of(DraftRow)
PARKED = table_of(ParkedRow)
