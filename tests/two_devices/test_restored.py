"""A server goes back to its backup while a desk is away: in the end the desk has everything."""

import sqlite3
from contextlib import closing
from pathlib import Path

from client.state.views import CheckInFilter
from server.district import District
from server.settings import Settings
from tests.server import running as server_process
from tests.server.school import TOKENS
from tests.two_devices.conftest import Start, enrolment_for, until
from tests.two_devices.test_round_trip import all_synced, check_in, on_the_desk


def copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


async def test_a_desk_that_was_away_gets_what_took_the_place_of_what_it_had(
    start: Start,
    server: server_process.Running,
    district: District,
    settings: Settings,
    tmp_path: Path,
) -> None:
    file = Path(settings.effective_database_url.removeprefix("sqlite:///"))
    backup = tmp_path / "backup.sqlite3"
    first = await start("first", enrolment_for(district, "t1", server.address))
    desk = await start("desk", enrolment_for(district, "principal", server.address))
    await until(lambda: first.state.patrol.rounds and all_synced(first))
    assert desk.loading is not None
    await desk.loading.filter(CheckInFilter())
    await until(lambda: all_synced(desk))
    copy(file, backup)
    lost = [await check_in(first, point) for point in TOKENS]
    await until(lambda: set(on_the_desk(desk)) == set(lost), "the desk has them")
    await desk.stop()
    await first.stop()

    server.stop()
    copy(backup, file)
    again = server_process.run_server(settings, port=int(server.address.rpartition(":")[2]))
    try:
        second = await start("second", enrolment_for(district, "t1", again.address))
        await until(lambda: second.state.patrol.rounds and all_synced(second))
        others = [await check_in(second, point) for point in [*TOKENS, *TOKENS]]
        await until(lambda: all_synced(second), "others have passed the desk's cursor")
        first = await start("first")
        await until(lambda: all_synced(first), "what the backup lacked was sent again")

        desk = await start("desk")
        assert desk.loading is not None
        await desk.loading.filter(CheckInFilter())
        await until(lambda: set(on_the_desk(desk)) == {*lost, *others}, "everything is there")
    finally:
        again.stop()
