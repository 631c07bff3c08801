"""After an update: the server's records anew, beside the pushes, as far as a killed one came."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select, update

from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from server.app import create_app
from server.clock import utc_now
from server.district import District
from server.journal import follow_rules
from server.settings import Settings
from server.tables import PROJECTION
from tests.devices import FIRST_MORNING
from tests.server.school import SCHOOL, TEACHER, admit, found_school
from tests.server.test_push import Admitted, push, verdicts

MORNINGS = [FIRST_MORNING + timedelta(days=day) for day in range(7)]
Rows = dict[str, set[tuple[Any, ...]]]


def records(district: District) -> Rows:
    with district.database.read() as connection:
        return {
            name: {tuple(row) for row in connection.execute(select(table)).all()}
            for name, table in RECORDS.items()
        }


@pytest.fixture
async def phone(client: httpx.AsyncClient, district: District) -> Admitted:
    phone = admit(district, TEACHER)
    for phone[0].now in MORNINGS:
        phone[0].check_in("p1")
    answered = verdicts(await push(client, phone))
    assert answered == ["accepted"] * len(MORNINGS), answered
    return phone


def forget_what_was_meant(district: District) -> Rows:
    """As older rules would have left the records; returns them as they should be."""
    right = records(district)
    with district.database.write() as connection:
        connection.execute(delete(PROJECTION))
        connection.execute(update(RECORDS["staff"]).values(name="旧规则"))
        connection.execute(delete(RECORDS["label"]))
        connection.execute(update(RECORDS["round"]).values(day="1999-01-01"))
        connection.execute(delete(RECORDS["checkin"]))
    assert records(district) != right
    return right


def finish(district: District) -> int:
    done = 0
    while some := district.follow_rules.step(SCHOOL):
        done += some
    return done


def test_a_start_makes_first_what_the_judge_looks_up_and_then_the_rest(
    settings: Settings, district: District, phone: Admitted
) -> None:
    right = forget_what_was_meant(district)
    after = District(settings)
    for name in ("staff", "label", "point"):
        assert records(after)[name] == right[name]
    assert records(after)["checkin"] == set(), "a long history keeps nobody waiting at the door"
    assert finish(after) > len(MORNINGS)
    assert records(after) == right
    assert after.follow_rules.behind() == [] and after.follow_rules.step(SCHOOL) == 0
    after.close()


def test_one_that_is_killed_goes_on_where_it_was(
    settings: Settings, district: District, phone: Admitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_rules, "SUBJECTS_AT_ONCE", 3)
    right = forget_what_was_meant(district)
    first = District(settings)
    assert [first.follow_rules.step(SCHOOL) for _ in range(3)] == [3, 3, 3]
    first.close()
    second = District(settings)
    left = finish(second)
    assert records(second) == right
    forget_what_was_meant(second)
    third = District(settings)
    assert finish(third) == left + 9
    for one in (second, third):
        one.close()


async def test_pushes_between_two_batches_count_as_ever(
    client: httpx.AsyncClient,
    district: District,
    phone: Admitted,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(follow_rules, "SUBJECTS_AT_ONCE", 1)
    forget_what_was_meant(district)
    district.follow_rules.look_ups()
    device, _ = phone
    for morning in MORNINGS:
        assert district.follow_rules.step(SCHOOL) == 1
        device.now = morning + timedelta(minutes=10)
        sent = device.push_of([device.check_in("p2")])
        assert verdicts(await push(client, phone, sent)) == ["accepted"]
    finish(district)
    then = records(district)
    assert len(then["checkin"]) == 2 * len(MORNINGS)
    with district.database.write() as connection:
        connection.execute(delete(PROJECTION))
    finish(district)
    assert records(district) == then


async def test_a_running_server_does_it_by_itself(settings: Settings, district: District) -> None:
    with district.database.write() as connection:
        connection.execute(delete(PROJECTION))
        connection.execute(delete(RECORDS["plan"]))
    app = create_app(settings, utc_now)
    async with app.router.lifespan_context(app):
        for _ in range(200):
            if not app.state.district.follow_rules.behind():
                break
            await asyncio.sleep(0.02)
        assert records(app.state.district)["plan"]


async def test_one_school_that_cannot_be_read_keeps_back_no_other_and_is_tried_again(
    settings: Settings,
    district: District,
    phone: Admitted,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    found_school(district, "AA01")
    right = forget_what_was_meant(district)
    spoilt = (ENTRY.c.school == "AA01", ENTRY.c.subject == "staff:t1")
    with district.database.write() as connection:
        whole = connection.execute(select(ENTRY).where(*spoilt)).one()
        connection.execute(update(ENTRY).where(*spoilt).values(header=b"{"))
    after = District(settings)
    assert "AA01" in caplog.text, "the others are served"
    caplog.clear()
    monkeypatch.setattr(follow_rules, "PAUSE_S", 0.05)
    going = asyncio.create_task(after.follow_rules.keep_going(after.reading, after.writing))
    await until(lambda: after.follow_rules.behind() == ["AA01"])
    await until(lambda: caplog.text.count("AA01: the records could not be made anew") > 1)
    assert not going.done()
    with after.database.write() as connection:
        connection.execute(update(ENTRY).where(*spoilt).values(header=whole.header))
    await asyncio.wait_for(going, 20)
    assert records(after) == right
    after.close()


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(400):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError
