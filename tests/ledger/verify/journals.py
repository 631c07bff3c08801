"""Journals to verify: a server's with everybody's entries, and a phone's with what it may read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Column, Connection, MetaData, Table, Text, create_engine, insert

from ledger.entry import Entry
from ledger.keys import Head
from ledger.rules.people import DeviceSet
from ledger.tables.catalogue import LedgerTable
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Verdict
from tests.devices import TestDevice

SCHOOL = "SY01"
SERVER, PHONE, DESK = "00-server", "11-phone", "22-desk"
SETTING = Table("setting", MetaData(), Column("name", Text), Column("value", Text))


def row_of(entry: Entry, verdict: Verdict = Verdict.ACCEPTED, **columns: Any) -> dict[str, Any]:
    header = entry.header
    row = {name: getattr(header, name) for name in ("id", "school", "device", "number", "kind")}
    row |= {name: getattr(header, name) for name in ("subject", "scope", "actor", "at")}
    row |= {"hash": entry.hash, "header": entry.header_bytes, "body": entry.body_bytes}
    row |= {"verdict": verdict.value, "seq": None, "reason": "", "remarks": "{}"}
    return {**row, "received_at": "", **columns}


@dataclass
class Journal:
    """Three devices: the server introduces itself, a phone and a desk; the phone walks."""

    devices: dict[str, TestDevice] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)

    def __post_init__(self) -> None:
        for id in (SERVER, PHONE, DESK):
            self.devices[id] = TestDevice(school=SCHOOL, actor=f"of {id}", id=id)
        server = self.devices[SERVER]
        for device in self.devices.values():
            body = DeviceSet(name=device.id, actor=device.actor, public_key=device.key.public)
            self.add(server.write("device.set", f"device:{device.id}", body))
        self.sign(SERVER)

    def walk(self, device: str, check_ins: int, sign_each: int = 3) -> "Journal":
        for count in range(1, check_ins + 1):
            self.add(self.devices[device].check_in(f"p{count}"))
            if count % sign_each == 0:
                self.sign(device)
        return self

    def add(self, entry: Entry, verdict: Verdict = Verdict.ACCEPTED, **columns: Any) -> Entry:
        if verdict is Verdict.ACCEPTED:
            columns.setdefault("seq", 1 + sum(row["seq"] is not None for row in self.rows))
        self.rows.append(row_of(entry, verdict, **columns))
        return entry

    def sign(self, device: str) -> Head:
        self.heads.append(self.devices[device].head_of(self.devices[device].entries))
        return self.heads[-1]

    def open(self) -> Connection:
        """As a server holds it."""
        connection = create_engine("sqlite://").connect()
        LedgerTable.metadata.create_all(connection, tables=[ENTRY, HEAD])
        connection.execute(insert(ENTRY), self.rows)
        connection.execute(insert(HEAD), [head.model_dump() for head in self.heads])
        return connection

    def open_as(self, device: str, missing: Iterable[tuple[str, int]] = ()) -> Connection:
        """As a phone holds it: the server's key is pinned, others' entries may be missing."""
        lacking = set(missing)
        self.rows = [row for row in self.rows if (row["device"], row["number"]) not in lacking]
        self.heads = [head for head in self.heads if (head.device, head.number) not in lacking]
        connection = self.open()
        SETTING.metadata.create_all(connection)
        key = self.devices[SERVER].key.public
        identity = {"device": device, "server_device": SERVER, "server_key": key}
        connection.execute(
            insert(SETTING), {"name": "identity", "value": to_json(identity).decode()}
        )
        return connection
