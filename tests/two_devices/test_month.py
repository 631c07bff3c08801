"""A month offline, one tap: over a bad line the records arrive first and the photos after them,
whatever is cut; the same with the full month is measured in `make bench`."""

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from client.device.clock import DeviceClock
from client.gateway.errors import Cut, Unreachable
from client.gateway.gateway import Gateway
from client.store.photos import photo_counts
from client.store.progress import read_progress
from client.store.queue import own_entries, sync_view
from client.store.store import Store
from client.store.sync_views import Moving, ServerWord
from client.sync.enrol import DeviceFacts, enrol_with_code
from client.sync.photos import PhotoLane
from client.sync.plan import PUSH_ENTRIES, after_cut
from client.sync.pull import pull_all
from client.sync.run import run_once
from client.sync.schedule import Schedule
from ledger.codes import EnrolmentCode, parse_code
from server.app import create_app
from server.clock import utc_now
from server.district import District
from server.settings import Settings
from tests.bench.fresh_device import MemoryVault
from tests.server import running as server_process
from tests.server.school import found_school
from tests.two_devices.conftest import enrolment_for
from tests.two_devices.month import Files, Month, write_month
from tests.two_devices.slow_link import Line, SlowLink

SOME = Month(check_ins=224, hazards=16, photos=40)
"""So many photos that a question for all of them is one the app zips."""
BYTES_AN_ENTRY = 215
"""256 kbit/s carry 32,000 bytes a second: 7,260 entries of so many take 49 of the 60 seconds."""


@dataclass
class Phone:
    store: Store
    vault: MemoryVault
    files: Files
    clock: DeviceClock

    async def run(self, gateway: Gateway, batch: int = PUSH_ENTRIES) -> None:
        identity, key = await self.store.identity(), await self.vault.device_key()
        assert identity is not None
        assert key is not None
        await run_once(
            self.store, gateway, identity, key, self.clock, lambda time: None, batch=batch
        )

    async def lane(self, gateway: Gateway) -> PhotoLane:
        identity = await self.store.identity()
        assert identity is not None
        return PhotoLane(self.store, gateway, identity, self.files, lambda: self.clock.stamp().at)

    async def pending(self) -> int:
        identity = await self.store.identity()
        assert identity is not None
        return (await self.store.read(lambda c: own_entries(c, identity))).pending

    async def word(self) -> ServerWord:
        identity = await self.store.identity()
        assert identity is not None
        now = datetime.now().astimezone()
        return (await self.store.read(lambda c: sync_view(c, identity, now))).word


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MemoryVault]:
    """A district and a phone that was offline: written once, copied for every test."""
    root = tmp_path_factory.mktemp("month")
    settings = settings_in(root)
    (root / "server").mkdir()
    (root / "phone" / "photos").mkdir(parents=True)
    district = District(settings, utc_now)
    found_school(district)
    vault = MemoryVault()
    server = server_process.run_server(settings)
    try:
        enrolment = enrolment_for(district, "t1", server.address)
        asyncio.run(_go_offline(root / "phone", vault, enrolment))
    finally:
        server.stop()
        district.close()
    return root, vault


async def _go_offline(folder: Path, vault: MemoryVault, enrolment: str) -> None:
    code = parse_code(enrolment)
    assert isinstance(code, EnrolmentCode)
    store = Store.open(folder / "device.db")
    facts = DeviceFacts(name="phone", platform="test", app_version="test")
    identity = await enrol_with_code(store, vault, DeviceClock(), facts, code.server, code.code)
    gateway = Gateway(code.server, vault, app_version="test")
    await pull_all(store, gateway, identity)
    await gateway.close()
    first = datetime.now().astimezone().replace(hour=7, minute=0) - timedelta(days=31)
    await write_month(store, identity, SOME, Files(folder / "photos"), first, random.Random(3))
    store.close()


def settings_in(root: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{root}/district.sqlite3", data=str(root / "server"), log_days=0
    )


@pytest.fixture
def root(tmp_path: Path, written: tuple[Path, MemoryVault]) -> Path:
    return Path(shutil.copytree(written[0], tmp_path / "copy"))


@pytest.fixture
def settings(root: Path) -> Settings:
    return settings_in(root)


@pytest.fixture
def district(settings: Settings) -> Iterator[District]:
    district = District(settings, utc_now)
    yield district
    district.close()


@pytest.fixture
async def phone(root: Path, written: tuple[Path, MemoryVault]) -> AsyncIterator[Phone]:
    folder, vault = root / "phone", MemoryVault()
    await vault.keep_device_key(await written[1].device_key())
    await vault.keep_tokens(await written[1].tokens())
    phone = Phone(Store.open(folder / "device.db"), vault, Files(folder / "photos"), DeviceClock())
    yield phone
    phone.store.close()


@pytest.fixture
async def inside(phone: Phone, settings: Settings) -> AsyncIterator[Gateway]:
    """The real server application without a socket."""
    app = create_app(settings)
    gateway = Gateway(
        "http://inside", phone.vault, app_version="test", transport=httpx.ASGITransport(app)
    )
    yield gateway
    await gateway.close()
    app.state.district.close()


def held(district: District) -> list[tuple[str, int]]:
    """Verdicts of what the server holds of phones' check-ins and reports."""
    with district.database.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT verdict, count(*) FROM entry"
            " WHERE kind IN ('checkin.recorded', 'hazard.reported') GROUP BY verdict"
        )
        return [(row[0], row[1]) for row in rows]


def port_of(server: server_process.Running) -> int:
    return int(server.address.rpartition(":")[2])


async def through(phone: Phone, gateway: Gateway) -> int:
    """As the schedule does: again after every cut, with smaller batches. Returns the cuts."""
    batch, cuts = PUSH_ENTRIES, 0
    while True:
        try:
            await phone.run(gateway, batch)
        except Unreachable as error:
            cuts += 1
            batch = after_cut(batch) if isinstance(error, Cut) else batch
        else:
            return cuts


async def test_records_cross_a_bad_line_compressed_and_once_each(
    phone: Phone, district: District, server: server_process.Running
) -> None:
    """The line is cut under the first two batches: inside a body, and before the answer."""
    link = SlowLink(port_of(server), Line(latency_s=0.05, cut_after=[9_000, 30_000]))
    gateway = Gateway(await link.start(), phone.vault, app_version="test")
    cuts = await through(phone, gateway)
    await gateway.close()
    await link.stop()
    entries = SOME.check_ins + SOME.hazards
    assert cuts >= 1
    assert held(district) == [("accepted", entries)]
    assert await phone.pending() == 0
    assert await phone.word() is ServerWord.WHOLE
    assert (link.up_bytes - 9_000) / entries < 2 * BYTES_AN_ENTRY, "compressed"
    sent, received = gateway.traffic.take()
    assert 0.8 < sent / link.up_bytes < 2, "with what was on its way when the line broke"
    assert received > 0


async def test_a_batch_takes_so_many_bytes_an_entry(phone: Phone, inside: Gateway) -> None:
    await phone.run(inside)
    sent, _ = inside.traffic.take()
    assert sent / (SOME.check_ins + SOME.hazards) < BYTES_AN_ENTRY


async def test_photos_follow_and_go_on_where_they_were_cut(
    phone: Phone, district: District, server: server_process.Running
) -> None:
    straight = Gateway(server.address, phone.vault, app_version="test")
    await phone.run(straight)
    whole = sum(path.stat().st_size for path in phone.files.root.iterdir())
    link = SlowLink(
        port_of(server), Line(bytes_per_s=400_000, latency_s=0.01, cut_after=[12_000, 12_000])
    )
    gateway = Gateway(await link.start(), phone.vault, app_version="test")
    cuts = 0
    for _ in range(6):
        try:
            await (await phone.lane(gateway)).run()
            break
        except Unreachable:
            cuts += 1
    await gateway.close()
    await straight.close()
    await link.stop()
    assert cuts == 2
    counts = await phone.store.read(photo_counts)
    assert (counts.waiting, counts.refused) == (0, 0)
    with district.database.read() as connection:
        there = connection.exec_driver_sql("SELECT count(*) FROM photo").scalar_one()
    assert there == SOME.photos
    assert link.up_bytes < whole + 2_250 * SOME.photos, "what had arrived was not sent again"


async def test_a_person_can_stop_it_in_the_middle_and_go_on(
    phone: Phone, district: District, server: server_process.Running
) -> None:
    link = SlowLink(port_of(server), Line(bytes_per_s=20_000, latency_s=0.05, loss=0.0))
    gateway = Gateway(await link.start(), phone.vault, app_version="test")
    identity, key = await phone.store.identity(), await phone.vault.device_key()
    assert identity is not None
    assert key is not None
    schedule = Schedule(
        phone.store, gateway, identity, key, phone.clock, photos=await phone.lane(gateway)
    )
    schedule.start()
    while link.up_bytes < 5_000:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await schedule.pause()
    entries = SOME.check_ins + SOME.hazards
    assert await phone.pending() == entries, "the batch under way is unanswered"
    lines = link.connections
    await asyncio.sleep(0.5)
    assert link.connections == lines, "nobody tries"
    assert await phone.pending() == entries
    link.line.bytes_per_s, link.line.latency_s = 1e6, 0.002
    await schedule.resume()
    async with asyncio.timeout(20):
        while (  # noqa: ASYNC110
            await phone.word() is not ServerWord.WHOLE
            or (await phone.store.read(photo_counts)).waiting
            or await phone.store.read(read_progress) is not None
        ):
            await asyncio.sleep(0.05)
    await schedule.stop()
    assert held(district) == [("accepted", entries)]
    await gateway.close()
    await link.stop()


async def test_progress_is_written_where_screens_read(phone: Phone, inside: Gateway) -> None:
    seen: list[tuple[Moving, int, int]] = []
    write = phone.store.write

    async def watched(work, topics=(), **how):  # type: ignore[no-untyped-def]
        result = await write(work, topics, **how)
        progress = await phone.store.read(read_progress)
        if progress is not None:
            seen.append((progress.moving, progress.done, progress.total))
        return result

    phone.store.write = watched  # type: ignore[method-assign]
    await phone.run(inside, batch=100)
    entries = SOME.check_ins + SOME.hazards
    assert [one for one in seen if one[0] is Moving.RECORDS][:3] == [
        (Moving.RECORDS, 100, entries),
        (Moving.RECORDS, 200, entries),
        (Moving.RECORDS, entries, entries),
    ]


async def test_a_batch_the_server_finds_too_large_is_halved_until_it_fits(
    phone: Phone, district: District, inside: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.journal.routes.REQUEST_LIMIT_BYTES", 8_000)
    sizes: list[tuple[int, int]] = []

    async def note(answer: httpx.Response) -> None:
        if answer.request.url.path == "/v1/push":
            sizes.append((int(answer.request.headers["content-length"]), answer.status_code))

    inside._http.event_hooks = {"response": [note]}
    await phone.run(inside)
    assert sizes[0][1] == 413
    assert all(size <= 8_000 for size, status in sizes if status == 200)
    assert held(district) == [("accepted", SOME.check_ins + SOME.hazards)]
    assert await phone.word() is ServerWord.WHOLE
