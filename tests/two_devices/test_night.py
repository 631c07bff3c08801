"""A night between a supervisor's phone, the principal's desk and the district's channels, over a
real server: leave that is approved far away fills the room, and a missing pupil wakes somebody."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from time import monotonic

from client.actions.leave import LeaveForm
from client.running import Running
from client.state.app import Phase
from client.state.views import RoomNight
from client.store.dorms.room import room_night
from client.store.dorms.views import BedView
from ledger.rules.dorms.statuses import Status
from server.district import District
from server.settings import Settings
from tests.server import running as server_process
from tests.server.notices.receiver import receiving
from tests.two_devices.conftest import Start, enrolment_for, until
from tests.two_devices.dorm import PUPILS, SUPERVISOR, found_dorm
from tests.two_devices.test_round_trip import all_synced

AT_ONCE_S = 15.0
"""Long before a quiet device's timer would have brought it, however busy the machine is. (A quiet
one takes a third of a second.)"""
SHANGHAI = timezone(timedelta(hours=8))


async def room(client: Running, number: str = "101") -> RoomNight:
    store = client._open_store()
    identity = await store.identity()
    assert identity is not None
    night = await client.actions.dorms.tonight()
    found = await store.read(lambda c: room_night(c, identity, "b1", night, number))
    assert found is not None
    return found


async def bed_of(client: Running, student: str) -> BedView:
    return next(bed for bed in (await room(client)).beds if bed.student == student)


async def evening(client: Running) -> datetime:
    """The evening of the night it is now, whatever the hour this runs at."""
    day = datetime.fromisoformat(await client.actions.dorms.tonight())
    return day.replace(hour=18, tzinfo=SHANGHAI)


async def test_leave_approved_on_the_desk_fills_the_phones_room(
    start: Start, server: server_process.Running, district: District
) -> None:
    found_dorm(district)
    phone = await start("phone", enrolment_for(district, SUPERVISOR, server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    await until(lambda: all_synced(phone) and all_synced(desk))
    begins = await evening(phone)
    form = LeaveForm("s1", begins, begins + timedelta(days=2), reason="发烧")
    id = await phone.actions.leave.request(form)
    await phone.actions.office.sync_now()
    assert not (await bed_of(phone, "s1")).covered, "nobody has approved it yet"

    await desk.actions.office.sync_now()
    await desk.actions.leave.approve(id)
    await desk.actions.office.sync_now()
    await phone.actions.office.sync_now()
    assert (await bed_of(phone, "s1")).covered

    await phone.actions.dorms.mark_all(await room(phone))
    assert (await bed_of(phone, "s1")).status is Status.LEAVE
    assert (await bed_of(phone, "s2")).status is Status.PRESENT


async def test_a_closed_night_is_on_the_leaders_screens_at_once(
    start: Start, server: server_process.Running, district: District
) -> None:
    found_dorm(district)
    phone = await start("phone", enrolment_for(district, SUPERVISOR, server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    await until(lambda: all_synced(phone) and all_synced(desk))
    assert desk.loading is not None
    await desk.loading.show_nights()
    night = await phone.actions.dorms.tonight()
    await phone.actions.dorms.mark_all(await room(phone))
    await phone.actions.dorms.mark_all(await room(phone, "102"))

    began = monotonic()
    await phone.actions.dorms.close("b1", night)
    await until(lambda: desk.state.dorms.desk and desk.state.dorms.desk[0].closing, "the closing")
    took = monotonic() - began
    print(f"\nfrom the phone's closing to the desk: {took:.2f} s")
    assert took < AT_ONCE_S
    assert desk.state.dorms.desk is not None
    assert desk.state.dorms.desk[0].counts.of(Status.PRESENT) == len(PUPILS)


async def test_two_who_call_one_building_see_each_others_rooms_and_settle_a_contradiction(
    start: Start, server: server_process.Running, district: District
) -> None:
    found_dorm(district)
    phone = await start("phone", enrolment_for(district, SUPERVISOR, server.address))
    other = await start("other", enrolment_for(district, "principal", server.address))
    await until(lambda: all_synced(phone) and all_synced(other))
    here = await room(phone)
    await phone.actions.dorms.mark(here, here.beds[0], Status.PRESENT)
    # Neither knows of the other's mark yet, whatever the network does meanwhile.
    await other.actions.dorms.mark(here, here.beds[0], Status.LATE)
    await other.actions.dorms.mark_all(await room(other, "102"))

    async def both_marks(client: Running) -> bool:
        await client.actions.office.sync_now()
        return len((await bed_of(client, "s1")).marks) == 2

    for client in (other, phone, other):
        await client.actions.office.sync_now()
    assert await both_marks(phone) and await both_marks(other)
    assert (await room(phone, "102")).unmarked == (), "the other's room has come"

    bed = await bed_of(phone, "s1")
    right = next(one for one in bed.marks if one.status is Status.LATE)
    await phone.actions.dorms.choose(await room(phone), bed, right)
    await phone.actions.office.sync_now()
    await other.actions.office.sync_now()
    for client in (phone, other):
        settled = await bed_of(client, "s1")
        assert (settled.status, settled.contested) == (Status.LATE, False)


async def test_a_missing_pupil_reaches_the_districts_channel(
    start: Start, settings: Settings, district: District, tmp_path: Path
) -> None:
    found_dorm(district)
    with receiving() as robot:
        channels = tmp_path / "channels.toml"
        channels.write_text(f'[[notify]]\ncall = ["homeroom_teacher"]\nurls = ["{robot.url}"]\n')
        server = server_process.run_server(settings, {"XUNAN_NOTIFY": str(channels)})
        try:
            phone = await start("phone", enrolment_for(district, SUPERVISOR, server.address))
            await until(lambda: all_synced(phone))
            here = await room(phone)
            bed = next(bed for bed in here.beds if bed.student == "s2")
            await phone.actions.dorms.mark(here, bed, Status.MISSING)
            await until(lambda: robot.received, "the robot's message")
            assert "一号宿舍楼 101" in robot.received[0]["message"]
            assert "王思远" not in str(robot.received), "no pupil is named outside"

            async def told() -> bool:
                await phone.actions.office.sync_now()
                steps = await phone._open_store().read(
                    lambda c: c.exec_driver_sql(
                        "SELECT count(*) FROM entry WHERE kind = 'missing.followed'"
                    ).scalar_one()
                )
                return steps > 0

            for _ in range(40):
                if await told():
                    break
            assert await told(), "the phone says that somebody was told"
        finally:
            server.stop()


async def test_a_search_goes_on_after_the_app_was_restarted(
    start: Start, settings: Settings, server: server_process.Running, district: District
) -> None:
    """Whoever is looked for is read before the key to the pupils' names is at hand."""
    found_dorm(district)
    phone = await start("phone", enrolment_for(district, SUPERVISOR, server.address))
    await until(lambda: all_synced(phone))
    here = await room(phone)
    bed = next(bed for bed in here.beds if bed.student == "s2")
    await phone.actions.dorms.mark(here, bed, Status.MISSING)
    await until(lambda: phone.state.dorms.searches)
    await phone.stop()
    server.stop()
    again = await start("phone")
    assert again.state.app.phase is Phase.READY
    (search,) = again.state.dorms.searches
    assert search.name == "王思远"
