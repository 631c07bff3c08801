"""One run of the sync, from "what is there to do" to "nothing". Reads like a table of contents."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from client.gateway.errors import Refused, TooMuchForProxy
from client.gateway.gateway import Gateway
from client.store.changes import JOURNAL
from client.store.cursors import cursors
from client.store.identity import Identity, read_identity
from client.store.inheritance import carry_over
from client.store.progress import write_progress
from client.store.queue import OwnEntries, own_entries
from client.store.rescue.note import ChainState, chain_state
from client.store.retention import FIRST_DAYS, day_before, kept_from, read_again, wants_more
from client.store.store import Store
from client.store.sync_state import read_sync_state
from client.store.sync_views import Moving
from client.sync.own_chain import take_back_own
from client.sync.plan import (
    PUSH_ENTRIES,
    CarryOver,
    Known,
    PullNews,
    PullOpen,
    PushPending,
    Rest,
    SendAgain,
    TakeBackOwn,
    halved,
    next_step,
)
from client.sync.progress import SHOWN_FROM, Course
from client.sync.pull import pull_all, pull_open
from client.sync.push import Clock, push_pending, send_again
from ledger.clock import true_time
from ledger.keys import DeviceKey
from ledger.wire.journal import Pushed
from ledger.wire.problems import ProblemCode


@dataclass(frozen=True, slots=True)
class Finished:
    """The server's word at the end of a run."""

    held_by_server: int
    hash: str
    time: str
    pulled: int


class ChainBroken(Exception):
    """Own entries are lost in the middle of what was not sent: it can't be sent under this key."""


class Superseded(Exception):
    """This device goes on under another key: what stands here is no longer this run's to send."""


class StoppedShort(Exception):
    """A run that made no headway: the server keeps asking for what it was sent, or does not
    answer for it."""


@dataclass(frozen=True, slots=True)
class _Begin:
    """What the store says at the start."""

    own: OwnEntries
    chain: ChainState
    fresh: bool
    wants_more: bool
    """More days are to be kept than this device has read."""
    kept_from: str
    recent_from: str


async def run_once(
    store: Store,
    gateway: Gateway,
    identity: Identity,
    key: DeviceKey,
    clock: Clock,
    met: Callable[[str], None],
    batch: int = PUSH_ENTRIES,
) -> Finished:
    """Push, then pull, until there is nothing left. `met` is told every server time.

    Raises `GatewayError`, `client.store.errors.NotGenuine`, `ChainBroken` and `Superseded`; what
    was done stays done.
    """
    now = true_time(clock.stamp())
    begin = await store.read(lambda connection: _begin(connection, identity, now))
    if begin.chain is ChainState.BROKEN:
        raise ChainBroken
    if begin.wants_more:
        await store.write(read_again)
    own = begin.own
    known = Known(
        own.pending,
        own.first_pending,
        own.written,
        inherited=own.inherited,
        fresh=begin.fresh,
        in_doubt=begin.chain is ChainState.IN_DOUBT,
        batch=batch,
    )
    finished = Finished(0, "", "", 0)
    sending = _Sending(store, gateway, identity, key, clock, own.pending)
    while True:
        step = next_step(known)
        if isinstance(step, Rest):
            return finished
        if isinstance(step, TakeBackOwn):
            back, chain = await take_back_own(store, gateway, identity, key, clock)
            met(back.time)
            if chain is ChainState.BROKEN:
                raise ChainBroken
            known = replace(known, in_doubt=False, held_by_server=back.number)
        elif isinstance(step, PullOpen):
            met(await pull_open(store, gateway, identity, begin.recent_from))
            known = replace(known, fresh=False)
        elif isinstance(step, PullNews):
            news = await pull_all(store, gateway, identity, begin.kept_from)
            met(news.time)
            finished = Finished(news.held_by_server, news.hash, news.time, news.entries)
            known = replace(known, pulled_all=True, held_by_server=news.held_by_server)
        elif isinstance(step, CarryOver):
            await store.write(lambda c: carry_over(c, identity), {JOURNAL})
            # The run ends with the server's word about these, too.
            known = replace(known, pulled_all=False)
        else:
            try:
                answer = await sending.send(step)
            except (Refused, TooMuchForProxy) as error:
                if _is_too_large(error) and known.batch > 1:
                    known = halved(known)
                    continue
                raise
            if answer is not None:
                met(answer.time)
                known = replace(known, held_by_server=answer.number)
        own = await store.read(lambda connection: own_entries(connection, identity))
        if isinstance(step, TakeBackOwn) and own.written < (known.held_by_server or 0):
            raise StoppedShort(f"own entries up to {known.held_by_server} were not given back")
        if isinstance(step, PushPending) and not _got_ahead(known, own):
            raise StoppedShort(f"no answer for entry {own.first_pending}")
        known = replace(
            known,
            pending=own.pending,
            first_pending=own.first_pending,
            written=own.written,
            inherited=own.inherited,
        )


class _Sending:
    """The pushes of one run, with their progress. An entry is asked for again once only."""

    def __init__(
        self,
        store: Store,
        gateway: Gateway,
        identity: Identity,
        key: DeviceKey,
        clock: Clock,
        pending: int,
    ) -> None:
        self._parts = (store, gateway, identity, key, clock)
        self._course = Course(Moving.RECORDS, pending)
        self._sent = 0
        self._asked_again: set[int] = set()

    async def send(self, step: PushPending | SendAgain) -> Pushed | None:
        if isinstance(step, PushPending):
            return await push_pending(*self._parts, step.limit, self._note)
        if step.number in self._asked_again:
            raise StoppedShort(f"asked for entry {step.number} again")
        answer = await send_again(*self._parts, step.number, step.limit, self._note)
        self._asked_again.add(step.number)
        return answer

    def _note(self, connection: Connection, entries: int) -> None:
        self._sent += entries
        if self._course.total > SHOWN_FROM:
            write_progress(connection, self._course.reached(self._sent))


def _begin(connection: Connection, identity: Identity, now: datetime) -> _Begin:
    current = read_identity(connection)
    if current is not None and current.device != identity.device:
        # The chain state is the new key's; the fork it left behind must not go out under the old.
        raise Superseded
    kept = kept_from(connection, identity.school, now)
    return _Begin(
        own=own_entries(connection, identity),
        chain=_chain(connection),
        fresh=not cursors(connection),
        wants_more=wants_more(connection, kept),
        kept_from=kept,
        recent_from=day_before(connection, identity.school, now, FIRST_DAYS),
    )


def _chain(connection: Connection) -> ChainState:
    """A server that names another hash than ours is a reason to look, too."""
    state = chain_state(connection)
    disputed = read_sync_state(connection).disputed
    return ChainState.IN_DOUBT if disputed and state is ChainState.SOUND else state


def _is_too_large(error: Refused | TooMuchForProxy) -> bool:
    return isinstance(error, TooMuchForProxy) or error.code is ProblemCode.TOO_LARGE


def _got_ahead(before: Known, now: OwnEntries) -> bool:
    """True when a push left fewer of the entries unanswered that it began with."""
    return now.first_pending != before.first_pending or now.pending < before.pending
