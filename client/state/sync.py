"""Keeps true to the store how far this device's records have come; `client.state.loading` says
when.
"""

from client.state.app import AppState, QueueState
from client.state.clock import Clock
from client.store import queue
from client.store.identity import Identity
from client.store.rescue.note import read_note
from client.store.retention import known_from
from client.store.store import Store
from ledger.verdicts import Verdict


class SyncLoading:
    def __init__(self, store: Store, clock: Clock, app: AppState, state: QueueState) -> None:
        self._store = store
        self._clock = clock
        self._app = app
        self._state = state

    async def read(self, identity: Identity) -> None:
        """What the chip says, what a repair of the database left to be told, and from which day
        on the rounds are here."""
        now = self._clock.true_now()
        self._app.sync = await self._store.read(lambda c: queue.sync_view(c, identity, now))
        self._app.rescue = await self._store.read(read_note)
        self._app.known_from = await self._store.read(known_from)

    async def refresh_queue(self, identity: Identity) -> None:
        """Where a screen has asked for it."""
        if self._state.rows is not None:
            await self.read_queue(identity)

    async def read_queue(self, identity: Identity) -> None:
        """A page of the own entries."""
        shown = self._state
        verdicts = (Verdict.REFUSED, Verdict.HELD) if shown.attention_only else ()
        shown.rows, shown.total = await self._store.read(
            lambda c: queue.queue(c, identity, verdicts, shown.page)
        )

    def signed_out(self) -> None:
        self._app.sync = None
        self._app.rescue = None
        self._state.rows = None
