"""A school without a network: a phone's records travel as a file on a colleague's device."""

import asyncio
from pathlib import Path

import pytest

from client.actions.errors import ActionFailed
from server.district import District
from server.settings import Settings
from tests.server import running as server_process
from tests.server.school import TOKENS
from tests.two_devices.conftest import Start, enrolment_for, until
from tests.two_devices.test_damaged import again_at, entries_at_the_server, points_at_the_server
from tests.two_devices.test_round_trip import all_synced, check_in


async def test_a_colleague_carries_them_to_the_server_and_nothing_is_there_twice(
    start: Start,
    server: server_process.Running,
    district: District,
    settings: Settings,
    tmp_path: Path,
) -> None:
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    await until(lambda: phone.state.patrol.rounds and all_synced(phone) and all_synced(desk))
    with pytest.raises(ActionFailed) as nothing:
        await phone.actions.office.export_bundle(tmp_path / "nothing.xunan", "")
    assert nothing.value.word == "bundle.nothing_unsent"
    server.stop()
    unsent = [await check_in(phone, point) for point in TOKENS]
    stick = tmp_path / "stick.xunan"
    exporting = asyncio.create_task(phone.actions.office.export_bundle(stick, ""))
    await asyncio.sleep(0)
    assert phone.state.app.bundle is not None
    await phone.actions.office.stop_bundle()
    with pytest.raises(ActionFailed) as stopped:
        await exporting
    assert stopped.value.word == "bundle.stopped"
    assert phone.state.app.bundle is None
    assert not list(tmp_path.glob("*stick*"))
    done = await phone.actions.office.export_bundle(stick, "")
    assert (done.entries, done.photos) == (len(unsent), 0)
    await phone.stop()

    carrier = desk.actions.office
    assert not (await carrier.take_in_bundle(str(stick))).known
    assert (await carrier.take_in_bundle(stick.read_bytes())).known, "again changes nothing"
    assert [one.entries for one in await carrier.carried_bundles()] == [len(unsent)]
    for bad, word in (
        (stick.read_bytes()[:-1], "problems.bundle_damaged"),
        (b"hello", "bundle.not_a_bundle"),
        (stick.read_bytes().replace(b"SY01", b"SY02", 1), "problems.bundle_damaged"),
    ):
        with pytest.raises(ActionFailed) as failed:
            await carrier.take_in_bundle(bad)
        assert failed.value.word == word

    again = again_at(server, settings)
    try:
        desk.wake()
        await until(lambda: set(unsent) <= set(entries_at_the_server(district)), "delivered")
        await until(lambda: not list(desk.settings.carried.iterdir()), "no longer carried")
        assert {entries_at_the_server(district)[id] for id in unsent} == {"accepted"}
        before = entries_at_the_server(district)
        phone = await start("phone")
        await until(lambda: all_synced(phone), "its author hears that they are there")
        assert entries_at_the_server(district) == before
        assert sum(points_at_the_server(district).values()) == len(unsent)
        await check_in(phone, "p1")
        await until(lambda: sum(points_at_the_server(district).values()) == len(unsent) + 1)
    finally:
        await phone.stop()
        await desk.stop()
        again.stop()
