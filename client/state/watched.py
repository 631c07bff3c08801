"""Keeps the district's observable true to the store; `client.state.loading` says when.

Nothing is read that no screen has asked for: nobody at a school ever asks.
"""

from client.state.app import DistrictState
from client.state.clock import Clock
from client.state.opened import Opened
from client.store.identity import Identity
from client.store.store import Store
from client.store.watched import figures, watched
from client.store.watched_detail import watched_hazard
from client.store.watched_views import WatchedDetail, WatchedFilter


class WatchedLoading:
    def __init__(self, store: Store, clock: Clock, state: DistrictState) -> None:
        self._store = store
        self._clock = clock
        self._state = state
        self._asked = False
        self._opened = Opened(state, self._read)

    async def refresh(self, identity: Identity) -> None:
        """Read again what screens have asked for."""
        if self._asked:
            page = self._state.page.page if self._state.page else 0
            await self.show(identity, self._state.wanted, page)
        await self._opened.refresh(identity)

    async def show(self, identity: Identity, wanted: WatchedFilter, page: int = 0) -> None:
        """The list, and the figures above it."""
        self._asked = True
        self._state.wanted = wanted
        now = self._clock.true_now()
        found = await self._store.read(lambda c: watched(c, identity, wanted, now, page))
        counted = await self._store.read(lambda c: figures(c, identity, now))
        if self._state.wanted == wanted:
            self._state.page = found
            self._state.figures = counted

    async def open(self, identity: Identity, id: str) -> None:
        """An empty id closes what is open."""
        await self._opened.open(identity, id)

    async def _read(self, identity: Identity, id: str) -> WatchedDetail | None:
        now = self._clock.true_now()
        return await self._store.read(lambda c: watched_hazard(c, identity, id, now))

    def signed_out(self) -> None:
        fresh = DistrictState()
        self._asked = False
        self._opened.forget()
        self._state.wanted = fresh.wanted
        self._state.page = self._state.figures = None
