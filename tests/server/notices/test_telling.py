"""The ladder on the server: each step is told once, in time, and written where phones see it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import from_json
from sqlalchemy import select

from ledger.rules.dorms.bodies import MissingFollowed, MissingFound, MissingRaised, Outcome
from ledger.rules.dorms.missing import missing_subject
from ledger.tables import RECORDS
from server.district import District
from server.journal.append import Sender
from server.journal.own_hand import Fact, write_as_server
from server.journal.push import push
from server.notices.channels import Channels
from server.notices.telling import Telling
from server.settings import Settings
from tests.devices import TestDevice
from tests.server.conftest import Later
from tests.server.notices.receiver import Receiver, receiving
from tests.server.school import SCHOOL, admit, found_school
from tests.two_devices.dorm import found_dorm

SUBJECT = missing_subject("b1", "701", "2026-03-02", "s1")
MISSING = RECORDS["missing"]


@pytest.fixture
def later() -> Later:
    return Later()


@pytest.fixture
def district(database_url: str, tmp_path: Path, later: Later) -> Iterator[District]:
    district = District(Settings(database_url=database_url, data=str(tmp_path)), later)
    found_school(district)
    found_dorm(district)
    yield district
    district.close()


@pytest.fixture
def robot() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def telling(district: District, robot: Receiver, later: Later, tmp_path: Path) -> Telling:
    path = tmp_path / "channels.toml"
    call = '["homeroom_teacher", "duty_leader", "principal"]'
    path.write_text(f'[[notify]]\ncall = {call}\nurls = ["{robot.url}"]\n')
    return Telling(district.journal, Channels.read(str(path)), later)


async def at_once(work: Callable[..., Any], *arguments: Any) -> Any:
    return work(*arguments)


async def look(telling: Telling) -> int:
    return await telling.look(at_once, at_once)


def raise_alarm(district: District, later: Later) -> TestDevice:
    """By the principal's own device, at this moment."""
    device, _ = admit(district, "principal")
    device.now = later()
    scope = "pupils:SY01:b1:701"
    device.write("missing.raised", SUBJECT, MissingRaised(room="101"), scope=scope)
    answer = push(district.journal, Sender(SCHOOL, device.id, "principal"), device.push_of())
    assert [one.verdict for one in answer.receipts] == ["accepted"], answer.receipts
    later.wait(minutes=1)  # a device of these tests writes a minute ahead
    return device


def told(district: District) -> list[tuple[int, str, str]]:
    with district.database.read() as connection:
        detail = connection.scalar(select(MISSING.c.detail))
    steps = from_json(detail or '{"steps": []}')["steps"]
    return [(one["step"], one["whom"], one["note"]) for one in steps if one["outcome"] == "told"]


async def test_the_first_step_is_told_at_once_and_only_once(
    district: District, telling: Telling, robot: Receiver, later: Later
) -> None:
    raise_alarm(district, later)
    assert await look(telling) == 1
    assert await look(telling) == 0
    assert told(district) == [(0, "homeroom_teacher", "1/1")]
    assert "一号宿舍楼 101" in robot.received[0]["message"]
    assert "李小明" not in str(robot.received), "no pupil is named to outside services"


async def test_the_next_steps_follow_their_minutes(
    district: District, telling: Telling, robot: Receiver, later: Later
) -> None:
    raise_alarm(district, later)
    await look(telling)
    later.wait(minutes=10)
    assert await look(telling) == 1
    later.wait(minutes=25)
    assert await look(telling) == 1
    assert [step for step, _, _ in told(district)] == [0, 1, 2]
    assert told(district)[1][1] == "duty_leader", "guardians are called by people"
    assert len(robot.received) == 3


async def test_an_odd_record_keeps_no_other_pupil_from_being_looked_for(
    district: District, telling: Telling, robot: Receiver, later: Later
) -> None:
    raise_alarm(district, later)
    with district.database.write() as connection:
        row = dict(connection.execute(select(MISSING)).mappings().one())
        odd = row | {"id": "odd", "subject": f"{SUBJECT}x", "detail": "{}"}
        connection.execute(MISSING.insert(), odd)
    assert await look(telling) == 1
    assert len(robot.received) == 1


async def test_a_found_pupil_wakes_nobody(
    district: District, telling: Telling, robot: Receiver, later: Later
) -> None:
    raise_alarm(district, later)
    with district.journal.append(SCHOOL) as work:
        write_as_server(work, [Fact("missing.found", SUBJECT, MissingFound(where="医务室"))])
    later.wait(minutes=40)
    assert await look(telling) == 0
    assert robot.received == []


async def test_what_no_channel_took_is_tried_again_later(
    district: District, telling: Telling, robot: Receiver, later: Later
) -> None:
    robot.answer = 503
    raise_alarm(district, later)
    assert await look(telling) == 0
    assert await look(telling) == 0
    assert len(robot.received) == 1, "not again at once"
    robot.answer = 200
    later.wait(minutes=1)
    assert await look(telling) == 1
    assert told(district)[0][0] == 0


async def test_a_restarted_server_goes_on_where_it_was(
    district: District, telling: Telling, robot: Receiver, later: Later
) -> None:
    raise_alarm(district, later)
    await look(telling)
    again = Telling(district.journal, telling._channels, later)
    assert await look(again) == 0
    later.wait(hours=20)
    assert await look(again) == 0, "the night is over"


async def test_a_step_that_a_person_took_is_told_all_the_same(
    district: District, telling: Telling, later: Later
) -> None:
    raise_alarm(district, later)
    with district.journal.append(SCHOOL) as work:
        done = MissingFollowed(step=0, whom="h1", outcome=Outcome.REACHED)
        write_as_server(work, [Fact("missing.followed", SUBJECT, done)])
    later.wait(minutes=10)
    assert await look(telling) == 2
