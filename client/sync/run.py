"""One run of the sync, from "what is there to do" to "nothing". Reads like a table of contents."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from client.gateway.errors import Refused
from client.gateway.gateway import Gateway
from client.store.identity import Identity
from client.store.queue import OwnEntries, own_entries
from client.store.store import Store
from client.sync.plan import (
    Known,
    PullNews,
    PushPending,
    Rest,
    halved,
    next_step,
)
from client.sync.pull import pull_all
from client.sync.push import Clock, push_pending, send_again
from ledger.keys import DeviceKey
from ledger.wire import ProblemCode


@dataclass(frozen=True, slots=True)
class Finished:
    """The server's word at the end of a run."""

    held_by_server: int
    hash: str
    time: str
    pulled: int


class StoppedShort(Exception):
    """A run that made no headway: the server keeps asking for what it was sent, or does not
    answer for it."""


async def run_once(
    store: Store,
    gateway: Gateway,
    identity: Identity,
    key: DeviceKey,
    clock: Clock,
    met: Callable[[str], None],
) -> Finished:
    """Push, then pull, until there is nothing left. `met` is told every server time.

    Raises `GatewayError` and `client.store.history.NotGenuine`; what was done stays done.
    """
    own = await store.read(lambda connection: own_entries(connection, identity))
    known = Known(own.pending, own.first_pending, own.written)
    finished = Finished(0, "", "", 0)
    asked_again: set[int] = set()
    while True:
        step = next_step(known)
        if isinstance(step, Rest):
            return finished
        if isinstance(step, PullNews):
            news = await pull_all(store, gateway, identity)
            met(news.time)
            finished = Finished(news.held_by_server, news.hash, news.time, news.entries)
            known = replace(known, pulled_all=True, held_by_server=news.held_by_server)
        else:
            try:
                if isinstance(step, PushPending):
                    answer = await push_pending(store, gateway, identity, key, clock, step.limit)
                else:
                    if step.number in asked_again:
                        raise StoppedShort(f"asked for entry {step.number} again")
                    answer = await send_again(
                        store, gateway, identity, key, clock, step.number, step.limit
                    )
                    asked_again.add(step.number)
            except Refused as refused:
                if refused.code is ProblemCode.TOO_LARGE and known.batch > 1:
                    known = halved(known)
                    continue
                raise
            if answer is not None:
                met(answer.time)
                known = replace(known, held_by_server=answer.number)
        own = await store.read(lambda connection: own_entries(connection, identity))
        if isinstance(step, PushPending) and not _got_ahead(known, own):
            raise StoppedShort(f"no answer for entry {own.first_pending}")
        known = replace(
            known, pending=own.pending, first_pending=own.first_pending, written=own.written
        )


def _got_ahead(before: Known, now: OwnEntries) -> bool:
    """True when a push left fewer of the entries unanswered that it began with."""
    return now.first_pending != before.first_pending or now.pending < before.pending
