"""Becoming a device of the district when things go wrong on the way."""

import stat
from pathlib import Path

import pytest

from client.gateway.errors import Unreachable
from client.gateway.gateway import Gateway
from client.state.app import Phase
from client.store.errors import StoreFull
from ledger.wire.accounts import EnrolByCode, Enrolled
from server.accounts.enrolment import revoke_device
from server.district import District
from tests.server import running as server_process
from tests.two_devices.conftest import Start, enrolment_for, until
from tests.two_devices.test_round_trip import all_synced, check_in


async def test_a_lost_answer_does_not_burn_the_code(
    start: Start,
    server: server_process.Running,
    district: District,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = enrolment_for(district, "t1", server.address)
    real = Gateway.enrol_by_code

    async def lost(self: Gateway, request: EnrolByCode) -> Enrolled:
        await real(self, request)
        raise Unreachable("the answer was lost")

    monkeypatch.setattr(Gateway, "enrol_by_code", lost)
    phone = await start("phone", code)
    assert phone.state.app.phase is Phase.SIGNED_OUT
    await phone.stop()

    monkeypatch.undo()
    phone = await start("phone", code)
    assert phone.state.app.phase is Phase.READY
    await until(lambda: all_synced(phone), "enrolled by the same code")


async def test_a_revoked_phone_can_be_enrolled_again_and_loses_nothing(
    start: Start, server: server_process.Running, district: District
) -> None:
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    await until(lambda: phone.state.patrol.rounds and all_synced(phone))
    identity = await phone._open_store().identity()
    assert identity is not None
    # Written while the office had already revoked the phone: never accepted under the old key.
    server.stop()
    await check_in(phone, "p2")
    revoke_device(district.journal, identity.device)
    again = server_process.run_server(
        district.settings, port=int(server.address.rpartition(":")[2])
    )
    try:
        phone.wake()
        await until(lambda: phone.state.app.phase is Phase.SIGNED_OUT, "signed out")
        assert phone.state.app.waiting_entries == 1

        code = enrolment_for(district, "t1", again.address)
        assert code
        await phone.actions.office.sign_in_with_code(again.address, code.split(":")[1])
        await until(lambda: all_synced(phone), "sent under the new key")
        with district.database.read() as connection:
            points = connection.exec_driver_sql(
                "SELECT point, count(*) FROM checkin GROUP BY point"
            ).all()
        assert [tuple(row) for row in points] == [("p2", 1)]
    finally:
        await phone.stop()
        again.stop()


async def test_the_database_is_its_owners_alone(start: Start, tmp_path: Path) -> None:
    await start("phone")
    mode = (tmp_path / "phone" / "xunan.db").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


@pytest.mark.parametrize("step", ["client.running.follow_rules", "client.office.follow_rules"])
async def test_a_disk_that_fills_up_while_the_app_starts_is_said(
    start: Start, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    full = StoreFull(Path("xunan.db"))

    def no_room(*_: object, **__: object) -> bool:
        raise full

    with monkeypatch.context() as context:
        context.setattr(step, no_room)
        phone = await start("phone")
        assert phone._store is None, "closed, so that it can be opened again"
        assert (phone.state.app.phase, phone.state.app.broken_word) == (Phase.BROKEN, full.word)
    await phone.try_again()
    assert phone.state.app.phase is Phase.SIGNED_OUT
