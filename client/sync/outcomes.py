"""How the sync went, written to the store: the chip and the sync centre find it there."""

import contextlib

from sqlalchemy import Connection

from client.gateway.traffic import Traffic
from client.store.changes import SYNC
from client.store.errors import StoreError
from client.store.identity import Identity, write_contact
from client.store.places import zone_of
from client.store.progress import forget_progress
from client.store.store import Store
from client.store.sync_state import change_sync_state, note_problem, read_sync_state
from client.store.sync_views import Moving, Reach
from client.store.traffic import add_traffic
from client.sync.push import Clock
from ledger.clock import Contact, Stamp, true_time


class Outcomes:
    def __init__(self, store: Store, traffic: Traffic, identity: Identity, clock: Clock) -> None:
        self._store = store
        self._traffic = traffic
        self._identity = identity
        self._clock = clock
        self._contact: Contact | None = None

    def met(self, time: str) -> None:
        """The server has told its time."""
        with contextlib.suppress(ValueError):
            self._contact = self._clock.meet(time)

    async def succeeded(self) -> None:
        """A run came to its end. Raises StoreError."""
        stamp = self._clock.stamp()
        contact, traffic = self._contact, self._traffic.take()

        def keep(connection: Connection) -> None:
            before = read_sync_state(connection)
            change_sync_state(
                connection,
                reach=Reach.ONLINE,
                since=before.since if before.reach is Reach.ONLINE else stamp.at,
                last_complete=stamp.at,
                problem="",
            )
            forget_progress(connection, (Moving.RECORDS, Moving.NEWS))
            self._count(connection, stamp, traffic)
            if contact is not None:
                write_contact(connection, contact)

        await self._store.write(keep, {SYNC})

    def _count(self, connection: Connection, stamp: Stamp, traffic: tuple[int, int]) -> None:
        day = true_time(stamp).astimezone(zone_of(connection, self._identity.school)).date()
        add_traffic(connection, day.isoformat(), *traffic)

    async def count(self) -> None:
        """The bytes that photos took."""
        stamp, traffic = self._clock.stamp(), self._traffic.take()
        with contextlib.suppress(StoreError):
            await self._store.write(lambda c: self._count(c, stamp, traffic), {SYNC})

    async def photos_waited(self, word: str) -> None:
        """`word` is the key of the sentence that says why."""
        now = self._clock.stamp().at

        def keep(connection: Connection) -> None:
            problems = note_problem(read_sync_state(connection), now, word)
            change_sync_state(connection, problems=problems)

        with contextlib.suppress(StoreError):
            await self._store.write(keep, {SYNC})

    async def failed(self, reach: Reach, problem: str) -> None:
        """`problem` is the key of the sentence that says why."""
        stamp, traffic = self._clock.stamp(), self._traffic.take()
        told = "" if reach is Reach.OFFLINE else problem

        def keep(connection: Connection) -> None:
            before = read_sync_state(connection)
            same = before.reach is reach and before.problem == told
            change_sync_state(
                connection,
                reach=reach,
                since=before.since if same else stamp.at,
                problem=told,
                problems=note_problem(before, stamp.at, problem),
            )
            forget_progress(connection, (Moving.RECORDS, Moving.NEWS))
            self._count(connection, stamp, traffic)

        with contextlib.suppress(StoreError):
            await self._store.write(keep, {SYNC})
