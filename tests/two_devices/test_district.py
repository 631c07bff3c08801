"""A major hazard between a school's desk, the district's desk and a teacher's phone, over a real
server: it is on the list within two seconds, and what the district says is at the school."""

from datetime import timedelta
from time import monotonic

import pytest

from client.actions.decide_hazard import Assignment
from client.actions.errors import ActionFailed
from client.running import Running
from client.state.views import (
    HazardDraft,
    RectifyDraft,
    WatchedDetail,
    WatchedFilter,
    WatchedShown,
)
from ledger.codes import DISTRICT, enrolment_code_text
from ledger.rules.hazards.bodies import Category, HazardGrade, PhotoUse
from ledger.rules.hazards.states import HazardState
from server.accounts.enrolment import make_code
from server.district import District
from server.settings import Settings
from server.supervision.founding import add_officer, found_district
from tests.server import running as server_process
from tests.two_devices.conftest import Start, enrolment_for, until
from tests.two_devices.test_hazards import camera, in_days, opened, until_state

AT_ONCE_S = 15.0
"""Long before a quiet device's timer would have brought it, however busy the machine is. (A quiet
one takes a third of a second.)"""


def officer_for(district: District, server: str) -> str:
    """An enrolment of the district's own officer."""
    found_district(district.journal, "明湖区教育局")
    add_officer(district.journal, "d01", "王科")
    with district.database.write() as connection:
        code = make_code(connection, DISTRICT, "d01", district.now(), timedelta(hours=1))
    return enrolment_code_text(code, server)


async def report_major(desk: Running) -> str:
    picture = await desk.actions.hazards.add_picture(camera("red"))
    draft = HazardDraft(
        pictures=(picture,),
        content="地下室住宿舍",
        category=Category.BUILDING,
        grade=HazardGrade.MAJOR,
        point="p1",
        area="gate",
    )
    return (await desk.actions.hazards.report(draft)).steps[0][0]


async def watch(desk: Running, id: str) -> WatchedDetail:
    """The officer opens it from the list of everything."""
    assert desk.loading is not None
    await desk.loading.show_watched(WatchedFilter(shown=WatchedShown.ALL))
    await desk.loading.open_watched(id)
    await until(lambda: desk.state.district.opened, "the hazard at the district")
    found = desk.state.district.opened
    assert found is not None
    return found


async def test_a_major_hazard_is_at_the_district_at_once_and_its_word_at_the_school(
    server: server_process.Running, district: District, start: Start
):
    office = await start("office", officer_for(district, server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    assert office.loading is not None
    await office.loading.show_watched(WatchedFilter())
    await until(lambda: office.state.app.sync and office.state.app.sync.last_complete, "in touch")

    began = monotonic()
    id = await report_major(desk)
    await until(lambda: office.state.district.page and office.state.district.page.lines, "listed")
    took = monotonic() - began
    print(f"\nfrom the school's save to the officer's list: {took:.2f} s")
    page = office.state.district.page
    assert page is not None
    (line,) = page.lines
    assert (line.school_name, line.place, line.content) == (
        "实验学校",
        "校门 1 号点",
        "地下室住宿舍",
    )
    assert took < AT_ONCE_S

    seen = await watch(office, line.id)
    photo = seen.before[0].hash
    await until(lambda: district.photos.held("SY01", [photo]), "the photo at the server")
    original = await office.actions.hazards.photo(photo)
    here = desk.photos.path(photo)
    assert original is not None and here is not None
    assert original.read_bytes() == here.read_bytes()

    await office.actions.district.supervise(line.id, "今晚搬出全部学生", in_days(3))
    found = await until_supervised(phone, id)
    assert found.supervision is not None
    assert (found.supervision.office, found.supervision.by) == ("明湖区教育局", "王科")
    assert found.supervision.demand == "今晚搬出全部学生"
    assert found.steps[-1].by_name == "王科"
    await until(
        lambda: (now := office.state.district.opened) and not now.line.on_the_way, "arrived"
    )

    wanted = Assignment("t1", "搬出", in_days(2), grade=HazardGrade.MAJOR, protection="封闭地下室")
    await desk.actions.hazards.assign([id], wanted)
    await until_state(phone, id, HazardState.ASSIGNED)
    after = await phone.actions.hazards.add_picture(camera("green"), PhotoUse.AFTER)
    await phone.actions.hazards.rectify(id, RectifyDraft(pictures=(after,), done="已全部搬出"))
    await until_state(desk, id, HazardState.RECTIFIED)
    await desk.actions.hazards.accept([id])
    await until(
        lambda: (now := office.state.district.opened) and now.line.state is HazardState.CLOSED,
        "closed at the district",
    )
    closed = office.state.district.opened
    assert closed is not None and len(closed.after) == 1
    assert "watched.supervised" not in closed.may and "watched.notified" in closed.may
    assert [step.kind for step in closed.steps] == [
        *("hazard.reported", "watched.supervised", "hazard.graded", "hazard.assigned"),
        *("hazard.rectified", "hazard.accepted", "hazard.closed"),
    ]


async def until_supervised(phone: Running, id: str):
    async def look():
        assert phone.loading is not None
        await phone.loading.open_hazard(id)

    await look()
    await until(
        lambda: (now := phone.state.hazards.opened) and now.supervision is not None,
        "supervised on the phone",
    )
    return await opened(phone, id)


async def test_an_officer_without_a_network_supervises_and_it_arrives_later(
    server: server_process.Running, district: District, start: Start, settings: Settings
):
    office = await start("office", officer_for(district, server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    id = await report_major(desk)
    await until(lambda: office.state.app.sync and office.state.app.sync.last_complete, "in touch")
    seen = await watch(office, f"SY01:{id}")
    server.stop()
    await office.actions.district.supervise(seen.line.id, "立即封闭", in_days(1))
    await until(
        lambda: (now := office.state.district.opened) and now.line.supervised_until, "written"
    )
    now = office.state.district.opened
    assert now is not None and now.line.pending
    with pytest.raises(ActionFailed) as past:
        await office.actions.district.supervise(seen.line.id, "昨天", in_days(-2))
    assert past.value.word == "refusals.deadline_past"
    with pytest.raises(ActionFailed) as empty:
        await office.actions.district.notify(seen.line.id, "  ")
    assert empty.value.word == "district.say_what"
    port = int(server.address.rsplit(":", 1)[1])
    again = server_process.run_server(settings, port=port)
    try:
        office.wake()
        desk.wake()
        found = await until_supervised(desk, id)
        assert found.line.supervised_until is not None
        assert [step.kind for step in found.steps].count("hazard.supervised") == 1
    finally:
        again.stop()


async def test_nothing_of_the_district_is_on_a_schools_device_nor_of_a_school_on_the_districts(
    server: server_process.Running, district: District, start: Start
):
    office = await start("office", officer_for(district, server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    id = await report_major(desk)
    await watch(office, f"SY01:{id}")
    await until_state(desk, id, HazardState.REGISTERED)
    assert office.state.app.school is not None
    assert office.state.app.school.name == "明湖区教育局"
    kinds = {}
    for client in (office, desk):
        store = client._open_store()

        def read(connection):
            rows = connection.exec_driver_sql("SELECT DISTINCT school, kind FROM entry")
            return {(row.school, row.kind.partition(".")[0]) for row in rows}

        kinds[client.settings.device_name] = await store.read(read)
    assert kinds["office"] == {
        *((DISTRICT, kind) for kind in ("school", "staff", "device", "watched")),
    }
    assert {school for school, _ in kinds["desk"]} == {"SY01"}
