"""A phone's database is damaged: it repairs itself, asks the server, and its chain goes on."""

import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from client.running import Running
from client.state.app import Phase
from client.store.backups import Backups
from client.store.rescue.note import ChainState, chain_state
from client.verifying import verify
from server.district import District
from server.settings import Settings
from tests.client.store.rescue.damage import overwrite, pages_of, tear_log
from tests.server import running as server_process
from tests.server.school import TOKENS
from tests.two_devices.conftest import Start, enrolment_for, until
from tests.two_devices.test_round_trip import all_synced, check_in

POINTS = [*TOKENS, *TOKENS, *TOKENS, *TOKENS]


def file_of(tmp_path: Path, name: str = "phone") -> Path:
    return tmp_path / name / "xunan.db"


def lose_the_mark(path: Path) -> None:
    """As if the battery had been taken out."""
    path.with_name(path.name + ".stopped").unlink(missing_ok=True)


async def settled(phone: Running) -> None:
    await until(lambda: phone.state.app.rescue and phone.state.app.rescue.settled, "settled")
    await until(lambda: all_synced(phone), "all synced")


def points_at_the_server(district: District) -> Counter[str]:
    with district.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT point FROM checkin").all()
    return Counter(row.point for row in rows)


def entries_at_the_server(district: District) -> dict[str, str]:
    with district.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, verdict FROM entry").all()
    return {row.id: row.verdict for row in rows}


def again_at(server: server_process.Running, settings: Settings) -> server_process.Running:
    return server_process.run_server(settings, port=int(server.address.rpartition(":")[2]))


async def test_what_the_file_lost_comes_back_from_the_server_and_the_rest_is_sent(
    start: Start,
    server: server_process.Running,
    district: District,
    settings: Settings,
    tmp_path: Path,
) -> None:
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    await until(lambda: phone.state.patrol.rounds and all_synced(phone))
    sent = [await check_in(phone, point) for point in POINTS]
    await until(lambda: all_synced(phone), "the first ones are there")
    server.stop()
    unsent = [await check_in(phone, point) for point in POINTS]
    await phone.stop()
    path = file_of(tmp_path)
    lose_the_mark(path)
    leaf = next(page for page in pages_of(path, "entry")[1:] if holds(path, page, sent[5]))
    overwrite(path, [leaf], random.Random(1))

    phone = await start("phone")
    assert phone.state.app.phase is Phase.READY
    note = phone.state.app.rescue
    assert note is not None and note.missing and not note.settled
    assert phone.state.patrol.rounds, "the round can be walked before there is a network"
    late = await check_in(phone, "p1")
    again = again_at(server, settings)
    try:
        phone.wake()
        await settled(phone)
        note = phone.state.app.rescue
        assert note is not None and note.missing == () and not note.renewed
        there = entries_at_the_server(district)
        assert all(there[id] == "accepted" for id in (*sent, *unsent, late))
        assert sum(points_at_the_server(district).values()) == len(sent) + len(unsent) + 1
        await phone.actions.rescue_read()
        await until(lambda: phone.state.app.rescue is None)
    finally:
        await phone.stop()
        again.stop()
    assert verify(str(path)).broken is None


def holds(path: Path, page: int, text: str) -> bool:
    return text.encode() in path.read_bytes()[page * 4096 : (page + 1) * 4096]


async def test_unsent_ones_around_a_hole_are_sent_under_a_new_key(
    start: Start,
    server: server_process.Running,
    district: District,
    settings: Settings,
    tmp_path: Path,
) -> None:
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    await until(lambda: phone.state.patrol.rounds and all_synced(phone))
    before = await phone._open_store().identity()
    server.stop()
    unsent = [await check_in(phone, point) for point in POINTS]
    await phone.stop()
    path = file_of(tmp_path)
    lose_the_mark(path)
    leaf = next(page for page in pages_of(path, "entry")[1:] if holds(path, page, unsent[6]))
    overwrite(path, [leaf], random.Random(2))

    phone = await start("phone")
    note = phone.state.app.rescue
    assert note is not None
    lost = sum(gap.last - gap.first + 1 for gap in note.missing)
    assert 0 < lost <= 4 and note.unsent == len(unsent) - lost
    again = again_at(server, settings)
    try:
        phone.wake()
        await until(lambda: phone.state.app.rescue and phone.state.app.rescue.renewed, "a new key")
        await until(lambda: all_synced(phone), "all synced")
        after = await phone._open_store().identity()
        assert before and after and before.device != after.device
        assert await phone._open_store().read(chain_state) is ChainState.SOUND
        note = phone.state.app.rescue
        assert note is not None
        assert sum(gap.last - gap.first + 1 for gap in note.missing) == lost
        assert sum(points_at_the_server(district).values()) == len(unsent) - lost
        assert set(entries_at_the_server(district).values()) == {"accepted"}
    finally:
        await phone.stop()
        again.stop()


async def test_a_file_beyond_repair_is_replaced_by_last_nights_copy(
    start: Start,
    server: server_process.Running,
    district: District,
    settings: Settings,
    tmp_path: Path,
) -> None:
    """The copy is older than what the server knows: no number is used twice."""
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    await until(lambda: phone.state.patrol.rounds and all_synced(phone))
    early = [await check_in(phone, point) for point in TOKENS]
    await until(lambda: all_synced(phone))
    assert phone._office is not None
    backups = Backups(phone.settings.backups, await phone._office.vault.backup_key())
    backups.make(phone.settings.database, phone.clock.true_now())
    late = [await check_in(phone, point) for point in TOKENS]
    await until(lambda: all_synced(phone))
    server.stop()
    await phone.stop()
    path = file_of(tmp_path)
    path.write_bytes(random.Random(3).randbytes(path.stat().st_size))

    phone = await start("phone")
    assert phone.state.app.phase is Phase.READY
    note = phone.state.app.rescue
    assert note is not None and note.backup and note.own == len(early)
    offline = await check_in(phone, "p1")
    again = again_at(server, settings)
    try:
        phone.wake()
        await until(lambda: phone.state.app.rescue and phone.state.app.rescue.renewed, "a new key")
        await until(lambda: all_synced(phone), "all synced")
        there = entries_at_the_server(district)
        assert set(there.values()) == {"accepted"}, "no fork was ever sent"
        assert {*early, *late} <= set(there) and offline not in there
        assert points_at_the_server(district) == Counter({"p1": 3, "p2": 2, "p3": 2})
    finally:
        await phone.stop()
        again.stop()


async def test_an_older_database_put_back_by_hand_is_noticed(
    start: Start, server: server_process.Running, district: District, tmp_path: Path
) -> None:
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    await until(lambda: phone.state.patrol.rounds and all_synced(phone))
    await phone.stop()
    path = file_of(tmp_path)
    kept = tmp_path / "kept"
    shutil.copytree(path.parent, kept)
    phone = await start("phone")
    ids = [await check_in(phone, point) for point in TOKENS]
    await until(lambda: all_synced(phone))
    await phone.stop()
    shutil.copy2(kept / "xunan.db", path)

    phone = await start("phone")
    await until(
        lambda: phone.state.app.sync and phone.state.app.sync.written == len(ids),
        "what the server knew is back",
    )
    assert await own_ids(phone) == set(ids)
    await check_in(phone, "p1")
    await until(lambda: all_synced(phone))
    assert set(entries_at_the_server(district).values()) == {"accepted"}


async def own_ids(phone: Running) -> set[str]:
    identity = await phone._open_store().identity()
    assert identity is not None
    query = "SELECT id FROM entry WHERE device = ?"
    rows = await phone._open_store().read(
        lambda c: c.exec_driver_sql(query, (identity.device,)).all()
    )
    return {row.id for row in rows}


WRITER = """
import asyncio, sys
from pathlib import Path
from client.running import Running
from client.settings import ClientSettings
from tests.two_devices.test_round_trip import check_in

async def main():
    settings = ClientSettings(
        data=Path(sys.argv[1]), profile="phone", passphrase="correct horse", device_name="phone"
    )
    phone = Running(settings)
    await phone.start()
    while not phone.state.patrol.rounds:
        await asyncio.sleep(0.01)
    while True:
        print(await check_in(phone, "p1"), flush=True)

asyncio.run(main())
"""


async def test_a_killed_apps_torn_log_gives_back_what_it_had_said_was_saved(
    start: Start,
    server: server_process.Running,
    district: District,
    settings: Settings,
    tmp_path: Path,
) -> None:
    """The newest entries stand in the log alone, and SQLite would stop reading at the tear."""
    phone = await start("phone", enrolment_for(district, "t1", server.address))
    await until(lambda: phone.state.patrol.rounds and all_synced(phone))
    await phone.stop()
    server.stop()
    path = file_of(tmp_path)
    writer = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", WRITER, str(path.parent)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    saved = [writer.stdout.readline().strip() for _ in range(12)]
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    tear_log(path)

    phone = await start("phone")
    assert phone.state.app.phase is Phase.READY and phone.state.app.rescue
    assert set(saved) <= await own_ids(phone)
    again = again_at(server, settings)
    try:
        phone.wake()
        await settled(phone)
        there = entries_at_the_server(district)
        assert all(there[id] == "accepted" for id in saved)
    finally:
        await phone.stop()
        again.stop()
