"""What of the roll-call stands in a leader's inbox, and how long."""

from datetime import timedelta

import pytest

from client.store.dorms.attention import attention
from client.store.dorms.views import NightAttention
from ledger.rules.dorms.statuses import Status
from tests.client.dorms.house import House

HOUR = timedelta(hours=1)


async def seen(house: House) -> NightAttention:
    return await house.store.read(lambda c: attention(c, house.identity, house.now))


@pytest.mark.parametrize(
    ("status", "waits"),
    [
        (Status.MISSING, True),
        (Status.LATE, True),
        (Status.OTHER_ROOM, True),
        (Status.PRESENT, False),
        (Status.LEAVE, False),
        (Status.SICK, False),
        (Status.ACTIVITY, False),
        (Status.FOUND, False),
    ],
)
async def test_what_is_not_explained_waits(house: House, status: Status, waits: bool) -> None:
    room = await house.room()
    await house.actions.mark(room, room.beds[0], status)
    assert [one.status for one in (await seen(house)).exceptions] == ([status] if waits else [])


async def test_a_swapped_bed_waits_though_its_pupil_is_there(house: House) -> None:
    room = await house.room()
    await house.actions.mark(room, room.beds[0], Status.PRESENT, swapped=True)
    assert [one.name for one in (await seen(house)).exceptions] == [room.beds[0].name]


async def test_last_night_stays_until_the_next_is_begun(house: House) -> None:
    room = await house.room()
    await house.actions.mark(room, room.beds[0], Status.LATE)
    house.now += 20 * HOUR
    assert len((await seen(house)).exceptions) == 1
    house.now += 4 * HOUR
    tonight = await house.room(night="2026-03-03")
    await house.actions.mark_all(tonight)
    assert await seen(house) == NightAttention()


async def test_a_night_that_nobody_closed_waits_from_the_morning_on(house: House) -> None:
    await house.actions.mark_all(await house.room())
    assert (await seen(house)).unclosed == ()
    house.now += 9 * HOUR
    assert [one.building for one in (await seen(house)).unclosed] == ["b1"]
    for room in ("101", "102"):
        await house.actions.mark_all(await house.room(room))
    await house.actions.close("b1", "2026-03-02")
    assert (await seen(house)).unclosed == ()


async def test_nothing_is_said_of_a_night_nobody_has_begun(house: House) -> None:
    assert await seen(house) == NightAttention()
