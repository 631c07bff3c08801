"""When to sync: at once when there is a reason, later when the last try failed.

Reasons: a new own entry, the server's live signal, the network's return, the app's return to
the front, a pull-down, a timer. A failure is a state, not an alarm: it is written to the store,
where the chip finds it, and tried again with growing, jittered pauses. A person can stop it at
any moment, in the middle of a byte: what was sent twice is recognised, a photo goes on where it
was cut.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Coroutine

from sqlalchemy import Connection

from client.gateway.errors import Cut, GatewayError, Refused, Unreachable
from client.gateway.gateway import Gateway
from client.store.changes import JOURNAL, SYNC
from client.store.errors import NotGenuine, StoreError
from client.store.identity import Identity, write_contact
from client.store.places import zone_of
from client.store.progress import forget_progress
from client.store.store import Store
from client.store.sync_state import change_sync_state, note_problem, read_sync_state
from client.store.sync_views import Moving, Reach
from client.store.traffic import add_traffic
from client.sync.courier import Courier
from client.sync.photos import PhotoLane
from client.sync.plan import PUSH_ENTRIES, after_cut, after_success
from client.sync.push import Clock
from client.sync.run import ChainBroken, Finished, StoppedShort, Superseded, run_once
from client.sync.tidy import tidy
from ledger.clock import Contact, Stamp, true_time
from ledger.keys import DeviceKey
from ledger.wire import ProblemCode

log = logging.getLogger(__name__)

CHOICE = "choice"
"""The topic of what a person chose: over which network photos go, and how long rounds stay."""
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
        broken: Callable[[], None] = lambda: None,
        courier: Courier | None = None,
    ) -> None:
        """`revoked` is called when the server says that this device may no longer take part,
        `broken` when its chain can't go on and it needs a new key."""
        self._store = store
        self._gateway = gateway
        self._identity = identity
        self._key = key
        self._clock = clock
        self._revoked = revoked
        self._photos = photos
        self._broken = broken
        self._courier = courier
        self._photos_due = asyncio.Event()
        self._wake = asyncio.Event()
        self._failures = 0
        self._batch = PUSH_ENTRIES
        self._paused = False
        self._resumed = asyncio.Event()
        self._resumed.set()
        self._works: set[asyncio.Task[None]] = set()
        """What a pause ends: the run and the photos under way."""
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
        """For a pull-down: run and say whether it reached the server. Ends a pause."""
        await self.resume()
        return await self._run()

    async def pause(self) -> None:
        """Stop at once and stay stopped, over restarts, until the person says otherwise."""
        self._paused = True
        self._resumed.clear()
        for work in tuple(self._works):
            work.cancel()
        await self._store.write(_pause, {SYNC})

    async def resume(self) -> None:
        if not self._paused:
            return
        self._paused = False
        await self._store.write(lambda c: change_sync_state(c, paused=False), {SYNC})
        self._resumed.set()
        self.wake()
        self._photos_due.set()

    def _heard(self, topics: frozenset[str]) -> None:
        if JOURNAL in topics or CHOICE in topics:
            self._wake.set()
        if CHOICE in topics:
            self._photos_due.set()

    async def _keep_going(self) -> None:
        await self._begin()
        while True:
            await self._resumed.wait()
            # Not wait_for: up to Python 3.11 it can swallow a cancellation that meets the wake.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_after(self._failures)):
                    await self._wake.wait()
            self._wake.clear()
            await self._run()

    async def _begin(self) -> None:
        """What a killed app left behind."""
        self._paused = await self._store.read(lambda c: read_sync_state(c).paused)
        if self._paused:
            self._resumed.clear()
        await self._store.write(forget_progress)

    async def _run(self) -> bool:
        finished: list[Finished] = []

        async def work() -> None:
            finished.append(
                await run_once(
                    self._store,
                    self._gateway,
                    self._identity,
                    self._key,
                    self._clock,
                    self._met,
                    self._batch,
                )
            )

        async with self._running:
            try:
                if not await self._unless_paused(work()):
                    return False
            except Unreachable as error:
                if isinstance(error, Cut):
                    self._batch = after_cut(self._batch)
                await self._failed(Reach.OFFLINE, "problems.unreachable")
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
            except ChainBroken:
                self._failures += 1
                self._broken()
            except Superseded:
                log.info("another key has taken over: nothing more is sent under this one")
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
                await self._succeeded(finished[0])
                await self._tidied()
                return True
            return False

    async def _unless_paused(self, work: Coroutine[None, None, None]) -> bool:
        """Do it; False when the person stopped it half-way."""
        task = asyncio.create_task(work)
        self._works.add(task)
        try:
            await task
        except asyncio.CancelledError:
            us = asyncio.current_task()
            if self._paused and us is not None and not us.cancelling():
                return False
            task.cancel()
            raise
        finally:
            self._works.discard(task)
        return True

    async def _tidied(self) -> None:
        with contextlib.suppress(StoreError):
            await tidy(self._store, self._identity, true_time(self._clock.stamp()))

    async def _move_photos(self) -> None:
        """Photos follow the entries, on a task of their own: a large one delays no record."""
        failures = 0
        while self._photos is not None:
            await self._photos_due.wait()
            self._photos_due.clear()
            await self._resumed.wait()
            try:
                await self._unless_paused(self._photos.run())
                if self._courier is not None:
                    await self._unless_paused(self._courier.run())
            except (GatewayError, StoreError) as error:
                failures += 1
                log.info("photos wait: %s", type(error).__name__)
                await self._note_problem(error.word)
            except Exception:
                failures += 1
                log.exception("moving photos failed")
            else:
                failures = 0
                await self._counted()
                continue
            await self._counted()
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
        self._batch = after_success(self._batch)
        stamp = self._clock.stamp()
        contact, traffic = self._contact, self._gateway.traffic.take()

        def keep(connection: Connection) -> None:
            before = read_sync_state(connection)
            change_sync_state(
                connection,
                reach=Reach.ONLINE,
                since=before.since if before.reach is Reach.ONLINE else stamp.at,
                last_complete=stamp.at,
                problem="",
            )
            forget_progress(connection, (Moving.RECORDS, Moving.NEWS))
            self._count(connection, stamp, traffic)
            if contact is not None:
                write_contact(connection, contact)

        await self._store.write(keep, {SYNC})
        self._photos_due.set()

    def _count(self, connection: Connection, stamp: Stamp, traffic: tuple[int, int]) -> None:
        day = true_time(stamp).astimezone(zone_of(connection, self._identity.school)).date()
        add_traffic(connection, day.isoformat(), *traffic)

    async def _counted(self) -> None:
        stamp, traffic = self._clock.stamp(), self._gateway.traffic.take()
        with contextlib.suppress(StoreError):
            await self._store.write(lambda c: self._count(c, stamp, traffic), {SYNC})

    async def _note_problem(self, word: str) -> None:
        now = self._clock.stamp().at

        def keep(connection: Connection) -> None:
            problems = note_problem(read_sync_state(connection), now, word)
            change_sync_state(connection, problems=problems)

        with contextlib.suppress(StoreError):
            await self._store.write(keep, {SYNC})

    async def _failed(self, reach: Reach, problem: str) -> None:
        """`problem` is the key of the sentence that says why."""
        self._failures += 1
        stamp, traffic = self._clock.stamp(), self._gateway.traffic.take()
        told = "" if reach is Reach.OFFLINE else problem

        def keep(connection: Connection) -> None:
            before = read_sync_state(connection)
            same = before.reach is reach and before.problem == told
            change_sync_state(
                connection,
                reach=reach,
                since=before.since if same else stamp.at,
                problem=told,
                problems=note_problem(before, stamp.at, problem),
            )
            forget_progress(connection, (Moving.RECORDS, Moving.NEWS))
            self._count(connection, stamp, traffic)

        with contextlib.suppress(StoreError):
            await self._store.write(keep, {SYNC})


def _pause(connection: Connection) -> None:
    change_sync_state(connection, paused=True)
    forget_progress(connection)
