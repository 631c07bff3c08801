"""Keeps today's rounds and the school's points true to the store; `client.state.loading` says
when.
"""

from client.state.app import AppState, PatrolState, PointsState
from client.state.clock import Clock
from client.store import places, rounds
from client.store.identity import Identity
from client.store.store import Store


class PatrolLoading:
    def __init__(
        self, store: Store, clock: Clock, app: AppState, patrol: PatrolState, points: PointsState
    ) -> None:
        self._store = store
        self._clock = clock
        self._app = app
        self._patrol = patrol
        self._points = points

    async def read_today(self, identity: Identity) -> None:
        """The time at the school, and where its rounds are by then."""
        now = self._clock.true_now()
        local, today = await self._store.read(
            lambda c: rounds.rounds_now(c, identity.school, now, identity.actor)
        )
        self._app.now = local
        self._patrol.rounds = today

    async def refresh_points(self, identity: Identity) -> None:
        """Where a screen has asked for them."""
        if self._points.points is not None:
            await self.read_points(identity)

    async def read_points(self, identity: Identity) -> None:
        self._points.points = await self._store.read(lambda c: places.points(c, identity.school))

    def signed_out(self) -> None:
        self._patrol.rounds = None
        self._points.points = None
