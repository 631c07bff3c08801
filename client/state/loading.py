"""Keeps the observables true to the store: after every change, what it touched is read again.

Screens ask here for what they show, for another page or filter (`filter`, `open`, `show_day`,
`show_points`, `show_queue`, `show_hazards` …); nothing else writes to the observables. Everything
runs on the event loop; reads happen on the store's own thread. Changes that come while a read
is under way lead to one more read, not to one each.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine

from client.state.app import State
from client.state.clock import Clock
from client.state.desk import DeskLoading
from client.state.dorms import DormLoading
from client.state.hazards import HazardLoading
from client.state.leave import LeaveLoading
from client.state.patrol import PatrolLoading
from client.state.person import PersonLoading
from client.state.sync import SyncLoading
from client.state.watched import WatchedLoading
from client.store import attendance
from client.store.attendance import PupilHistory
from client.store.changes import IDENTITY, JOURNAL, SYNC
from client.store.checkin_views import CheckInFilter
from client.store.hazard_lists import HazardFilter
from client.store.identity import Identity
from client.store.leave import LeaveShown
from client.store.store import Store
from client.store.students import StudentView
from client.store.watched_views import WatchedFilter

log = logging.getLogger(__name__)

TICK_S = 15.0
NIGHT = frozenset(
    {"rollcall", "missing", "building", "student", "leave", "staff", "school", IDENTITY}
)
"""What the roll-call's screens are made of."""
RESTART_S = 1.0


class Loading:
    """Binds one store to the observables until `stop`."""

    def __init__(self, store: Store, clock: Clock, state: State) -> None:
        self._store = store
        self._clock = clock
        self.state = state
        self._person = PersonLoading(store, state.app, state.hazards)
        self._sync = SyncLoading(store, clock, state.app, state.queue)
        self._patrol = PatrolLoading(store, clock, state.app, state.patrol, state.points)
        self._desk = DeskLoading(store, clock, state.desk)
        self._hazards = HazardLoading(store, clock, state.hazards)
        self._leave_list = LeaveLoading(store, clock, state.leave)
        self._watched = WatchedLoading(store, clock, state.district)
        self._dorms = DormLoading(store, clock, state.dorms)
        self._dirty: set[str] = set()
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = False
        self._leave: Callable[[], None] | None = None

    async def start(self) -> None:
        """Read everything once, then keep it fresh."""
        self._leave = self._store.changes.subscribe(self._heard)
        await self.refresh({"all"})
        self._stopped = False
        self._keep(self._follow)
        self._keep(self._tick)

    async def stop(self) -> None:
        self._stopped = True
        if self._leave is not None:
            self._leave()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _keep(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Run `work` for good: screens must not fall silent because one reading failed."""
        if self._stopped:
            return
        task = asyncio.create_task(work(), name=work.__name__)
        self._tasks.add(task)

        def ended(done: asyncio.Task[None]) -> None:
            self._tasks.discard(done)
            if done.cancelled() or self._stopped:
                return
            log.error("the screens' state could not be read", exc_info=done.exception())
            self._dirty.add("all")
            asyncio.get_running_loop().call_later(RESTART_S, self._keep, work)

        task.add_done_callback(ended)

    async def refresh(self, topics: set[str]) -> None:
        """Read again what these topics touch."""
        everything = "all" in topics
        identity = await self._store.identity()
        if everything or "choice" in topics:
            await self._person.read_choices()
        if identity is None:
            return
        if everything or topics & {IDENTITY, "school", "staff", "area", "device"}:
            await self._person.read(identity)
            await self._desk.read_names(identity)
        if everything or topics & {"round", "plan", "point", "area"}:
            await self._patrol.read_today(identity)
        if everything or topics & NIGHT:
            await self._dorms.refresh(identity)
        if everything or topics & {SYNC, JOURNAL, IDENTITY}:
            await self._sync.read(identity)
        if everything or topics & {JOURNAL, IDENTITY}:
            await self._sync.refresh_queue(identity)
        if everything or topics & {"round", "plan", "point", "area"}:
            await self._desk.refresh(identity)
        elif "hazard" in topics:
            await self._desk.refresh_opened(identity)
        if everything or topics & {IDENTITY, "condition"}:
            await self._hazards.read_conditions(identity)
        if everything or topics & {"hazard", "photo", "staff", "point", "area", "condition"}:
            await self._hazards.refresh(identity)
        if everything or topics & {"leave", "reason", "student", "staff", IDENTITY}:
            await self._leave_list.refresh(identity)
        if everything or topics & {"watched", "photo", "staff"}:
            await self._watched.refresh(identity)
        if everything or topics & {"point", "area"}:
            await self._patrol.refresh_points(identity)

    async def filter(self, wanted: CheckInFilter, page: int = 0) -> None:
        """Show other check-ins at the desk."""
        self.state.desk.wanted = wanted
        await self._with_identity(lambda identity: self._desk.read_check_ins(identity, page))

    async def open(self, check_in: str) -> None:
        """Open one check-in; an empty id closes it."""
        await self._with_identity(lambda identity: self._desk.open(identity, check_in))

    async def show_day(self, day: str) -> None:
        """Show the rounds of another day (ISO date) on the overview."""
        self.state.desk.rounds_day = day
        await self._with_identity(self._desk.read_rounds)

    async def show_hazards(self, wanted: HazardFilter, page: int = 0) -> None:
        await self._with_identity(lambda identity: self._hazards.show(identity, wanted, page))

    async def show_inbox(self) -> None:
        await self._with_identity(self._hazards.show_inbox)

    async def show_my_hazards(self) -> None:
        await self._with_identity(self._hazards.show_mine)

    async def open_hazard(self, id: str) -> None:
        """An empty id closes it."""
        await self._with_identity(lambda identity: self._hazards.open(identity, id))

    async def show_hazard_figures(self, school_year: int = 0) -> None:
        await self._with_identity(
            lambda identity: self._hazards.show_figures(identity, school_year)
        )

    async def show_leave(self, shown: LeaveShown, page: int = 0) -> None:
        await self._with_identity(lambda identity: self._leave_list.show(identity, shown, page))

    async def show_waiting_leave(self) -> None:
        await self._with_identity(self._leave_list.show_waiting)

    async def show_entered_leave(self, id: str) -> None:
        await self._with_identity(lambda identity: self._leave_list.show_entered(identity, id))

    async def open_leave(self, id: str) -> None:
        """An empty id closes it."""
        await self._with_identity(lambda identity: self._leave_list.open(identity, id))

    async def find_students(self, text: str) -> tuple[StudentView, ...]:
        """Pupils this person may see, by name, initials, number or room."""
        identity = await self._store.identity()
        return () if identity is None else await self._leave_list.find(identity, text)

    async def attendance_groups(self) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """Classes, and buildings with their names, that this person sees pupils of."""
        identity = await self._store.identity()
        if identity is None:
            return (), ()
        return await self._store.read(lambda c: attendance.groups(c, identity.school))

    async def attendance_rooms(self, building: str) -> tuple[str, ...]:
        """The rooms of a building that anybody lives in."""
        identity = await self._store.identity()
        if identity is None or not building:
            return ()
        return await self._store.read(lambda c: attendance.rooms_of(c, identity.school, building))

    async def pupil_history(self, id: str) -> PupilHistory | None:
        """None for a pupil this person may not look up."""
        identity = await self._store.identity()
        if identity is None:
            return None
        now = self._clock.true_now()
        return await self._store.read(lambda c: attendance.history(c, identity, id, now))

    async def show_watched(self, wanted: WatchedFilter, page: int = 0) -> None:
        """The district's list of schools' hazards, and its figures."""
        await self._with_identity(lambda identity: self._watched.show(identity, wanted, page))

    async def open_watched(self, id: str) -> None:
        """An empty id closes it."""
        await self._with_identity(lambda identity: self._watched.open(identity, id))

    async def show_roll_call(self) -> None:
        """Tonight in a line for each of this person's buildings."""
        await self._with_identity(self._dorms.show_summary)

    async def show_nights(self) -> None:
        """Tonight and the last nights, for the desk."""
        await self._with_identity(self._dorms.show_desk)

    async def show_night_attention(self) -> None:
        """What of the roll-call the inbox shows."""
        await self._with_identity(self._dorms.show_attention)

    async def show_building(self, id: str, night: str = "") -> None:
        """Without a night: tonight. An empty id closes it."""
        await self._with_identity(lambda identity: self._dorms.show_building(identity, id, night))

    async def open_room(self, id: str) -> None:
        """Of the building that is shown; an empty id closes it."""
        await self._with_identity(lambda identity: self._dorms.open_room(identity, id))

    async def open_search(self, id: str) -> None:
        """The card of somebody who is missing; an empty id closes it."""
        await self._with_identity(lambda identity: self._dorms.open_search(identity, id))

    async def find_pupils(self, text: str) -> None:
        await self._with_identity(lambda identity: self._dorms.find(identity, text))

    async def show_points(self) -> None:
        await self._with_identity(self._patrol.read_points)

    async def show_queue(self, *, page: int = 0, attention_only: bool = False) -> None:
        self.state.queue.attention_only = attention_only
        self.state.queue.page = page
        await self._with_identity(self._sync.read_queue)

    async def _with_identity(self, work: Callable[[Identity], Awaitable[None]]) -> None:
        identity = await self._store.identity()
        if identity is not None:
            await work(identity)

    def _heard(self, topics: frozenset[str]) -> None:
        self._dirty |= topics
        if self._dirty:
            self._wake.set()

    async def _follow(self) -> None:
        while True:
            if not self._dirty:
                await self._wake.wait()
            self._wake.clear()
            topics, self._dirty = self._dirty, set()
            await self.refresh(topics)

    async def _tick(self) -> None:
        """Time passes: rounds open and close without anybody writing anything."""
        while True:
            await asyncio.sleep(TICK_S)
            self._heard(frozenset({"round"}))

    def signed_out(self) -> None:
        """Forget what was shown of the person who left."""
        self.state.app.person = None
        for part in (
            self._sync,
            self._patrol,
            self._desk,
            self._hazards,
            self._leave_list,
            self._watched,
            self._dorms,
        ):
            part.signed_out()
