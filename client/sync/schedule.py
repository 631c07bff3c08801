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
from collections.abc import Callable, Coroutine

from sqlalchemy import Connection

from client.gateway.errors import Cut, GatewayError, Refused, Unreachable
from client.gateway.gateway import Gateway
from client.store.changes import JOURNAL, SYNC
from client.store.errors import NotGenuine, StoreError
from client.store.identity import Identity
from client.store.progress import forget_progress
from client.store.store import Store
from client.store.sync_state import change_sync_state, read_sync_state
from client.store.sync_views import Reach
from client.sync.courier import Courier
from client.sync.outcomes import Outcomes
from client.sync.pauses import LONGEST_PAUSE_S, pause_after
from client.sync.photos import PhotoLane
from client.sync.plan import PUSH_ENTRIES, after_cut, after_success
from client.sync.push import Clock
from client.sync.run import ChainBroken, StoppedShort, Superseded, run_once
from client.sync.tidy import tidy
from ledger.clock import true_time
from ledger.keys import DeviceKey
from ledger.wire.problems import ProblemCode

log = logging.getLogger(__name__)

CHOICE = "choice"
"""The topic of what a person chose: over which network photos go, and how long rounds stay."""
CANCEL_AGAIN_S = 3.0
"""So long a task may take to end before it is told once more."""


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
        self._outcomes = Outcomes(store, gateway.traffic, identity, clock)
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
        going = set(self._tasks)
        while going:
            for task in going:
                task.cancel()
            # Said again until it is heard: where it meets the end of a line, what reads from that
            # may answer with the line's error instead, and the task would go on for ever.
            _, going = await asyncio.wait(going, timeout=CANCEL_AGAIN_S)
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
        await self._store.write(lambda c: change_sync_state(c, paused=False), {SYNC})
        self._paused = False
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
        with contextlib.suppress(StoreError):
            self._paused = await self._store.read(lambda c: read_sync_state(c).paused)
        if self._paused:
            self._resumed.clear()
        with contextlib.suppress(StoreError):
            await self._store.write(forget_progress)

    async def _run(self) -> bool:
        async def work() -> None:
            await run_once(
                self._store,
                self._gateway,
                self._identity,
                self._key,
                self._clock,
                self._outcomes.met,
                self._batch,
            )

        async with self._running:
            try:
                if not await self._unless_paused(work()):
                    return False
                self._photos_due.set()
                await self._outcomes.succeeded()
                await self._tidied()
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
                self._failures = 0
                self._batch = after_success(self._batch)
                return True
            return False

    async def _failed(self, reach: Reach, problem: str) -> None:
        """`problem` is the key of the sentence that says why."""
        self._failures += 1
        await self._outcomes.failed(reach, problem)

    async def _unless_paused(self, work: Coroutine[None, None, None]) -> bool:
        """Do it; False when the person has stopped it, before or half-way."""
        if self._paused:
            work.close()
            return False
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
                await self._move(self._photos)
            except (GatewayError, StoreError) as error:
                failures += 1
                log.info("photos wait: %s", type(error).__name__)
                await self._outcomes.photos_waited(error.word)
            except Exception:
                failures += 1
                log.exception("moving photos failed")
            else:
                failures = 0
                await self._outcomes.count()
                continue
            await self._outcomes.count()
            await asyncio.sleep(pause_after(failures))
            self._photos_due.set()

    async def _move(self, photos: PhotoLane) -> None:
        """This device's photos, then others' bundles: a photo that is refused keeps back none."""
        refusal: Refused | None = None
        try:
            await self._unless_paused(photos.run())
        except Refused as refused:
            refusal = refused
        if self._courier is not None:
            await self._unless_paused(self._courier.run())
        if refusal is not None:
            raise refusal

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
            except Exception:
                failures += 1
                log.exception("listening failed")
            if failures == 1:
                self._wake.set()
            await asyncio.sleep(min(30.0, pause_after(failures)))


def _pause(connection: Connection) -> None:
    change_sync_state(connection, paused=True)
    forget_progress(connection)
