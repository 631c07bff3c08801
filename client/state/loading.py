"""Keeps the observables true to the store: after every change, what it touched is read again.

Screens ask here for what they show, for another page or filter (`filter`, `open`, `show_day`,
`show_points`, `show_queue`, `show_hazards` …); nothing else writes to the observables. Everything
runs on the event loop; reads happen on the store's own thread. Changes that come while a read
is under way lead to one more read, not to one each.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timezone
from typing import Protocol

from client.state.app import State
from client.state.dorms import DormLoading
from client.state.hazards import HazardLoading
from client.state.leave import LeaveLoading
from client.state.watched import WatchedLoading
from client.store import attendance, checkins, places, queue, rounds
from client.store.attendance import PupilHistory
from client.store.changes import IDENTITY, JOURNAL, SYNC
from client.store.checkin_views import CheckInFilter
from client.store.hazard_views import HazardColumn, HazardFilter
from client.store.identity import Identity, read_setting
from client.store.leave import LeaveShown
from client.store.rescue.note import read_note
from client.store.retention import keep_days, known_from
from client.store.store import Store
from client.store.students import StudentView
from client.store.watched_views import WatchedFilter
from ledger.verdicts import Verdict

log = logging.getLogger(__name__)

TICK_S = 15.0
NIGHT = frozenset(
    {"rollcall", "missing", "building", "student", "leave", "staff", "school", IDENTITY}
)
"""What the roll-call's screens are made of."""
RESTART_S = 1.0


class Clock(Protocol):
    def true_now(self) -> datetime: ...


class Loading:
    """Binds one store to the observables until `stop`."""

    def __init__(self, store: Store, clock: Clock, state: State) -> None:
        self._store = store
        self._clock = clock
        self.state = state
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
            await self._choices()
        if identity is None:
            return
        if everything or topics & {IDENTITY, "school", "staff", "area", "device"}:
            await self._who(identity)
        if everything or topics & {"round", "plan", "point", "area"}:
            await self._today(identity)
        if everything or topics & NIGHT:
            await self._dorms.refresh(identity)
        if everything or topics & {SYNC, JOURNAL, IDENTITY}:
            await self._sync(identity)
        # What no screen has asked for yet is not read: a phone never pays for the desk.
        if self.state.queue.rows is not None and (everything or topics & {JOURNAL, IDENTITY}):
            await self._queue(identity)
        if everything or topics & {"round", "plan", "point", "area"}:
            await self._desk(identity)
        if everything or topics & {IDENTITY, "condition"}:
            await self._hazards.read_conditions(identity)
        if everything or topics & {"hazard", "photo", "staff", "point", "area", "condition"}:
            await self._hazards.refresh(identity)
        if everything or topics & {"leave", "reason", "student", "staff", IDENTITY}:
            await self._leave_list.refresh(identity)
        if everything or topics & {"watched", "photo", "staff"}:
            await self._watched.refresh(identity)
        if self.state.points.points is not None and (everything or topics & {"point", "area"}):
            await self._points(identity)

    async def filter(self, wanted: CheckInFilter, page: int = 0) -> None:
        """Show other check-ins at the desk."""
        self.state.desk.wanted = wanted
        await self._with_identity(lambda identity: self._check_ins(identity, page))

    async def open(self, check_in: str) -> None:
        """Open one check-in; an empty id closes it."""

        async def load(identity: Identity) -> None:
            self.state.desk.opened = (
                await self._store.read(lambda c: checkins.check_in(c, identity.school, check_in))
                if check_in
                else None
            )

        await self._with_identity(load)

    async def show_day(self, day: str) -> None:
        """Show the rounds of another day (ISO date) on the overview."""
        self.state.desk.rounds_day = day
        await self._with_identity(self._desk_rounds)

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
        await self._with_identity(self._points)

    async def show_queue(self, *, page: int = 0, attention_only: bool = False) -> None:
        self.state.queue.attention_only = attention_only
        self.state.queue.page = page
        await self._with_identity(self._queue)

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

    async def _choices(self) -> None:
        app = self.state.app
        language = await self._store.read(lambda c: read_setting(c, "choice.language"))
        theme = await self._store.read(lambda c: read_setting(c, "choice.theme"))
        app.language = language or app.language
        app.theme = theme or app.theme
        app.theme_chosen = theme is not None
        scale = await self._store.read(lambda c: read_setting(c, "choice.text_scale"))
        app.text_scale = float(scale) if scale else app.text_scale
        wifi = await self._store.read(lambda c: read_setting(c, "choice.photos_wifi_only"))
        app.photos_wifi_only = wifi == "true"
        app.keep_days = await self._store.read(keep_days)
        columns = await self._store.read(lambda c: read_setting(c, "choice.ledger_columns"))
        known = set(HazardColumn)
        self.state.hazards.columns = tuple(
            HazardColumn(one) for one in (columns or "").split() if one in known
        )

    async def _who(self, identity: Identity) -> None:
        app = self.state.app
        app.server = identity.server
        app.school = await self._store.read(lambda c: places.school(c, identity.school))
        app.person = await self._store.read(
            lambda c: places.person(c, identity.school, identity.actor)
        )
        devices = await self._store.read(lambda c: places.names(c, identity.school, "device"))
        app.device_name = devices.get(identity.device, "")
        self.state.desk.areas = await self._store.read(lambda c: places.areas(c, identity.school))
        self.state.desk.people = await self._store.read(lambda c: places.people(c, identity.school))

    async def _today(self, identity: Identity) -> None:
        now = self._clock.true_now()

        local, today = await self._store.read(
            lambda c: rounds.rounds_now(c, identity.school, now, identity.actor)
        )
        self.state.app.now = local
        self.state.patrol.rounds = today

    async def _desk(self, identity: Identity) -> None:
        page = self.state.desk.page
        if page is not None:
            await self._check_ins(identity, page.page)
        if self.state.desk.rounds is not None:
            await self._desk_rounds(identity)
        opened = self.state.desk.opened
        if opened is not None:
            await self.open(opened.line.id)

    async def _check_ins(self, identity: Identity, page: int) -> None:
        wanted = self.state.desk.wanted
        self.state.desk.page = await self._store.read(
            lambda c: checkins.check_ins(c, identity.school, wanted, page)
        )

    async def _desk_rounds(self, identity: Identity) -> None:
        now = self._clock.true_now()
        chosen = self.state.desk.rounds_day
        first = await self._store.read(known_from)
        if chosen and first and chosen < first:
            # Not here, which is not the same as not walked.
            self.state.desk.rounds, self.state.desk.figures = (), None
            return
        self.state.desk.rounds = await self._store.read(
            lambda c: rounds.rounds_on_day(c, identity.school, chosen, now, identity.actor)
        )
        day = chosen or now.astimezone(await self._zone(identity)).date().isoformat()
        self.state.desk.figures = await self._store.read(
            lambda c: checkins.day_figures(c, identity.school, day)
        )

    async def _zone(self, identity: Identity) -> timezone:
        return await self._store.read(lambda c: places.zone_of(c, identity.school))

    async def _points(self, identity: Identity) -> None:
        self.state.points.points = await self._store.read(
            lambda c: places.points(c, identity.school)
        )

    async def _sync(self, identity: Identity) -> None:
        now = self._clock.true_now()
        self.state.app.sync = await self._store.read(lambda c: queue.sync_view(c, identity, now))
        self.state.app.rescue = await self._store.read(read_note)
        self.state.app.known_from = await self._store.read(known_from)

    async def _queue(self, identity: Identity) -> None:
        shown = self.state.queue
        verdicts = (Verdict.REFUSED, Verdict.HELD) if shown.attention_only else ()
        shown.rows, shown.total = await self._store.read(
            lambda c: queue.queue(c, identity, verdicts, shown.page)
        )

    def signed_out(self) -> None:
        """Forget what was shown of the person who left."""
        fresh = State()
        self.state.app.person = None
        self.state.app.sync = None
        self.state.app.rescue = None
        self.state.patrol.rounds = fresh.patrol.rounds
        self.state.desk.page = None
        self.state.desk.opened = None
        self.state.desk.rounds = None
        self.state.desk.figures = None
        self.state.desk.wanted = fresh.desk.wanted
        self.state.queue.rows = None
        self._hazards.signed_out()
        self._leave_list.signed_out()
        self._watched.signed_out()
        self._dorms.signed_out()
        self.state.points.points = None
