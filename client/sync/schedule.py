"""When to sync: at once when there is a reason, later when the last try failed.

Reasons: a new own entry, the server's live signal, the network's return, the app's return to
the front, a pull-down, a timer. A failure is a state, not an alarm: it is written to the store,
where the chip finds it, and tried again with growing, jittered pauses.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable

from sqlalchemy import Connection

from client.gateway.errors import GatewayError, Refused, Unreachable
from client.gateway.gateway import Gateway
from client.store.changes import JOURNAL, SYNC
from client.store.errors import StoreError
from client.store.history import NotGenuine
from client.store.identity import Identity, write_contact
from client.store.queue import change_sync_state, read_sync_state
from client.store.store import Store
from client.store.views import Reach
from client.sync.photos import PhotoLane
from client.sync.push import Clock
from client.sync.run import Finished, StoppedShort, run_once
from ledger.clock import Contact
from ledger.keys import DeviceKey
from ledger.wire import ProblemCode

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 300.0
QUIET_PAUSE_S = 120.0
"""Between runs when all is well; the live signal makes it rarely matter."""


def pause_after(failures: int, jitter: Callable[[], float] = random.random) -> float:
    """Seconds to wait after so many failures in a row: doubling, half of it by chance, so that a
    school's phones don't all come back in the same second."""
    if failures == 0:
        return QUIET_PAUSE_S * (0.75 + jitter() / 2)
    longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(failures - 1, 16))
    return longest * (0.5 + jitter() / 2)


class Schedule:
    """Keeps one enrolment in sync until it is stopped."""

    def __init__(
        self,
        store: Store,
        gateway: Gateway,
        identity: Identity,
        key: DeviceKey,
        clock: Clock,
        revoked: Callable[[], None] = lambda: None,
        photos: PhotoLane | None = None,
    ) -> None:
        """`revoked` is called when the server says that this device may no longer take part."""
        self._store = store
        self._gateway = gateway
        self._identity = identity
        self._key = key
        self._clock = clock
        self._revoked = revoked
        self._photos = photos
        self._photos_due = asyncio.Event()
        self._wake = asyncio.Event()
        self._failures = 0
        self._running = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        self._contact: Contact | None = None
        self._leave: Callable[[], None] | None = None

    def start(self) -> None:
        self._leave = self._store.changes.subscribe(self._heard)
        self._wake.set()
        self._tasks = [
            asyncio.create_task(self._keep_going(), name="sync"),
            asyncio.create_task(self._listen(), name="live"),
            asyncio.create_task(self._move_photos(), name="photos"),
        ]

    async def stop(self) -> None:
        if self._leave is not None:
            self._leave()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    def wake(self) -> None:
        """There is a reason to sync now: the network is back, the app is in front again."""
        self._failures = 0
        self._wake.set()

    async def sync_now(self) -> bool:
        """For a pull-down: run and say whether it reached the server."""
        return await self._run()

    def _heard(self, topics: frozenset[str]) -> None:
        if JOURNAL in topics:
            self._wake.set()

    async def _keep_going(self) -> None:
        while True:
            # Not wait_for: up to Python 3.11 it can swallow a cancellation that meets the wake.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_after(self._failures)):
                    await self._wake.wait()
            self._wake.clear()
            await self._run()

    async def _run(self) -> bool:
        async with self._running:
            try:
                finished = await run_once(
                    self._store,
                    self._gateway,
                    self._identity,
                    self._key,
                    self._clock,
                    self._met,
                )
            except Unreachable:
                await self._failed(Reach.OFFLINE, "")
            except Refused as refused:
                await self._failed(Reach.REFUSED, refused.word)
                if refused.code is ProblemCode.DEVICE_REVOKED:
                    self._revoked()
                if refused.code is ProblemCode.SLOW_DOWN and refused.problem.retry_after_seconds:
                    await asyncio.sleep(min(refused.problem.retry_after_seconds, LONGEST_PAUSE_S))
            except GatewayError as error:
                await self._failed(Reach.REFUSED, error.word)
            except NotGenuine as error:
                log.error("the server's answer does not verify: %s", error)
                await self._failed(Reach.REFUSED, "problems.not_genuine")
            except StoreError as error:
                log.error("the store refuses: %s", error)
                self._failures += 1
            except StoppedShort as error:
                log.error("sync stopped short: %s", error)
                await self._failed(Reach.REFUSED, "problems.server_fault")
            except Exception:
                # The schedule must outlive any bug: the next try may carry the evening's records.
                log.exception("sync failed")
                await self._failed(Reach.REFUSED, "problems.internal")
            else:
                await self._succeeded(finished)
                return True
            return False

    async def _move_photos(self) -> None:
        """Photos follow the entries, on a task of their own: a large one delays no record."""
        failures = 0
        while self._photos is not None:
            await self._photos_due.wait()
            self._photos_due.clear()
            try:
                await self._photos.run()
            except (GatewayError, StoreError) as error:
                failures += 1
                log.info("photos wait: %s", type(error).__name__)
            except Exception:
                failures += 1
                log.exception("moving photos failed")
            else:
                failures = 0
                continue
            await asyncio.sleep(pause_after(failures))
            self._photos_due.set()

    async def _listen(self) -> None:
        """Let the server wake us. A broken line is a reason to look at once whether we still
        reach it."""
        failures = 0
        while True:
            try:
                async for _ in self._gateway.live():
                    failures = 0
                    self._wake.set()
                failures += 1
            except GatewayError:
                failures += 1
            if failures == 1:
                self._wake.set()
            await asyncio.sleep(min(30.0, pause_after(failures)))

    def _met(self, time: str) -> None:
        with contextlib.suppress(ValueError):
            self._contact = self._clock.meet(time)

    async def _succeeded(self, finished: Finished) -> None:
        self._failures = 0
        now = self._clock.stamp().at
        contact = self._contact

        def keep(connection: Connection) -> None:
            before = read_sync_state(connection)
            change_sync_state(
                connection,
                reach=Reach.ONLINE,
                since=before.since if before.reach is Reach.ONLINE else now,
                last_complete=now,
                problem="",
                confirmed=finished.held_by_server,
                confirmed_hash=finished.hash,
            )
            if contact is not None:
                write_contact(connection, contact)

        await self._store.write(keep, {SYNC})
        self._photos_due.set()

    async def _failed(self, reach: Reach, problem: str) -> None:
        self._failures += 1
        now = self._clock.stamp().at

        def keep(connection: Connection) -> bool:
            before = read_sync_state(connection)
            if before.reach is reach and before.problem == problem:
                return False
            change_sync_state(connection, reach=reach, since=now, problem=problem)
            return True

        with contextlib.suppress(StoreError):
            if await self._store.write(keep):
                self._store.changes.publish({SYNC})
