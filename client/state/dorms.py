"""Keeps the night's observable true to the store; `client.state.loading` says when.

Nothing is read that no screen has asked for, but for who is missing: that is on every screen.
"""

from datetime import date, timedelta

from client.state.app import DormsState
from client.state.clock import Clock
from client.store.dorms import building, missing, nights, room
from client.store.dorms.attention import attention
from client.store.identity import Identity
from client.store.store import Store

DESK_NIGHTS = 7
"""Tonight and the nights before that the desk shows."""


class DormLoading:
    def __init__(self, store: Store, clock: Clock, state: DormsState) -> None:
        self._store = store
        self._clock = clock
        self._state = state
        self._asked: set[str] = set()
        self._room = ""

    async def refresh(self, identity: Identity) -> None:
        """Read again what screens have asked for."""
        if not self._store.names_pupils:
            return  # the file has just been opened; all of it is read again with the seal
        now = self._clock.true_now()
        tonight = await self._store.read(lambda c: nights.night_now(c, identity.school, now))
        if tonight != self._state.tonight:
            self._state.tonight = tonight
        if self._state.building:
            await self._building(identity)
        if "summary" in self._asked:
            await self.show_summary(identity)
        if "desk" in self._asked:
            await self.show_desk(identity)
        if "attention" in self._asked:
            await self.show_attention(identity)
        await self._searches(identity)

    async def show_summary(self, identity: Identity) -> None:
        """Tonight in a line for each building."""
        self._asked.add("summary")
        tonight = await self._tonight(identity)
        found = await self._store.read(lambda c: building.nights_of(c, identity, (tonight,)))
        self._state.summary = found

    async def show_desk(self, identity: Identity) -> None:
        """Tonight and the last nights of every building."""
        self._asked.add("desk")
        last = date.fromisoformat(await self._tonight(identity))
        wanted = tuple((last - timedelta(days=n)).isoformat() for n in range(DESK_NIGHTS))
        self._state.desk = await self._store.read(lambda c: building.nights_of(c, identity, wanted))

    async def show_attention(self, identity: Identity) -> None:
        """What the inbox says of the night."""
        self._asked.add("attention")
        now = self._clock.true_now()
        self._state.attention = await self._store.read(lambda c: attention(c, identity, now))

    async def show_building(self, identity: Identity, id: str, night: str = "") -> None:
        """Without a night it is tonight. An empty id closes what is open."""
        if (id, night) != (self._state.building, self._state.night):
            self._state.map = self._state.room = None
            self._state.exceptions = self._state.history = ()
            self._room = ""
        self._state.building, self._state.night = id, night
        if id:
            await self._building(identity)

    async def open_room(self, identity: Identity, id: str) -> None:
        """An empty id closes the room."""
        self._room = id
        if not id:
            self._state.room = None
            return
        await self._read_room(identity)

    async def open_search(self, identity: Identity, id: str) -> None:
        self._state.opened_search = id
        await self._searches(identity)

    async def find(self, identity: Identity, text: str) -> None:
        """Pupils of this person's buildings; an empty text ends the search."""
        self._state.searched = text
        if not text:
            self._state.found = None
            return
        tonight = await self._tonight(identity)
        found = await self._store.read(lambda c: room.find_pupils(c, identity, tonight, text))
        if self._state.searched == text:
            self._state.found = found

    async def _tonight(self, identity: Identity) -> str:
        now = self._clock.true_now()
        found = await self._store.read(lambda c: nights.night_now(c, identity.school, now))
        if self._state.tonight != found:
            self._state.tonight = found
        return found

    async def _building(self, identity: Identity) -> None:
        id, chosen = self._state.building, self._state.night
        night = chosen or await self._tonight(identity)
        if self._room:
            await self._read_room(identity)
        found = await self._store.read(lambda c: building.building_night(c, identity, id, night))
        told = await self._store.read(lambda c: building.history(c, identity.school, id, night))
        if (id, chosen) == (self._state.building, self._state.night):
            self._state.map, self._state.exceptions = found or (None, ())
            self._state.history, self._state.map_missing = told, found is None

    async def _read_room(self, identity: Identity) -> None:
        id, wanted = self._state.building, self._room
        night = self._state.night or await self._tonight(identity)
        found = await self._store.read(lambda c: room.room_night(c, identity, id, night, wanted))
        if self._room == wanted and self._state.building == id:
            self._state.room = found

    async def _searches(self, identity: Identity) -> None:
        found = await self._store.read(lambda c: missing.open_searches(c, identity))
        self._state.searches = found
        wanted = self._state.opened_search
        opened = next((one for one in found if one.id == wanted), None)
        if opened is None and wanted:
            opened = await self._store.read(lambda c: missing.search(c, identity, wanted))
        self._state.search = opened

    def signed_out(self) -> None:
        fresh = DormsState()
        self._asked.clear()
        self._room = ""
        for name in (
            *("tonight", "building", "night", "map", "map_missing", "room", "exceptions"),
            *("history", "summary", "desk", "attention", "searched", "found", "searches", "search"),
            "opened_search",
        ):
            setattr(self._state, name, getattr(fresh, name))
