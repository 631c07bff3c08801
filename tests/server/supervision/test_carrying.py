"""What the district says reaches the school's journal: once, in its words, never refused."""

from datetime import timedelta

import pytest

from ledger.rules.district.bodies import WatchedLifted, WatchedNotified, WatchedSupervised
from ledger.rules.hazards import bodies
from ledger.rules.hazards.bodies import Category, HazardGrade
from ledger.tables import RECORDS
from ledger.verdicts import Reason
from server.district import District
from tests.server.school import OFFICER, PRINCIPAL, SCHOOL, TEACHER, admit
from tests.server.supervision.desks import (
    INSPECTOR_NAME,
    OFFICE,
    do,
    entries,
    found,
    hazard,
    report_major,
    say,
    watched,
)


def supervised(district: District, days: int = 7) -> WatchedSupervised:
    until = (district.now() + timedelta(days=days, hours=8)).date().isoformat()
    return WatchedSupervised(demand="立即搬出全部学生", deadline=until)


def test_a_supervision_stands_on_the_schools_hazard_and_comes_back_as_arrived(district: District):
    inspector, (teacher, _) = found(district), admit(district, TEACHER)
    report_major(district, teacher)
    district.supervision.look()
    order = supervised(district)
    assert say(district, inspector, "supervised", order).verdict == "accepted"
    (row,) = watched(district)
    assert (row["supervised_until"], row["on_the_way"]) == (order.deadline, 1)
    district.supervision.look()
    detail = hazard(district)["detail"]
    assert detail["supervised_until"] == order.deadline
    assert detail["supervised_demand"] == "立即搬出全部学生"
    assert (detail["supervised_by"], detail["supervised_office"]) == (INSPECTOR_NAME, OFFICE)
    (row,) = watched(district)
    assert row["on_the_way"] == 0 and row["detail"]["orders"][0]["arrived_at"]
    assert district.supervision.look() == 0 and not district.supervision.waits()
    assert len(entries(district, "hazard.supervised")) == 1


def test_an_odd_record_keeps_no_other_order_from_its_school(district: District):
    inspector, (teacher, _) = found(district), admit(district, TEACHER)
    for one in ("h1", "h2"):
        report_major(district, teacher, one)
    district.supervision.look()
    for one in ("h1", "h2"):
        order = supervised(district)
        assert say(district, inspector, "supervised", order, one).verdict == "accepted"
    with district.database.write() as connection:
        first = RECORDS["watched"].c.id == f"{SCHOOL}:h1"
        connection.execute(RECORDS["watched"].update().where(first).values(detail="{}"))
    assert district.supervision.waits()
    district.supervision.look()
    assert len(entries(district, "hazard.supervised")) == 1


def test_a_server_that_dies_after_carrying_carries_nothing_twice(
    district: District, monkeypatch: pytest.MonkeyPatch
):
    inspector, (teacher, _) = found(district), admit(district, TEACHER)
    report_major(district, teacher)
    district.supervision.look()
    say(district, inspector, "supervised", supervised(district))

    def dies(_schools: object) -> int:
        raise ConnectionError("the power is gone")

    with monkeypatch.context() as patch:
        patch.setattr(district.supervision, "_tell", dies)
        with pytest.raises(ConnectionError):
            district.supervision.look()
    assert watched(district)[0]["on_the_way"] == 1
    again = District(district.settings, district.now)
    try:
        assert again.supervision.look() == 1, "only the way back"
    finally:
        again.close()
    assert len(entries(district, "hazard.supervised")) == 1
    assert watched(district)[0]["on_the_way"] == 0


def test_a_lifted_supervision_and_a_word_arrive_too(district: District):
    inspector, (teacher, _) = found(district), admit(district, TEACHER)
    report_major(district, teacher)
    district.supervision.look()
    say(district, inspector, "supervised", supervised(district))
    say(district, inspector, "notified", WatchedNotified(text="全区通报：地下室不得住人"))
    say(district, inspector, "lifted", WatchedLifted(because="已封闭"))
    district.supervision.look()
    found_ = hazard(district)
    assert found_["detail"]["supervised_until"] == ""
    said = [line["kind"] for line in found_["detail"]["history"]]
    assert said[1:] == ["hazard.supervised", "hazard.notified", "hazard.supervision_lifted"]
    assert found_["detail"]["history"][2]["said"]["text"] == "全区通报：地下室不得住人"


def test_a_school_that_takes_back_its_own_step_keeps_the_districts(district: District):
    inspector, (teacher, _), (principal, _) = (
        found(district),
        admit(district, TEACHER),
        admit(district, PRINCIPAL),
    )
    report_major(district, teacher)
    graded = bodies.HazardGraded(grade=HazardGrade.MAJOR, category=Category.FIRE)
    do(district, principal, "graded", graded)
    district.supervision.look()
    order = supervised(district)
    say(district, inspector, "supervised", order)
    district.supervision.look()
    step = principal.entries[-1].header.id
    taken = do(district, principal, "withdrawn", bodies.HazardWithdrawn(entry=step))
    assert taken.verdict == "accepted"
    assert hazard(district)["detail"]["supervised_until"] == order.deadline


def test_of_two_officers_the_first_is_right(district: District):
    first, (teacher, _) = found(district), admit(district, TEACHER)
    second, _ = admit(district, "d01", "0000")
    report_major(district, teacher)
    district.supervision.look()
    assert say(district, first, "supervised", supervised(district), seen=1).verdict == "accepted"
    late = say(district, second, "supervised", supervised(district, 3), seen=1)
    assert late.reason is Reason.LOST_RACE
    assert late.remarks["what"] == "watched.supervised"


def test_a_closed_hazard_can_be_spoken_of_and_not_supervised(district: District):
    inspector, (principal, _), (officer, _) = (
        found(district),
        admit(district, PRINCIPAL),
        admit(district, OFFICER),
    )
    photos = tuple(
        bodies.PhotoNote(hash=one * 64, use=use)
        for one, use in (("b", bodies.PhotoUse.BEFORE), ("a", bodies.PhotoUse.AFTER))
    )
    report_major(district, officer, lane=bodies.Lane.ON_SPOT, photos=photos, measure="封闭")
    do(district, principal, "accepted", bodies.HazardAccepted())
    do(district, principal, "closed", bodies.HazardClosed())
    district.supervision.look()
    refused = say(district, inspector, "supervised", supervised(district))
    assert (refused.reason, refused.remarks["who"]) == (Reason.ALREADY_CLOSED, "林校")
    told = say(district, inspector, "notified", WatchedNotified(text="整改及时"))
    assert told.verdict == "accepted"
    district.supervision.look()
    assert hazard(district)["detail"]["history"][-1]["kind"] == "hazard.notified"


def test_nobody_at_a_school_supervises_and_no_officer_writes_hazards(district: District):
    inspector, (teacher, _), (principal, _) = (
        found(district),
        admit(district, TEACHER),
        admit(district, PRINCIPAL),
    )
    report_major(district, teacher)
    district.supervision.look()
    own = say(district, principal, "supervised", supervised(district), scope="district:SY01")
    assert own.reason is Reason.NOT_ALLOWED
    body = bodies.HazardReported(content="督查发现")
    other = do(district, inspector, "reported", body, "x")
    assert other.reason is Reason.NOT_ALLOWED


def test_a_deadline_of_yesterday_is_refused_with_its_day(district: District):
    inspector, (teacher, _) = found(district), admit(district, TEACHER)
    report_major(district, teacher)
    district.supervision.look()
    refused = say(district, inspector, "supervised", supervised(district, -2))
    assert refused.reason is Reason.DEADLINE_PAST


def test_what_nobody_watches_cannot_be_supervised(district: District):
    inspector = found(district)
    refused = say(district, inspector, "supervised", supervised(district), hazard="nowhere")
    assert refused.reason is Reason.NOT_FOUND
