"""Hazard numbers: per school and year, without gaps and without doubles, whoever pushes when."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from ledger.rules.hazards.bodies import HazardReported, Lane
from ledger.tables import RECORDS
from ledger.verdicts import Reason
from server.district import District
from server.journal.append import Sender
from server.journal.push import push
from tests.devices import TestDevice
from tests.server.school import OFFICER, SCHOOL, TEACHER, admit, found_school

HAZARD = RECORDS["hazard"]


def reports(device: TestDevice, many: int) -> None:
    for number in range(many):
        body = HazardReported(content=f"第 {number} 处")
        device.write("hazard.reported", f"hazard:{device.actor}-{number}", body)


def send(district: District, device: TestDevice) -> list[str]:
    """In batches of three, as a bad connection makes them."""
    numbers: list[str] = []
    for start in range(0, len(device.entries), 3):
        some = device.entries[start : start + 3]
        sender = Sender(device.school, device.id, device.actor)
        pushed = push(district.journal, sender, device.push_of(some))
        numbers += [one.remarks.get("number", "") for one in pushed.receipts]
    return numbers


def test_devices_that_push_at_once_get_numbers_without_gaps_or_doubles(district: District):
    devices = [admit(district, actor)[0] for actor in (TEACHER, OFFICER, TEACHER, OFFICER)]
    for place, device in enumerate(devices):
        for number in range(15):
            body = HazardReported(content="漏水")
            device.write("hazard.reported", f"hazard:{place}-{number}", body)
    with ThreadPoolExecutor(4) as pool:
        given = [
            number for some in pool.map(lambda d: send(district, d), devices) for number in some
        ]
    assert sorted(given) == [f"2026-{number:04}" for number in range(1, 61)]
    with district.database.read() as connection:
        kept = connection.scalars(select(HAZARD.c.number).order_by(HAZARD.c.number)).all()
    assert kept == sorted(given)


def test_a_refused_report_uses_up_no_number(district: District):
    device, _ = admit(district, TEACHER)
    reports(device, 1)
    device.write("hazard.reported", "hazard:bad", HazardReported(lane=Lane.ON_SPOT))
    device.write("hazard.reported", "hazard:next", HazardReported(content="又一处"))
    pushed = push(district.journal, Sender(SCHOOL, device.id, TEACHER), device.push_of())
    assert [one.reason for one in pushed.receipts] == [None, Reason.PHOTO_MISSING, None]
    assert [one.remarks.get("number") for one in pushed.receipts] == [
        "2026-0001",
        None,
        "2026-0002",
    ]


def test_the_same_push_again_gets_the_same_numbers(district: District):
    device, _ = admit(district, TEACHER)
    reports(device, 2)
    assert send(district, device) == send(district, device) == ["2026-0001", "2026-0002"]


def test_every_school_counts_for_itself(district: District):
    found_school(district, "SY02")
    for school in (SCHOOL, "SY02"):
        device, _ = admit(district, TEACHER, school)
        reports(device, 1)
        assert send(district, device) == ["2026-0001"]


def test_the_year_is_that_of_the_finding(district: District):
    device, _ = admit(district, TEACHER)
    for year in ("2025-12-31T23:50:00+08:00", "2026-01-01T00:10:00+08:00"):
        body = HazardReported(content="跨年")
        device.write("hazard.reported", f"hazard:{year[:4]}", body, at=year)
    assert send(district, device) == ["2025-0001", "2026-0001"]
