"""What a district officer says of a school's hazard: supervise 挂牌督办, lift it, notify 通报.

Each is an entry in the district's own journal, written without a network like any other; the
server carries it to the school.
"""

from collections.abc import Awaitable, Callable

from client.actions.clock import Clock
from client.actions.errors import ActionFailed, explained
from client.store.changes import JOURNAL
from client.store.identity import Identity
from client.store.journal import append
from client.store.store import Store
from client.words import key
from ledger.entry import Body
from ledger.rules.district.bodies import WatchedLifted, WatchedNotified, WatchedSupervised

TOPICS = frozenset({JOURNAL, "watched"})


class DistrictActions:
    def __init__(
        self,
        store: Callable[[], Store],
        clock: Clock,
        identity: Callable[[], Awaitable[Identity]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._identity = identity

    async def supervise(self, id: str, demand: str, deadline: str) -> None:
        """`id` is the watched hazard's, `deadline` an ISO date."""
        _said(demand)
        body = WatchedSupervised(demand=demand.strip(), deadline=deadline)
        await self._write(id, "watched.supervised", body)

    async def lift(self, id: str, because: str) -> None:
        _said(because)
        await self._write(id, "watched.lifted", WatchedLifted(because=because.strip()))

    async def notify(self, id: str, text: str) -> None:
        _said(text)
        await self._write(id, "watched.notified", WatchedNotified(text=text.strip()))

    async def _write(self, id: str, kind: str, body: Body) -> None:
        identity, stamp = await self._identity(), self._clock.stamp()
        with explained():
            await self._store().write(
                lambda connection: append(
                    connection,
                    identity,
                    stamp,
                    kind=kind,
                    subject=f"watched:{id}",
                    body=body,
                    judged=True,
                ),
                TOPICS,
            )


def _said(text: str) -> None:
    if not text.strip():
        raise ActionFailed(key("district.say_what"))
