"""A server that was set back to its backup: what it lost comes back, nothing comes twice, and no
device is stuck or wiped for it."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from client.gateway.errors import Refused
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from ledger.wire.problems import ProblemCode
from tests.server.school import SCHOOL
from tests.two_devices.any_network.day import Day, folder_for_a_day
from tests.two_devices.any_network.duties import (
    Duty,
    assign_hazard,
    check_in,
    report_hazard,
    use_newer_app,
)
from tests.two_devices.any_network.phone import Phone
from tests.two_devices.any_network.wire import Fault, Way

CHECK_IN, REPORT = Duty("check_in", check_in), Duty("report_hazard", report_hazard)
ASSIGN = Duty("assign_hazard", assign_hazard)
LOST = 3
"""Luck that reports a hazard with a photo."""


@pytest.fixture
async def day() -> AsyncIterator[Day]:
    with folder_for_a_day() as folder:
        day = Day(folder)
        yield day
        await day.close()


async def everybody_syncs(day: Day) -> None:
    for phone in day.phones.values():
        assert await phone.sync() is None
        assert await phone.move_photos() is None


async def hazards(phone: Phone) -> list[str]:
    hazard = RECORDS["hazard"]
    return await phone.store.read(lambda c: list(c.scalars(select(hazard.c.id))))


async def check_ins(phone: Phone) -> int:
    checkin = RECORDS["checkin"]
    rows = await phone.store.read(lambda c: c.execute(select(checkin.c.id)).all())
    return len(rows)


async def test_what_was_lost_is_sent_again_and_shown_again(day: Day) -> None:
    await day.admit("phone", "desk")
    backup = day.ground.back_up()
    for luck in range(4):
        await day.do("phone", CHECK_IN, luck)
    await everybody_syncs(day)
    before = await check_ins(day.phones["desk"])
    assert before > 0
    day.ground.restore(backup, with_photos=True)
    assert await day.phones["desk"].sync() is None
    assert await check_ins(day.phones["desk"]) == 0, "the server's history is everybody's"
    await day.agree()
    assert await check_ins(day.phones["desk"]) == before


async def test_a_device_the_backup_does_not_know_is_not_wiped(day: Day) -> None:
    await day.admit("desk")
    backup = day.ground.back_up()
    await day.admit("phone")
    phone = day.phones["phone"]
    for luck in range(3):
        await day.do("phone", CHECK_IN, luck)
    assert await phone.sync() is None
    written = await check_ins(phone)
    await day.do("phone", REPORT, LOST)
    day.ground.restore(backup, with_photos=True)

    refused = await phone.sync()
    assert isinstance(refused, Refused) and refused.code is ProblemCode.SIGN_IN_AGAIN
    assert not phone.revoked and await check_ins(phone) == written
    await day.agree()
    desk = day.phones["desk"]
    assert await check_ins(desk) == written, "what it had confirmed and lost is there again, once"
    assert len(await hazards(desk)) == 1


async def test_photos_the_backup_lacks_are_sent_again(day: Day) -> None:
    await day.admit("phone")
    await day.do("phone", REPORT, LOST)
    phone = day.phones["phone"]
    assert await phone.sync() is None
    backup = day.ground.back_up()
    assert await phone.move_photos() is None
    photo = next(photo for saved in phone.saved.values() for photo in saved.photos)
    assert day.ground.district.photos.held(SCHOOL, [photo])
    day.ground.restore(backup, with_photos=True)
    assert not day.ground.district.photos.held(SCHOOL, [photo])
    await day.agree()
    assert day.ground.district.photos.held(SCHOOL, [photo])


async def test_what_the_server_itself_had_written_is_replaced(day: Day) -> None:
    """Its chain went back with its database and grows anew: nobody may be stuck over that."""
    await day.admit("desk")
    backup = day.ground.back_up()
    day.ground.put_up(4, "BBBBBBBBB4")
    assert await day.phones["desk"].sync() is None
    day.ground.restore(backup, with_photos=False)
    day.ground.put_up(5, "BBBBBBBBB5")
    day.ground.put_up(6, "BBBBBBBBB6")
    assert await day.phones["desk"].sync() is None
    await day.agree()
    point = RECORDS["point"]
    names = await day.phones["desk"].store.read(lambda c: set(c.scalars(select(point.c.id))))
    assert names == {"p1", "p2", "p3", "p5", "p6"}


async def test_what_had_arrived_under_a_lost_key_is_not_written_twice(day: Day) -> None:
    await day.admit("phone", "desk")
    await day.do("phone", CHECK_IN, 1)
    written = await check_ins(day.phones["phone"])
    await day.sync("phone", Fault(Way.UNANSWERED))  # the server has it, the phone doesn't know
    phone = day.phones["phone"]
    phone.secrets.key = phone.secrets.kept = None
    phone.signed_in = False
    await day.agree()
    assert await check_ins(day.phones["desk"]) == written


async def test_what_was_unsent_under_a_lost_key_goes_on_once(day: Day) -> None:
    await day.admit("phone", "desk")
    await day.do("phone", CHECK_IN, 1)
    await day.do("phone", Duty("use_newer_app", use_newer_app), 1)
    phone = day.phones["phone"]
    written, before = await check_ins(phone), (await phone.me()).device
    phone.secrets.key = phone.secrets.kept = None
    phone.signed_in = False
    await day.agree()
    assert await check_ins(day.phones["desk"]) == written
    me = await phone.me()
    assert me.device != before
    rows = await phone.store.read(
        lambda c: c.execute(
            select(ENTRY.c.kind, ENTRY.c.reason).where(ENTRY.c.device == me.device)
        ).all()
    )
    assert ("unknown_kind") in {row.reason for row in rows}, "a newer app's entry came along"


async def test_a_decision_carried_over_does_not_see_what_its_author_had_not(day: Day) -> None:
    """Written anew after a pull it must still be judged by what was known when it was made."""
    await day.admit("phone", "officer", "desk")
    await day.do("phone", REPORT, LOST)
    await everybody_syncs(day)
    officer, desk = day.phones["officer"], day.phones["desk"]
    await day.do("officer", ASSIGN, 1)
    await day.do("desk", ASSIGN, 2)
    assert await desk.sync() is None
    officer.secrets.key = officer.secrets.kept = None
    officer.signed_in = False
    await day.agree()
    me = await officer.me()
    reasons = await officer.store.read(
        lambda c: list(
            c.scalars(
                select(ENTRY.c.reason).where(
                    ENTRY.c.device == me.device,
                    ENTRY.c.kind.in_(("hazard.graded", "hazard.assigned")),
                )
            )
        )
    )
    assert reasons and set(reasons) <= {"lost_race"}
