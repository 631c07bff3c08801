"""What keeps the sync going: whatever one part meets, it goes on, and none waits for another."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import pytest

from client.device.vault.errors import SecretStoreFailed
from client.gateway.errors import Refused, Unreachable
from client.gateway.gateway import Gateway
from client.gateway.traffic import Traffic
from client.store.changes import JOURNAL
from client.store.errors import StoreFull
from client.store.store import Store
from client.store.sync_state import read_sync_state
from client.sync.courier import Courier
from client.sync.photos import PhotoLane
from client.sync.schedule import Schedule
from ledger.wire.journal import Open, Opened, Woken
from ledger.wire.problems import Problem, ProblemCode
from tests.client.store.office import Office, check_in
from tests.client.sync.test_run import KEY, NOW, Clock, Server

SOON_S = 10.0


class Line(Server):
    """The server with the lines that a schedule has beside its runs."""

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.traffic = Traffic()
        self.lives = 0
        self.broken: list[Exception] = []

    async def open(self, request: Open) -> Opened:
        return Opened(entries=[], heads=[], after="", more=False, time=NOW)

    async def live(self) -> AsyncIterator[Woken]:
        self.lives += 1
        if self.broken:
            raise self.broken.pop()
        await asyncio.Event().wait()
        yield Woken(school="SY01", seq=1)


@pytest.fixture
def line(store: Store, office: Office) -> Line:
    return Line(office)


@pytest.fixture
async def schedule(
    store: Store, line: Line, office: Office, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Schedule]]:
    monkeypatch.setattr("client.sync.schedule.pause_after", lambda failures: 0.01)
    made: list[Schedule] = []

    def make(**parts: Any) -> Schedule:
        gateway = cast(Gateway, line)
        made.append(Schedule(store, gateway, office.identity, KEY, Clock(), **parts))
        return made[-1]

    yield make
    for one in made:
        await one.stop()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON_S):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


class FullDisk:
    """Refuses everything a store is to write, until there is room again."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full, self.refused = True, 0
        write = store.write

        async def refusing(work: Any, topics: Any = (), **how: Any) -> Any:
            if self.full:
                self.refused += 1
                raise StoreFull(store.path)
            return await write(work, topics, **how)

        monkeypatch.setattr(store, "write", refusing)


async def test_a_full_disk_ends_no_sync_for_good(
    store: Store,
    line: Line,
    office: Office,
    schedule: Callable[..., Schedule],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk = FullDisk(store, monkeypatch)
    going = schedule()
    going.start()
    await until(lambda: disk.refused > 3)
    disk.full = False
    await store.write(lambda connection: check_in(connection, office, "p1"))
    await until(lambda: line.pushes == [1])


async def test_a_pull_down_on_a_full_disk_is_no_fault(
    store: Store, schedule: Callable[..., Schedule], monkeypatch: pytest.MonkeyPatch
) -> None:
    going = schedule()
    assert await going.sync_now()
    FullDisk(store, monkeypatch)
    assert not await going.sync_now()


async def test_going_on_is_tried_again_where_it_could_not_be_written(
    store: Store, schedule: Callable[..., Schedule], monkeypatch: pytest.MonkeyPatch
) -> None:
    going = schedule()
    await going.pause()
    with monkeypatch.context() as full:
        FullDisk(store, full)
        with pytest.raises(StoreFull):
            await going.resume()
    await going.resume()
    assert not (await store.read(read_sync_state)).paused
    assert going._resumed.is_set()


async def test_secrets_that_could_not_be_read_once_end_no_live_line(
    line: Line, schedule: Callable[..., Schedule]
) -> None:
    line.broken = [SecretStoreFailed("locked"), RuntimeError("a fault of ours")]
    schedule().start()
    await until(lambda: line.lives == 3)


async def test_photos_that_are_refused_keep_back_no_bundle(
    schedule: Callable[..., Schedule],
) -> None:
    delivered = []

    class Photos:
        async def run(self) -> None:
            raise Refused(Problem(code=ProblemCode.SERVER_FAULT))

    class Bundles:
        async def run(self) -> None:
            delivered.append(1)

    schedule(photos=cast(PhotoLane, Photos()), courier=cast(Courier, Bundles())).start()
    await until(lambda: bool(delivered))


async def test_a_pause_holds_when_nothing_is_under_way(
    store: Store,
    line: Line,
    office: Office,
    schedule: Callable[..., Schedule],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("client.sync.schedule.pause_after", lambda failures: 60.0)
    going = schedule()
    going.start()
    await until(lambda: line.pulls == 1 and not going._works)
    await asyncio.sleep(0.2)
    await going.pause()
    await store.write(lambda connection: check_in(connection, office, "p1"), {JOURNAL})
    await asyncio.sleep(0.2)
    assert (line.pushes, line.pulls) == ([], 1)
    await going.resume()
    await until(lambda: line.pushes == [1])


async def test_a_pause_among_photos_holds_for_bundles_too(
    schedule: Callable[..., Schedule],
) -> None:
    begun, delivered = asyncio.Event(), []

    class Photos:
        async def run(self) -> None:
            begun.set()
            await asyncio.sleep(SOON_S)

    class Bundles:
        async def run(self) -> None:
            delivered.append(1)

    going = schedule(photos=cast(PhotoLane, Photos()), courier=cast(Courier, Bundles()))
    going.start()
    await begun.wait()
    await going.pause()
    await asyncio.sleep(0.2)
    assert not delivered


async def test_an_end_that_was_not_heard_is_said_again(
    line: Line, schedule: Callable[..., Schedule], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that breaks in the same moment answers for it with its own error."""
    monkeypatch.setattr("client.sync.schedule.CANCEL_AGAIN_S", 0.01)
    deaf = 3

    async def live() -> AsyncIterator[Woken]:
        nonlocal deaf
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            deaf -= 1
            if deaf > 0:
                raise Unreachable("the line broke") from None
            raise
        yield Woken(school="SY01", seq=1)

    monkeypatch.setattr(line, "live", live)
    going = schedule()
    going.start()
    await asyncio.sleep(0.05)
    async with asyncio.timeout(SOON_S):
        await going.stop()
    assert deaf < 3, "it was not heard at first"
