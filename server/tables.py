"""The tables only the server has: who may come in, and where each chain and school stands.

The journal itself and its records are the ledger's tables, shared with the phones. Nothing here
is ever sent to anyone.
"""

from typing import Any

from sqlalchemy import BigInteger, Index, MetaData
from sqlmodel import Field, SQLModel

from ledger.tables.catalogue import table_of


class ServerTable(SQLModel):
    metadata = MetaData()


class CounterRow(ServerTable, table=True):
    """One row per school: the lock every writer takes, and the newest `seq`."""

    __tablename__: Any = "counter"

    school: str = Field(primary_key=True)
    seq: int = 0
    labels_seq: int = 0
    """The newest entry that changed a point or a label."""


class PhotoRow(ServerTable, table=True):
    """A photo that is held whole and was checked."""

    __tablename__: Any = "photo"

    school: str = Field(primary_key=True)
    hash: str = Field(primary_key=True)
    bytes: int
    device: str
    received_at: str


class HazardNumberRow(ServerTable, table=True):
    """The last hazard number given of each school and year."""

    __tablename__: Any = "hazard_number"

    school: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int


class EpochRow(ServerTable, table=True):
    """From where on a school's `seq` numbers were given by whom; see `server.journal.epochs`."""

    __tablename__: Any = "epoch"

    school: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    id: str
    after: int
    """The newest `seq` when it began."""


class OwnKeyRow(ServerTable, table=True):
    """The key under which the server itself writes for a school."""

    __tablename__: Any = "own_key"

    school: str = Field(primary_key=True)
    device: str
    private_key: str


class EnrolledDeviceRow(ServerTable, table=True):
    __tablename__: Any = "enrolled_device"

    id: str = Field(primary_key=True)
    school: str = Field(index=True)
    actor: str
    name: str
    platform: str
    public_key: str = Field(unique=True)
    enrolled_at: str
    revoked_at: str | None = None


class ChainEndRow(ServerTable, table=True):
    """How far we hold a device's chain without a gap."""

    __tablename__: Any = "chain_end"

    device: str = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    hash: str


class HeldEntryRow(ServerTable, table=True):
    """What waits for something, found without searching the journal."""

    __tablename__: Any = "held_entry"
    __table_args__: Any = (
        Index("held_of_school", "school", "reason"),
        Index("held_of_device", "device", "reason"),
    )

    id: str = Field(primary_key=True)
    school: str
    device: str
    number: int = Field(sa_type=BigInteger)
    reason: str


class AccountRow(ServerTable, table=True):
    __tablename__: Any = "account"

    username: str = Field(primary_key=True)
    school: str
    actor: str
    password_hash: str
    made_at: str
    closed_at: str | None = None


class RefreshTokenRow(ServerTable, table=True):
    """A token's hash; the token itself is only on the device. A family is one sign-in."""

    __tablename__: Any = "refresh_token"

    hash: str = Field(primary_key=True)
    family: str = Field(index=True)
    school: str
    actor: str
    device: str = Field(default="", index=True)
    """Empty until the family's device is enrolled."""
    username: str = ""
    made_at: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The device was in contact then."""
    expires_at: str
    successor: str = ""
    """Hash of the token handed out for this one."""
    revoked: bool = False


class EnrolmentCodeRow(ServerTable, table=True):
    __tablename__: Any = "enrolment_code"

    hash: str = Field(primary_key=True)
    school: str
    actor: str
    expires_at: str
    device: str = ""
    """The device it was used for."""


class FailureRow(ServerTable, table=True):
    """Wrong passwords and codes by account and by address, for slowing down."""

    __tablename__: Any = "failure"

    key: str = Field(primary_key=True)
    attempts: int
    last_at: str
    blocked_until: str = ""


class SecretRow(ServerTable, table=True):
    __tablename__: Any = "secret"

    name: str = Field(primary_key=True)
    value: str


class ProjectionRow(ServerTable, table=True):
    """Which rules a school's records were made with; see `server.journal.follow_rules`."""

    __tablename__: Any = "projection"

    school: str = Field(primary_key=True)
    meaning: str
    stage: int
    after: str


COUNTER = table_of(CounterRow)
PHOTO = table_of(PhotoRow)
HAZARD_NUMBER = table_of(HazardNumberRow)
EPOCH = table_of(EpochRow)
OWN_KEY = table_of(OwnKeyRow)
DEVICE = table_of(EnrolledDeviceRow)
CHAIN_END = table_of(ChainEndRow)
HELD = table_of(HeldEntryRow)
ACCOUNT = table_of(AccountRow)
REFRESH_TOKEN = table_of(RefreshTokenRow)
ENROLMENT_CODE = table_of(EnrolmentCodeRow)
FAILURE = table_of(FailureRow)
SECRET = table_of(SecretRow)
PROJECTION = table_of(ProjectionRow)
