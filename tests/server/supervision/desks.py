"""A school and its district for the tests: short words for what people do."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json
from sqlalchemy import select

from ledger.codes import DISTRICT
from ledger.entry import Body
from ledger.rules.district.rule import watched_subject
from ledger.rules.hazards import bodies
from ledger.rules.hazards.bodies import HazardGrade
from ledger.scopes import district_scope
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from ledger.wire.journal import Receipt
from server.district import District
from server.journal.append import Sender
from server.journal.push import push
from server.supervision.founding import add_officer, found_district
from tests.devices import TestDevice
from tests.server.school import SCHOOL, admit

INSPECTOR, INSPECTOR_NAME = "d01", "王科"
OFFICE = "明湖区教育局"


def found(district: District) -> TestDevice:
    """The district's journal, its officer and the officer's device."""
    found_district(district.journal, OFFICE)
    add_officer(district.journal, INSPECTOR, INSPECTOR_NAME)
    device, _ = admit(district, INSPECTOR, DISTRICT)
    return device


def send(district: District, device: TestDevice, many: int = 1) -> list[Receipt]:
    sender = Sender(device.school, device.id, device.actor)
    return push(district.journal, sender, device.push_of(device.entries[-many:])).receipts


def do(
    district: District, device: TestDevice, kind: str, body: Body, hazard: str = "h1", **header: Any
) -> Receipt:
    """One step at the school, seen and sent at once."""
    header.setdefault("at", district.now().isoformat(timespec="milliseconds"))
    device.write(f"hazard.{kind}", f"hazard:{hazard}", body, seen=99, **header)
    (receipt,) = send(district, device)
    return receipt


def report_major(district: District, device: TestDevice, hazard: str = "h1", **fields: Any) -> None:
    body = bodies.HazardReported(
        **{"content": "地下室住宿舍", "grade": HazardGrade.MAJOR, "place": "北楼地下室", **fields}
    )
    photos = [photo.hash for photo in body.photos]
    assert do(district, device, "reported", body, hazard, photos=photos).verdict == "accepted"


def say(
    district: District,
    device: TestDevice,
    kind: str,
    body: Body,
    hazard: str = "h1",
    school: str = SCHOOL,
    **header: Any,
) -> Receipt:
    """What an officer writes about a hazard, sent at once."""
    at = district.now().isoformat(timespec="milliseconds")
    header = {"seen": 99, "at": at, "scope": district_scope(DISTRICT), **header}
    device.write(f"watched.{kind}", watched_subject(school, hazard), body, **header)
    (receipt,) = send(district, device)
    return receipt


def watched(district: District) -> list[dict[str, Any]]:
    """The district's list."""
    return _rows(district, "watched", DISTRICT)


def hazard(district: District, id: str = "h1", school: str = SCHOOL) -> dict[str, Any]:
    return next(row for row in _rows(district, "hazard", school) if row["id"] == id)


def _rows(district: District, table: str, school: str) -> list[dict[str, Any]]:
    source = RECORDS[table]
    with district.database.read() as connection:
        rows = connection.execute(select(source).where(source.c.school == school))
        return [{**row._mapping, "detail": from_json(row.detail)} for row in rows]


def entries(district: District, kind: str) -> Sequence[Any]:
    with district.database.read() as connection:
        return connection.execute(
            select(ENTRY).where(ENTRY.c.kind == kind).order_by(ENTRY.c.seq)
        ).all()
