"""Keeps the desk's observable true to the store; `client.state.loading` says when.

The table of check-ins, the one that is opened, and the rounds of the day that is looked at. What
no screen has asked for yet is not read: a phone never pays for the desk.
"""

from dataclasses import replace

from client.state.app import DeskState
from client.state.clock import Clock
from client.store import checkins, hazards, places, rounds
from client.store.checkin_views import CheckInDetail, CheckInFilter
from client.store.identity import Identity
from client.store.retention import known_from
from client.store.store import Store


class DeskLoading:
    def __init__(self, store: Store, clock: Clock, state: DeskState) -> None:
        self._store = store
        self._clock = clock
        self._state = state

    async def refresh(self, identity: Identity) -> None:
        """Read again what screens have asked for."""
        page = self._state.page
        if page is not None:
            await self.read_check_ins(identity, page.page)
        if self._state.rounds is not None:
            await self.read_rounds(identity)
        await self.refresh_opened(identity)

    async def read_names(self, identity: Identity) -> None:
        """The areas and the people that can be asked for."""
        self._state.areas = await self._store.read(lambda c: places.areas(c, identity.school))
        self._state.people = await self._store.read(lambda c: places.people(c, identity.school))

    async def open(self, identity: Identity, check_in: str) -> None:
        """An empty id closes what is open."""
        self._state.opened = await self._read(identity, check_in) if check_in else None

    async def refresh_opened(self, identity: Identity) -> None:
        """A hazard it opened may have gone on."""
        if self._state.opened is not None:
            await self.open(identity, self._state.opened.line.id)

    async def _read(self, identity: Identity, check_in: str) -> CheckInDetail | None:
        school, now = identity.school, self._clock.true_now()
        found = await self._store.read(lambda c: checkins.check_in(c, school, check_in))
        if found is None:
            return None
        opened = await self._store.read(lambda c: hazards.opened_by(c, school, check_in, now))
        return replace(found, hazards=opened)

    async def read_rounds(self, identity: Identity) -> None:
        """Those of `rounds_day`, and the day in numbers."""
        now = self._clock.true_now()
        chosen = self._state.rounds_day
        first = await self._store.read(known_from)
        if chosen and first and chosen < first:
            # Not here, which is not the same as not walked.
            self._state.rounds, self._state.figures = (), None
            return
        self._state.rounds = await self._store.read(
            lambda c: rounds.rounds_on_day(c, identity.school, chosen, now, identity.actor)
        )
        zone = await self._store.read(lambda c: places.zone_of(c, identity.school))
        day = chosen or now.astimezone(zone).date().isoformat()
        self._state.figures = await self._store.read(
            lambda c: checkins.day_figures(c, identity.school, day)
        )

    async def read_check_ins(self, identity: Identity, page: int) -> None:
        """Those that `wanted` asks for."""
        wanted = self._state.wanted
        self._state.page = await self._store.read(
            lambda c: checkins.check_ins(c, identity.school, wanted, page)
        )

    def signed_out(self) -> None:
        self._state.page = None
        self._state.opened = None
        self._state.rounds = None
        self._state.figures = None
        self._state.wanted = CheckInFilter()
