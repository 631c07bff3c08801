"""How long pupils who left are kept, and what goes after that."""

from datetime import date, datetime

import pytest

from ledger.rules.dorms.students import StudentLeft
from ledger.verdicts import Reason
from server.district import District
from server.journal.journal import Journal
from server.journal.own_hand import Fact, NotAccepted, write_as_server
from server.roster.erasure import erase, pupils
from server.roster.retention import expired, kept_since
from tests.server.school import SCHOOL
from tests.two_devices.dorm import found_dorm, student


@pytest.mark.parametrize(
    ("today", "days", "since"),
    [
        ("2026-11-25", 0, "2026-09-01"),
        ("2026-09-01", 0, "2026-09-01"),
        ("2026-08-31", 0, "2025-09-01"),
        ("2026-11-25", 30, "2026-10-26"),
    ],
)
def test_by_default_the_school_year_is_kept(today: str, days: int, since: str) -> None:
    assert kept_since(date.fromisoformat(today), days).isoformat() == since


def test_who_left_before_the_school_year_goes_and_who_is_here_stays(district: District) -> None:
    found_dorm(district)
    with district.journal.append(SCHOOL) as work:
        for id, until in (("s1", "2026-07-01"), ("s2", "2026-10-01")):
            left = StudentLeft(class_id="701", building="b1", until=until)
            write_as_server(work, [Fact("student.left", f"student:{id}", left)])
    now = datetime.fromisoformat("2026-11-25T22:00:00+08:00")
    with district.database.read() as connection:
        found = expired(connection, SCHOOL, now, 0)
    assert found.pupils == ("s1",)
    assert erase(district.journal, SCHOOL, found.pupils, found.before) == 2
    with district.database.read() as connection:
        assert [one.id for one in pupils(connection, SCHOOL)] == ["s2", "s3", "s4"]
        with pytest.raises(LookupError):
            expired(connection, "XX99", now, 0)


def test_nothing_more_is_written_about_one_who_was_erased(district: District) -> None:
    found_dorm(district)
    other = Journal(district.database, district.now)  # another process, with a memory of its own
    again = [Fact("student.set", "student:s1", student("s1"))]
    with other.append(SCHOOL) as work:
        write_as_server(work, again)
    erase(district.journal, SCHOOL, ["s1"])
    for journal in (district.journal, other):
        with pytest.raises(NotAccepted) as refused, journal.append(SCHOOL) as work:
            write_as_server(work, again)
        assert refused.value.receipt.reason is Reason.NOT_FOUND
