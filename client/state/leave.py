"""Keeps the leave's observable true to the store; `client.state.loading` says when.

Nothing is read that no screen has asked for.
"""

from client.state.app import LeaveState
from client.state.clock import Clock
from client.state.opened import Opened
from client.store.identity import Identity
from client.store.leave import LeaveDetail, LeaveShown, leave, leaves
from client.store.store import Store
from client.store.students import StudentView, find_students
from ledger.rules.dorms.leave import LeaveState as Stage

WAITING_ROWS = 200


class LeaveLoading:
    def __init__(self, store: Store, clock: Clock, state: LeaveState) -> None:
        self._store = store
        self._clock = clock
        self._state = state
        self._asked: set[str] = set()
        self._opened = Opened(state, self._read)

    async def refresh(self, identity: Identity) -> None:
        """Read again what screens have asked for."""
        if "page" in self._asked:
            page = self._state.page.page if self._state.page else 0
            await self.show(identity, self._state.shown, page)
        if "waiting" in self._asked:
            await self.show_waiting(identity)
        await self._opened.refresh(identity)

    async def show(self, identity: Identity, shown: LeaveShown, page: int = 0) -> None:
        self._asked.add("page")
        self._state.shown = shown
        now = self._clock.true_now()
        found = await self._store.read(lambda c: leaves(c, identity, shown, now, page))
        if self._state.shown is shown:
            self._state.page = found

    async def show_waiting(self, identity: Identity) -> None:
        """What this person may decide."""
        self._asked.add("waiting")
        now = self._clock.true_now()
        found = await self._store.read(
            lambda c: leaves(c, identity, LeaveShown.WAITING, now, rows=WAITING_ROWS)
        )
        self._state.waiting = tuple(line for line in found.lines if line.may_decide)

    async def show_entered(self, identity: Identity, id: str) -> None:
        """What was entered just now, opened, on the list on which it stands."""
        await self.open(identity, id)
        line = self._state.opened.line if self._state.opened else None
        shown = LeaveShown.ALL
        if line is not None and line.state is Stage.REQUESTED:
            shown = LeaveShown.WAITING
        elif line is not None and line.starts <= self._clock.true_now():
            shown = LeaveShown.AWAY
        await self.show(identity, shown)

    async def open(self, identity: Identity, id: str) -> None:
        """An empty id closes what is open."""
        await self._opened.open(identity, id)

    async def find(self, identity: Identity, text: str) -> tuple[StudentView, ...]:
        return await self._store.read(lambda c: find_students(c, identity.school, text))

    async def _read(self, identity: Identity, id: str) -> LeaveDetail | None:
        now = self._clock.true_now()
        return await self._store.read(lambda c: leave(c, identity, id, now))

    def signed_out(self) -> None:
        self._asked.clear()
        self._opened.forget()
        self._state.shown = LeaveShown.AWAY
        self._state.page = self._state.waiting = None
