"""What a school's hazard tells the district: at once when it is major, in time when it is late,
everything once, and nothing else."""

import json
from datetime import datetime, timedelta

import pytest

from ledger.codes import DISTRICT
from ledger.entry import BODY_LIMIT_BYTES, HEADER_LIMIT_BYTES, Clock
from ledger.rules.district.bodies import STEPS_AT_MOST
from ledger.rules.hazards import bodies
from ledger.rules.hazards.bodies import Category, HazardGrade, PhotoNote
from ledger.rules.hazards.conditions import national_list
from ledger.tables import RECORDS
from ledger.wire.journal import Pull, Pulled
from server.district import District
from server.journal.append import Sender
from server.journal.pull import pull
from tests.server.conftest import Later
from tests.server.school import OFFICER, PRINCIPAL, SCHOOL, TEACHER, admit, found_school
from tests.server.supervision.desks import do, entries, found, report_major, watched

GENERAL = bodies.HazardReported(content="灯管不亮", point="p1")


def in_days(district: District, days: int) -> str:
    """A day of the school's own."""
    return (district.now() + timedelta(days=days, hours=8)).date().isoformat()


def assign(district: District, device, days: int, hazard: str = "h1") -> None:
    graded = bodies.HazardGraded(grade=HazardGrade.GENERAL, category=Category.UTILITIES)
    due = in_days(district, days)
    assigned = bodies.HazardAssigned(responsible=TEACHER, measure="更换灯管", deadline=due)
    for kind, body in (("graded", graded), ("assigned", assigned)):
        assert do(district, device, kind, body, hazard).verdict == "accepted"


def test_a_major_hazard_is_on_the_list_in_words_of_its_school(district: District):
    found(district)
    teacher, _ = admit(district, TEACHER)
    report_major(district, teacher, category=Category.FIRE, condition="fire-duty")
    assert district.supervision.look() == 1
    (row,) = watched(district)
    national = {one.id: one for one in national_list()}
    assert (row["of_school"], row["school_name"]) == (SCHOOL, "实验学校")
    assert (row["number"], row["state"], row["grade"]) == ("2026-0001", "registered", "major")
    assert (row["place"], row["content"]) == ("北楼地下室", "地下室住宿舍")
    assert (row["detail"]["why"], row["detail"]["condition"]) == (
        ["major"],
        national["fire-duty"].sentence,
    )
    (line,) = row["detail"]["history"]
    assert (line["kind"], line["by_name"]) == ("hazard.reported", "陈晓")


def test_an_odd_record_keeps_no_other_hazard_from_the_district(district: District):
    found(district)
    teacher, _ = admit(district, TEACHER)
    report_major(district, teacher)
    report_major(district, teacher, "h2")
    with district.database.write() as connection:
        odd = RECORDS["hazard"].update().where(RECORDS["hazard"].c.id == "h1")
        connection.execute(odd.values(grade="odd", deadline="2020-01-01"))
    assert district.supervision.waits()
    assert district.supervision.look() == 1
    assert [row["id"] for row in watched(district)] == [f"{SCHOOL}:h2"]


def test_a_place_or_words_left_out_are_told_by_the_schools_own_names(district: District):
    found(district)
    teacher, _ = admit(district, TEACHER)
    report_major(district, teacher, content="", place="", point="p2", area="gate", item="1")
    district.supervision.look()
    (row,) = watched(district)
    assert (row["place"], row["content"]) == ("校门 2 号点", "门体牢固")


def test_a_general_hazard_in_time_is_none_of_the_districts_business(district: District):
    found(district)
    teacher, principal = admit(district, TEACHER)[0], admit(district, PRINCIPAL)[0]
    do(district, teacher, "reported", GENERAL)
    assign(district, principal, 3)
    assert not district.supervision.waits() and district.supervision.look() == 0
    assert watched(district) == []


def test_a_hazard_graded_major_later_brings_its_whole_history(district: District):
    found(district)
    teacher, principal = admit(district, TEACHER)[0], admit(district, PRINCIPAL)[0]
    do(district, teacher, "reported", GENERAL)
    assert district.supervision.look() == 0
    graded = bodies.HazardGraded(grade=HazardGrade.MAJOR, category=Category.FIRE)
    do(district, principal, "graded", graded)
    district.supervision.look()
    (row,) = watched(district)
    told = [line["kind"] for line in row["detail"]["history"]]
    assert told == ["hazard.reported", "hazard.graded"]
    assert row["category"] == "fire"


def test_a_late_hazard_climbs_to_the_district_without_anybody_writing(
    district: District, clock: Later
):
    found(district)
    teacher, principal = admit(district, TEACHER)[0], admit(district, PRINCIPAL)[0]
    do(district, teacher, "reported", GENERAL)
    assign(district, principal, 2)
    clock.wait(days=5)
    assert district.supervision.look() == 0, "three days late: the principal's"
    clock.wait(days=1)
    assert district.supervision.waits()
    district.supervision.look()
    (row,) = watched(district)
    assert (row["detail"]["why"], row["responsible"]) == (["overdue"], "陈晓")
    assert row["detail"]["history"][-1]["said"]["responsible"] == "陈晓"
    clock.wait(days=9)
    assert district.supervision.look() == 0, "later still is no news"


def test_every_further_step_is_told_once_until_it_is_closed(district: District):
    found(district)
    teacher, principal = admit(district, TEACHER)[0], admit(district, PRINCIPAL)[0]
    report_major(district, teacher)
    district.supervision.look()
    graded = bodies.HazardGraded(grade=HazardGrade.MAJOR, category=Category.BUILDING)
    assigned = bodies.HazardAssigned(
        responsible=OFFICER, measure="搬出", deadline=in_days(district, 9), protection="封闭地下室"
    )
    do(district, principal, "graded", graded)
    do(district, principal, "assigned", assigned)
    district.supervision.look()
    (row,) = watched(district)
    assert (row["state"], row["responsible"]) == ("assigned", "周安")
    assert row["detail"]["protection"] == "封闭地下室"
    officer, _ = admit(district, OFFICER)
    after = PhotoNote(hash="a" * 64, use=bodies.PhotoUse.AFTER)
    rectified = bodies.HazardRectified(done="已搬出", photos=(after,))
    do(district, officer, "rectified", rectified, photos=["a" * 64])
    do(district, principal, "accepted", bodies.HazardAccepted())
    do(district, principal, "closed", bodies.HazardClosed())
    district.supervision.look()
    assert district.supervision.look() == 0
    (row,) = watched(district)
    assert row["state"] == "closed" and row["closed_at"]
    told = [line["kind"].partition(".")[2] for line in row["detail"]["history"]]
    assert told == ["reported", "graded", "assigned", "rectified", "accepted", "closed"]
    assert [one["hash"] for one in row["detail"]["photos"]] == ["a" * 64]


def test_a_step_by_a_wrong_clock_says_what_the_clock_said(district: District):
    teacher, _ = admit(district, TEACHER)
    found(district)
    report_major(district, teacher)
    now = district.now()
    ahead = now + timedelta(days=365)
    offset = (now - ahead).total_seconds()
    clock = Clock(uptime=1.0, boot="b", server=now.isoformat(), offset=offset)
    comment = bodies.HazardCommented(text="已经封门")
    said = ahead.isoformat(timespec="milliseconds")
    assert do(district, teacher, "commented", comment, at=said, clock=clock).verdict == "accepted"
    district.supervision.look()
    (row,) = watched(district)
    reported, commented = row["detail"]["history"]
    assert (reported["device_at"], commented["device_at"]) == ("", said)
    assert abs(datetime.fromisoformat(commented["at"]) - now) < timedelta(seconds=1)


def test_a_step_taken_back_is_marked_at_the_district_too(district: District):
    found(district)
    teacher, principal = admit(district, TEACHER)[0], admit(district, PRINCIPAL)[0]
    report_major(district, teacher)
    graded = bodies.HazardGraded(grade=HazardGrade.GENERAL, category=Category.FOOD)
    do(district, principal, "graded", graded)
    district.supervision.look()
    taken = principal.entries[-1].header.id
    do(district, principal, "withdrawn", bodies.HazardWithdrawn(entry=taken))
    district.supervision.look()
    (row,) = watched(district)
    assert (row["state"], row["grade"]) == ("registered", "major")
    assert [line["withdrawn"] for line in row["detail"]["history"]] == [False, True, False]


def test_a_district_founded_late_catches_up(district: District):
    teacher, _ = admit(district, TEACHER)
    report_major(district, teacher)
    assert district.supervision.look() == 0 and not district.supervision.waits()
    found(district)
    assert district.supervision.waits() and district.supervision.look() == 1


def test_a_server_that_dies_between_two_commits_tells_everything_once(
    district: District, monkeypatch: pytest.MonkeyPatch
):
    found(district)
    teacher, _ = admit(district, TEACHER)
    for number in range(5):
        report_major(district, teacher, f"h{number}")
    monkeypatch.setattr("server.supervision.watch.AT_ONCE", 2)
    append, opened = district.journal.append, []

    def dies_at_the_second(school: str):
        opened.append(school)
        if len(opened) == 2:
            raise ConnectionError("the power is gone")
        return append(school)

    monkeypatch.setattr(district.journal, "append", dies_at_the_second)
    with pytest.raises(ConnectionError):
        district.supervision.look()
    assert len(watched(district)) == 2
    assert district.supervision.look() == 3
    assert len(watched(district)) == len(entries(district, "watched.noted")) == 5


def test_two_servers_that_look_at_once_tell_it_once(district: District):
    """The second one reads what it would tell before the first has written, and finds it told."""
    found(district)
    teacher, _ = admit(district, TEACHER)
    report_major(district, teacher)
    other = District(district.settings, district.now)
    append = other.journal.append

    def first_the_other_one(school: str):
        assert district.supervision.look() == 1
        return append(school)

    other.journal.append = first_the_other_one  # type: ignore[method-assign]
    try:
        assert other.supervision.look() == 0
    finally:
        other.close()
    assert len(entries(district, "watched.noted")) == 1


def test_every_school_is_told_of_by_its_own_name(district: District):
    found(district)
    found_school(district, "SY02")
    for school in (SCHOOL, "SY02"):
        device, _ = admit(district, TEACHER, school)
        report_major(district, device)
    assert district.supervision.look(["SY02"]) == 1
    assert district.supervision.look() == 1
    assert sorted(row["of_school"] for row in watched(district)) == [SCHOOL, "SY02"]
    ids = {row["id"] for row in watched(district)}
    assert ids == {"SY01:h1", "SY02:h1"}


def test_the_longest_history_there_can_be_fits_into_entries_phones_can_read(district: District):
    found(district)
    teacher, _ = admit(district, TEACHER)
    report_major(district, teacher, content="险" * 2000)
    for round_ in range(STEPS_AT_MOST + 1):
        hashes = [f"{round_:02x}{place:02x}" * 16 for place in range(12)]
        photos = tuple(PhotoNote(hash=one) for one in hashes)
        body = bodies.HazardCommented(text="\x01\u2028" * 1000, photos=photos)
        assert do(district, teacher, "commented", body, photos=hashes).verdict == "accepted"
    assert district.supervision.look() == 2
    for one in entries(district, "watched.noted"):
        assert one.verdict == "accepted"
        assert len(one.header) < HEADER_LIMIT_BYTES and len(one.body) < BODY_LIMIT_BYTES
    (row,) = watched(district)
    assert len(row["detail"]["history"]) == STEPS_AT_MOST + 2


def test_what_is_told_names_no_id_of_the_school_and_no_field_of_a_pupil(district: District):
    found(district)
    teacher, _ = admit(district, TEACHER)
    report_major(district, teacher, point="p1", area="gate", item="1", check_in="c")
    district.supervision.look()
    (noted,) = entries(district, "watched.noted")
    body = json.loads(noted.body)
    assert set(body) == {
        *("salt", "school", "school_name", "why", "number", "state", "grade", "category"),
        *("place", "content", "reported_at", "told", "steps"),
    }
    assert set(body["steps"][0]["said"]) == {"content"}
    assert noted.scope == f"district:{DISTRICT}"


def test_the_list_goes_to_officers_of_the_district_and_to_nobody_else(district: District):
    inspector = found(district)
    teacher, principal = admit(district, TEACHER)[0], admit(district, PRINCIPAL)[0]
    report_major(district, teacher)
    district.supervision.look()

    def kinds(device) -> set[str]:
        sender = Sender(device.school, device.id, device.actor)
        pieces = pull(district.journal, sender, Pull(cursors={}, epoch=""))
        answer = Pulled.model_validate_json(b"".join(one.plain for one in pieces))
        return {json.loads(one.header)["kind"] for one in answer.entries}

    assert "watched.noted" in kinds(inspector)
    assert not {"hazard.reported", "point.set", "checkin.recorded"} & kinds(inspector)
    assert "watched.noted" not in kinds(principal)
