"""Rounds and check-ins as the screens ask for them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from client.store import history
from client.store.checkin_views import CheckInFilter
from client.store.checkins import PAGE_ROWS, check_in, check_ins
from client.store.journal import append
from client.store.places import areas, people, person, point, point_of_label, points, school
from client.store.round_views import PointState, RoundStanding, RoundView
from client.store.rounds import rounds_now, rounds_on_day
from ledger.clock import Stamp
from ledger.codes import typed_code
from ledger.entry import Clock
from ledger.rules.checkins import (
    CheckInWithdrawn,
    Method,
    MissedPoint,
    Result,
    RoundClosed,
)
from ledger.rules.evidence import Doubt, Grade
from ledger.rules.people import StaffSet
from ledger.rules.places import PointSet
from ledger.rules.plans import PlanSet, Window
from ledger.rules.rule import Role
from ledger.verdicts import Verdict
from tests.client.store import office as school_
from tests.client.store.office import DAY, ME, SCHOOL, SEVEN, TOKENS, Office, stamp

ROUND = f"round:daily:{DAY}:0"
AFTER = SEVEN + timedelta(hours=2)


def pull(connection: Connection, office: Office) -> None:
    history.store(connection, office.identity, history.check(office.answer()))


def morning(connection: Connection, now: datetime = SEVEN) -> RoundView:
    return rounds_on_day(connection, SCHOOL, DAY, now, ME)[0]


def states(round_: RoundView) -> dict[str, PointState]:
    return {one.point: one.state for one in round_.points}


def close(connection: Connection, office: Office, missed: dict[str, str]) -> None:
    body = RoundClosed(
        points=tuple(TOKENS),
        missed=tuple(MissedPoint(point=one, because=why) for one, why in missed.items()),
        early=True,
    )
    append(connection, office.identity, stamp(), kind="round.closed", subject=ROUND, body=body)


def test_the_school_and_its_people(connection: Connection) -> None:
    found = school(connection, SCHOOL)
    assert found is not None
    assert (found.name, found.utc_offset_minutes) == ("实验学校", 480)
    assert school(connection, "other") is None
    assert len(people(connection, SCHOOL)) == 3
    head = person(connection, SCHOOL, "head")
    assert head is not None
    assert (head.name, head.roles, head.active) == ("张校长", (Role.PRINCIPAL,), True)
    assert person(connection, SCHOOL, "nobody") is None


def test_people_come_in_the_order_of_a_chinese_list(connection: Connection, office: Office) -> None:
    for name in ("周安", "何慧", "陈晓", "傅强", "冯丽", "Zoë"):
        office.tell("staff.set", f"staff:{name}", StaffSet(name=name, roles=(Role.TEACHER,)))
    pull(connection, office)
    named = [one.name for one in people(connection, SCHOOL) if one.id == one.name]
    assert named == ["Zoë", "陈晓", "冯丽", "傅强", "何慧", "周安"]


def test_points_come_in_walking_order_with_their_label(connection: Connection) -> None:
    assert [area.id for area in areas(connection, SCHOOL)] == ["gate", "lab"]
    found = points(connection, SCHOOL)
    assert [one.id for one in found] == list(TOKENS)
    assert found[0].label is not None
    assert found[0].label.token == TOKENS["p1"]
    assert (found[0].area_name, found[0].items[0].text) == ("大门", "灭火器压力正常")


def test_a_point_is_found_by_its_label(connection: Connection) -> None:
    by_token = point_of_label(connection, SCHOOL, token=TOKENS["p2"])
    by_digits = point_of_label(connection, SCHOOL, typed=typed_code(TOKENS["p2"]))
    assert by_token is not None
    assert by_token == by_digits
    assert by_token[0].id == "p2"
    assert point_of_label(connection, SCHOOL, token="XXXXXXXXXX") is None
    assert point_of_label(connection, "other", token=TOKENS["p2"]) is None


def test_a_retired_point_is_out_of_lists_and_rounds_and_still_opens(
    connection: Connection, office: Office
) -> None:
    office.tell("point.set", "point:p1", PointSet(area="gate", name="旧", retired=True), seen=2)
    pull(connection, office)
    assert "p1" not in {one.id for one in points(connection, SCHOOL)}
    assert point(connection, SCHOOL, "p1") is not None
    assert "p1" not in states(morning(connection))


def test_a_round_before_during_and_after_its_window(connection: Connection) -> None:
    before, after = SEVEN - timedelta(hours=1, seconds=1), SEVEN + timedelta(hours=1)
    assert morning(connection, before).standing is RoundStanding.AHEAD
    open_ = morning(connection)
    assert open_.standing is RoundStanding.OPEN
    assert set(states(open_).values()) == {PointState.OPEN}
    over = morning(connection, after)
    assert over.standing is RoundStanding.INCOMPLETE
    assert set(states(over).values()) == {PointState.MISSED}
    assert len(over.missing) == over.total == 4


def test_check_ins_of_mine_and_of_others_settle_points(
    connection: Connection, office: Office
) -> None:
    school_.check_in(connection, office, "p1")
    office.walk("p2")
    pull(connection, office)
    round_ = morning(connection)
    assert states(round_) == {
        "p1": PointState.DONE,
        "p2": PointState.DONE,
        "p3": PointState.OPEN,
        "p4": PointState.OPEN,
    }
    assert round_.done == 2
    assert [one.by for one in round_.points[:2]] == ["李老师", "王老师"]


def test_a_round_is_complete_when_all_was_seen_also_late(
    connection: Connection, office: Office
) -> None:
    for point_ in TOKENS:
        at = AFTER if point_ == "p4" else SEVEN
        school_.check_in(connection, office, point_, at=at)
    round_ = morning(connection, AFTER)
    assert round_.standing is RoundStanding.COMPLETE
    assert states(round_)["p4"] is PointState.LATE


def test_what_was_taken_back_is_open_again(connection: Connection, office: Office) -> None:
    entry = school_.check_in(connection, office, "p1")
    body = CheckInWithdrawn(entry=entry.header.id)
    append(connection, office.identity, stamp(), kind="checkin.withdrawn", subject=ROUND, body=body)
    assert states(morning(connection))["p1"] is PointState.OPEN


def test_an_abnormal_check_in_is_not_hidden_by_a_later_one(
    connection: Connection, office: Office
) -> None:
    school_.check_in(connection, office, "p1", result=Result.ABNORMAL)
    school_.check_in(connection, office, "p1", at=SEVEN + timedelta(minutes=9))
    assert morning(connection).points[0].abnormal


def test_a_round_ended_early_names_what_was_missed(connection: Connection, office: Office) -> None:
    school_.check_in(connection, office, "p1")
    close(connection, office, {"p2": "施工", "p3": "锁门", "p4": "锁门"})
    round_ = morning(connection)
    assert round_.closed
    assert round_.standing is RoundStanding.INCOMPLETE
    assert [one.because for one in round_.points] == ["", "施工", "锁门", "锁门"]


def test_a_round_of_others_is_not_mine(connection: Connection, office: Office) -> None:
    window = Window(name="晨间", opens="06:00", closes="08:00")
    body = PlanSet(name="实验楼", windows=(window,), points=("p3",), staff=("t2",))
    office.tell("plan.set", "plan:lab", body)
    pull(connection, office)
    mine = {one.plan: one.mine for one in rounds_on_day(connection, SCHOOL, DAY, SEVEN, ME)}
    assert mine == {"daily": True, "lab": False}


def test_after_midnight_the_night_before_is_still_walked(connection: Connection) -> None:
    night = datetime.fromisoformat("2026-03-03T01:00:00+08:00")
    local, rounds = rounds_now(connection, SCHOOL, night, ME)
    assert local.date().isoformat() == "2026-03-03"
    assert (DAY, 1) in {(one.day, one.slot) for one in rounds}
    over = {one.day for one in rounds_now(connection, SCHOOL, night + timedelta(hours=5), ME)[1]}
    assert DAY not in over


@pytest.fixture
def desk(connection: Connection, office: Office) -> Connection:
    """Five check-ins: two of the colleague's, one abnormal, one late, one withdrawn."""
    office.walk("p1")
    office.walk("p3", at=SEVEN + timedelta(minutes=10), result=Result.ABNORMAL, note="压力不足")
    pull(connection, office)
    school_.check_in(connection, office, "p2", at=SEVEN + timedelta(minutes=20))
    school_.check_in(connection, office, "p4", at=AFTER)
    back = school_.check_in(connection, office, "p1", at=AFTER + timedelta(minutes=10))
    body = CheckInWithdrawn(entry=back.header.id, because="扫错了")
    append(connection, office.identity, stamp(), kind="checkin.withdrawn", subject=ROUND, body=body)
    return connection


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (CheckInFilter(), ["p1", "p4", "p2", "p3", "p1"]),
        (CheckInFilter(area="lab"), ["p4", "p3"]),
        (CheckInFilter(actor="t2"), ["p3", "p1"]),
        (CheckInFilter(result=Result.ABNORMAL), ["p3"]),
        (CheckInFilter(late=True), ["p1", "p4"]),
        (CheckInFilter(grade=Grade.A), ["p2", "p3", "p1"]),
        (CheckInFilter(grade=Grade.B), ["p1", "p4"]),
        (CheckInFilter(day_from=DAY, day_to=DAY, plan="daily"), ["p1", "p4", "p2", "p3", "p1"]),
        (CheckInFilter(day_from="2026-03-03"), []),
        (CheckInFilter(day_to="2026-03-01"), []),
        (CheckInFilter(search="2号"), ["p2"]),
        (CheckInFilter(search="%"), []),
        (CheckInFilter(search="_"), []),
        (CheckInFilter(area="lab", actor=ME), ["p4"]),
    ],
)
def test_the_desk_filters(desk: Connection, wanted: CheckInFilter, found: list[str]) -> None:
    page = check_ins(desk, SCHOOL, wanted)
    assert [row.point for row in page.rows] == found
    assert page.total == len(found)


def test_a_line_carries_names_and_what_the_server_said(desk: Connection) -> None:
    lines = check_ins(desk, SCHOOL, CheckInFilter()).rows
    last = lines[-1]
    assert (last.point_name, last.area_name, last.actor_name) == ("1号点", "大门", "王老师")
    assert (last.plan_name, last.round_name) == ("日巡查", "晨间")
    assert last.verdict is Verdict.ACCEPTED
    assert lines[0].verdict is Verdict.PENDING
    assert lines[0].withdrawn
    assert last.at == SEVEN


def test_one_opens_with_its_items_and_evidence(desk: Connection) -> None:
    (line,) = check_ins(desk, SCHOOL, CheckInFilter(result=Result.ABNORMAL)).rows
    detail = check_in(desk, SCHOOL, line.id)
    assert detail is not None
    assert detail.line == line
    (item,) = detail.items
    assert (item.text, item.result, item.note) == ("灭火器压力正常", Result.ABNORMAL, "压力不足")
    assert detail.method is Method.SCAN
    assert detail.opens == SEVEN - timedelta(hours=1)
    assert detail.doubts == ()
    assert detail.device_at is None
    assert len(detail.entry_hash) == 64
    assert check_in(desk, SCHOOL, "no such entry") is None
    assert check_in(desk, "other", line.id) is None


def test_one_that_was_taken_back_opens_with_its_reason(desk: Connection) -> None:
    (line,) = check_ins(desk, SCHOOL, CheckInFilter(withdrawn=True)).rows
    detail = check_in(desk, SCHOOL, line.id)
    assert detail is not None
    assert detail.withdrawn_because == "扫错了"


def test_a_corrected_time_opens_with_what_the_phone_said(
    connection: Connection, office: Office
) -> None:
    a_year_ago = SEVEN - timedelta(days=365)
    clock = Clock(uptime=9.0, boot="b", offset=365 * 86_400.0)
    body = school_.check_in_body("p1")
    entry = append(
        connection,
        office.identity,
        Stamp(a_year_ago.isoformat(), clock),
        kind="checkin.recorded",
        subject=ROUND,
        body=body,
    )
    detail = check_in(connection, SCHOOL, entry.header.id)
    assert detail is not None
    assert (detail.line.at, detail.device_at) == (SEVEN, a_year_ago)
    assert detail.doubts == (Doubt.CLOCK_WRONG,)


def test_the_desk_pages(connection: Connection, office: Office) -> None:
    many = PAGE_ROWS + 7
    for count in range(many):
        office.walk("p1", at=SEVEN + timedelta(minutes=count))
    pull(connection, office)
    first = check_ins(connection, SCHOOL, CheckInFilter())
    second = check_ins(connection, SCHOOL, CheckInFilter(), page=1)
    assert (len(first.rows), len(second.rows), first.total) == (PAGE_ROWS, 7, many)
    times = [row.at for row in (*first.rows, *second.rows)]
    assert times == sorted(times, reverse=True)
    assert len({row.id for row in (*first.rows, *second.rows)}) == many
    assert check_ins(connection, SCHOOL, CheckInFilter(), page=9).rows == ()
