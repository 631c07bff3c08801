"""Tables only a device has, beside the shared ones: who it is, how far it has read."""

from typing import Any

from sqlalchemy import Text
from sqlmodel import Field

from ledger.tables import LedgerTable, table_of


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


SETTING = table_of(SettingRow)
CURSOR = table_of(CursorRow)
