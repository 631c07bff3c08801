"""A check-in's way from one phone to the principal's desk, with and without a network."""

import pytest
from sqlalchemy import Connection

from client.actions.check_in import all_normal
from client.actions.recognise import KnownPoint
from client.running import Running
from client.state.app import Phase
from client.state.views import CheckInFilter, Reach
from client.store.errors import StoreFull
from client.store.identity import Identity
from ledger.codes import point_code_text
from ledger.rules.checkins import Method
from server.accounts.enrolment import revoke_device
from server.district import District
from server.settings import Settings
from tests.server import running as server_process
from tests.server.school import SCHOOL, TOKENS
from tests.two_devices.conftest import Start, enrolment_for, until


async def check_in(client: Running, point: str) -> str:
    found = await client.actions.recognise(point_code_text(SCHOOL, TOKENS[point]), Method.SCAN)
    assert isinstance(found, KnownPoint)
    done = await client.actions.check_in(found, all_normal(found))
    return done.entry


def all_synced(client: Running) -> bool:
    sync = client.state.app.sync
    return sync is not None and sync.reach is Reach.ONLINE and sync.all_synced


def waiting(client: Running) -> tuple[Reach, int] | None:
    sync = client.state.app.sync
    return sync and (sync.reach, sync.pending)


def on_the_desk(client: Running) -> list[str]:
    page = client.state.desk.page
    return [row.id for row in page.rows] if page else []


async def test_a_check_in_reaches_the_desk(
    start: Start, server: server_process.Running, district: District
) -> None:
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    assert phone.state.app.phase is desk.state.app.phase is Phase.READY
    await until(lambda: phone.state.patrol.rounds, "the phone's round")
    assert desk.loading is not None
    await desk.loading.filter(CheckInFilter())

    entry = await check_in(phone, "p1")
    await until(lambda: all_synced(phone), "the server's word")
    await until(lambda: entry in on_the_desk(desk), "the desk's row")


async def test_nothing_is_lost_while_the_server_is_away(
    start: Start, server: server_process.Running, district: District, settings: Settings
) -> None:
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    await until(lambda: phone.state.patrol.rounds and all_synced(phone))
    server.stop()

    entries = [await check_in(phone, point) for point in TOKENS]
    await until(lambda: waiting(phone) == (Reach.OFFLINE, len(entries)), "offline, all kept")
    await until(lambda: phone.state.patrol.rounds and phone.state.patrol.rounds[0].done == 3)
    await phone.stop()

    # The phone is switched off and on again before the network returns.
    phone = await start("phone")
    await until(lambda: waiting(phone) == (Reach.OFFLINE, len(entries)), "still there")

    port = int(server.address.rpartition(":")[2])
    again = server_process.run_server(settings, port=port)
    try:
        desk = await start("desk", enrolment_for(district, "principal", again.address))
        assert desk.loading is not None
        await desk.loading.filter(CheckInFilter())
        phone.wake()
        await until(lambda: all_synced(phone), "everything sent")
        await until(lambda: set(on_the_desk(desk)) == set(entries), "the desk's rows")
    finally:
        again.stop()


async def test_a_revoked_device_is_wiped_at_its_next_contact(
    start: Start, server: server_process.Running, district: District
) -> None:
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    await until(lambda: phone.state.patrol.rounds and all_synced(phone))
    entry = await check_in(phone, "p1")
    await until(lambda: all_synced(phone))
    identity = await phone._open_store().identity()
    assert identity is not None

    revoke_device(district.journal, identity.device)
    phone.wake()
    await until(lambda: phone.state.app.phase is Phase.SIGNED_OUT, "signed out")

    assert phone.state.app.notice_word == "problems.device_revoked"
    kept = await phone._open_store().read(
        lambda c: c.exec_driver_sql("SELECT id, device FROM entry").all()
    )
    assert [row.id for row in kept] == [entry]
    names = await phone._open_store().read(
        lambda c: c.exec_driver_sql("SELECT count(*) FROM staff").scalar_one()
    )
    assert names == 0


async def test_a_revoked_device_that_is_killed_before_it_was_wiped_hears_of_it_again(
    start: Start,
    server: server_process.Running,
    district: District,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    await until(lambda: phone.state.patrol.rounds and all_synced(phone))
    identity = await phone._open_store().identity()
    assert identity is not None

    met: list[str] = []

    def killed(_connection: Connection, identity: Identity) -> None:
        met.append(identity.device)
        raise StoreFull(phone._open_store().path)

    revoke_device(district.journal, identity.device)
    with monkeypatch.context() as context:
        context.setattr("client.office.wipe_others", killed)
        phone.wake()
        await until(lambda: met, "told")
        await phone.stop()
    again = await start("phone")
    await until(lambda: again.state.app.phase is Phase.SIGNED_OUT, "signed out")
    kept = await again._open_store().read(
        lambda c: c.exec_driver_sql("SELECT count(*) FROM staff").scalar_one()
    )
    assert kept == 0
