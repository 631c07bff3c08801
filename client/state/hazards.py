"""Keeps the hazards' observable true to the store; `client.state.loading` says when.

Nothing is read that no screen has asked for: a teacher's phone never pays for the inbox.
"""

from client.state.app import HazardsState
from client.state.clock import Clock
from client.state.opened import Opened
from client.store.conditions import conditions
from client.store.hazard_detail import hazard
from client.store.hazard_lists import HazardFilter, Shown
from client.store.hazard_views import HazardDetail
from client.store.hazards import figures, hazards
from client.store.identity import Identity
from client.store.places import zone_of
from client.store.store import Store
from ledger.rules.hazards.figures import school_year_of

INBOX_ROWS = 500
"""Everything that waits is one list, without pages: a school has a few dozen."""


class HazardLoading:
    def __init__(self, store: Store, clock: Clock, state: HazardsState) -> None:
        self._store = store
        self._clock = clock
        self._state = state
        self._asked: set[str] = set()
        self._opened = Opened(state, self._read)

    async def refresh(self, identity: Identity) -> None:
        """Read again what screens have asked for."""
        if "page" in self._asked:
            page = self._state.page.page if self._state.page else 0
            await self.show(identity, self._state.wanted, page)
        if "inbox" in self._asked:
            await self.show_inbox(identity)
        if "mine" in self._asked:
            await self.show_mine(identity)
        if "figures" in self._asked:
            await self.show_figures(identity, self._state.figures_year)
        await self._opened.refresh(identity)

    async def read_conditions(self, identity: Identity) -> None:
        found = await self._store.read(lambda c: conditions(c, identity.school))
        self._state.conditions = tuple(one for one in found.values() if not one.retired)

    async def show(self, identity: Identity, wanted: HazardFilter, page: int = 0) -> None:
        self._asked.add("page")
        self._state.wanted = wanted
        now = self._clock.true_now()
        found = await self._store.read(lambda c: hazards(c, identity, wanted, now, page))
        if self._state.wanted == wanted:
            self._state.page = found

    async def show_inbox(self, identity: Identity) -> None:
        self._asked.add("inbox")
        wanted, now = HazardFilter(shown=Shown.DECIDE), self._clock.true_now()
        self._state.inbox = await self._store.read(
            lambda c: hazards(c, identity, wanted, now, rows=INBOX_ROWS)
        )

    async def show_mine(self, identity: Identity) -> None:
        self._asked.add("mine")
        wanted, now = HazardFilter(shown=Shown.MINE), self._clock.true_now()
        self._state.mine = await self._store.read(
            lambda c: hazards(c, identity, wanted, now, rows=INBOX_ROWS)
        )

    async def open(self, identity: Identity, id: str) -> None:
        """An empty id closes what is open."""
        await self._opened.open(identity, id)

    async def show_figures(self, identity: Identity, school_year: int = 0) -> None:
        """`school_year` is the year it began in; 0 is the current one."""
        self._asked.add("figures")
        self._state.figures_year = school_year
        now = self._clock.true_now()
        zone = await self._store.read(lambda c: zone_of(c, identity.school))
        year = school_year or school_year_of(now.astimezone(zone).date())
        self._state.figures = await self._store.read(lambda c: figures(c, identity, year, now))

    async def _read(self, identity: Identity, id: str) -> HazardDetail | None:
        now = self._clock.true_now()
        return await self._store.read(lambda c: hazard(c, identity, id, now))

    def signed_out(self) -> None:
        fresh = HazardsState()
        self._asked.clear()
        self._opened.forget()
        self._state.wanted = fresh.wanted
        self._state.page = self._state.inbox = self._state.mine = None
        self._state.figures = None
        self._state.figures_year = 0
