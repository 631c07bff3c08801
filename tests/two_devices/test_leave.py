"""Leave between those who look after a pupil, over a real server; and nobody else hears of it."""

from datetime import datetime, timedelta, timezone

import pytest

from client.actions.errors import ActionFailed
from client.actions.leave import LeaveForm
from client.running import Running
from client.state.views import LeaveDetail, LeaveShown
from ledger.rules.dorms.leave import LeaveState
from server.district import District
from tests.server import running as server_process
from tests.two_devices.conftest import Start, enrolment_for, until
from tests.two_devices.dorm import HOMEROOM, OTHER_HOMEROOM, SUPERVISOR, found_dorm
from tests.two_devices.test_round_trip import all_synced

NOW = datetime.now(timezone(timedelta(hours=8))).replace(microsecond=0)


def form(student: str, **length: float) -> LeaveForm:
    return LeaveForm(student, NOW, NOW + timedelta(**length), reason="发烧", pick_up="李父")


async def opened(client: Running, id: str) -> LeaveDetail | None:
    assert client.loading is not None
    await client.loading.open_leave(id)
    return client.state.leave.opened


async def until_state(client: Running, id: str, state: LeaveState) -> LeaveDetail:
    assert client.loading is not None
    await client.loading.open_leave(id)

    def there() -> bool:
        found = client.state.leave.opened
        return found is not None and found.line.state is state and not found.line.pending

    await until(there, f"{state} on {client.settings.device_name}")
    found = client.state.leave.opened
    assert found is not None
    return found


async def pupils_here(client: Running) -> set[str]:
    names = await client._open_store().read(
        lambda c: c.exec_driver_sql("SELECT id FROM student").scalars().all()
    )
    return set(names)


async def test_a_supervisors_request_is_decided_on_the_principals_desk(
    start: Start, server: server_process.Running, district: District
) -> None:
    found_dorm(district)
    supervisor = await start("supervisor", enrolment_for(district, SUPERVISOR, server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    assert supervisor.loading is not None and desk.loading is not None
    await until(lambda: all_synced(supervisor))
    pupils = await supervisor.loading.find_students("lxm")
    assert [one.name for one in pupils] == ["李小明"]

    id = await supervisor.actions.leave.request(form(pupils[0].id, days=2))
    await desk.loading.show_waiting_leave()
    await until(lambda: desk.state.leave.waiting, "the desk's inbox")
    seen = await until_state(desk, id, LeaveState.REQUESTED)
    assert (seen.line.name, seen.reason, seen.pick_up) == ("李小明", "发烧", "李父")
    with pytest.raises(ActionFailed) as refused:
        await supervisor.actions.leave.approve(id)
    assert refused.value.word == "refusals.not_allowed"

    await desk.actions.leave.approve(id)
    there = await until_state(supervisor, id, LeaveState.APPROVED)
    assert there.line.decided_by and there.line.may_return
    await supervisor.loading.show_leave(LeaveShown.AWAY)
    page = supervisor.state.leave.page
    assert page is not None and [line.id for line in page.lines] == [id]
    await supervisor.actions.leave.back(id)
    await until_state(desk, id, LeaveState.RETURNED)


async def test_a_homeroom_teachers_day_is_approved_at_once_and_others_know_nothing(
    start: Start, server: server_process.Running, district: District
) -> None:
    found_dorm(district)
    teacher = await start("teacher", enrolment_for(district, HOMEROOM, server.address))
    other = await start("other", enrolment_for(district, OTHER_HOMEROOM, server.address))
    patrol = await start("patrol", enrolment_for(district, "t1", server.address))
    supervisor = await start("supervisor", enrolment_for(district, SUPERVISOR, server.address))
    for client in (teacher, other, patrol, supervisor):
        await until(
            lambda client=client: client.state.app.sync and client.state.app.sync.all_synced
        )

    id = await teacher.actions.leave.request(form("s1", hours=12))
    seen = await until_state(supervisor, id, LeaveState.APPROVED)
    assert seen.line.name == "李小明"
    assert seen.reason is None, "the supervisor need not know why"
    assert (await until_state(teacher, id, LeaveState.APPROVED)).reason == "发烧"
    await other.actions.office.sync_now()
    await patrol.actions.office.sync_now()
    assert await opened(other, id) is None
    assert await pupils_here(teacher) == {"s1", "s2"}
    assert await pupils_here(other) == {"s3", "s4"}
    assert await pupils_here(patrol) == set()
    assert await pupils_here(supervisor) == {"s1", "s2", "s3", "s4"}

    longer = await teacher.actions.leave.request(form("s2", days=3))
    await until_state(supervisor, longer, LeaveState.REQUESTED)
    with pytest.raises(ActionFailed):
        await teacher.actions.leave.approve(longer)
    with pytest.raises(ActionFailed) as gone:
        await teacher.actions.leave.request(form("s3", hours=1))
    assert gone.value.word == "leave.student_gone"
