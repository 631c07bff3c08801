"""Getting what others wrote: fetched, checked, stored and projected, a page at a time.

`pull_all` goes by the cursors and misses nothing. `pull_open` comes before it on a device that
has nothing yet: whole subjects of what is open and due, so that the person can begin.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from client.gateway.errors import NotOurServer
from client.gateway.gateway import Gateway
from client.store import history
from client.store.changes import IDENTITY, JOURNAL, SYNC, topics_of
from client.store.identity import Identity, read_identity
from client.store.progress import write_progress
from client.store.queue import held_ids
from client.store.receipts import keep_word
from client.store.retention import EVERYTHING, known_from, note_known, note_read, read_to
from client.store.store import Store
from client.store.sync_state import read_sync_state
from client.store.views import Moving, ProgressView
from client.sync.progress import SHOWN_FROM, Course
from ledger.wire import PULL_LIMIT_ENTRIES, Open, Opened, Pull, Pulled


@dataclass(frozen=True, slots=True)
class News:
    """What a pull learned about this device's own entries."""

    held_by_server: int
    hash: str
    time: str
    entries: int


async def pull_open(store: Store, gateway: Gateway, identity: Identity, recent_from: str) -> str:
    """Get what is open, and the rounds from this ISO date on. Returns the server's time."""
    answer, arrived = await _fetch_open(gateway, recent_from, "")
    course = Course(Moving.NEWS, answer.total)
    while True:
        following: asyncio.Task[tuple[Opened, history.Arrived]] | None = None
        if answer.more:
            following = asyncio.create_task(_fetch_open(gateway, recent_from, answer.after))

        def keep(
            connection: Connection,
            answer: Opened = answer,
            arrived: history.Arrived = arrived,
        ) -> set[str]:
            present = read_identity(connection) or identity
            topics = topics_of(history.store(connection, present, arrived))
            if answer.more:
                write_progress(connection, course.reached(answer.total - answer.left))
            elif known_from(connection) is None:
                note_known(connection, recent_from)
            return topics

        try:
            topics = await store.write(keep, durable=not answer.more)
        except BaseException:
            if following is not None:
                following.cancel()
            raise
        store.changes.publish({SYNC, *topics})
        if following is None:
            return answer.time
        before = answer.after
        answer, arrived = await following
        if answer.after == before:
            raise NotOurServer("there is more, but nothing new")


async def pull_all(
    store: Store, gateway: Gateway, identity: Identity, kept_from: str = EVERYTHING
) -> News:
    """Pull until there is no more, but for rounds before the day `kept_from`. While a page is
    stored the next one is fetched and checked."""

    def where(connection: Connection) -> tuple[history.Position, list[str]]:
        return history.position(connection), held_ids(connection, identity)

    position, waiting = await store.read(where)
    answer, arrived = await _fetch(gateway, _after(position, kept_from, waiting))
    began = _lowest(position)
    course = Course(Moving.NEWS, answer.newest - began)
    count, asked = 0, waiting
    while True:
        following: asyncio.Task[tuple[Pulled, history.Arrived]] | None = None
        if answer.more:
            reached = history.position_in(answer)
            if reached == position:
                raise NotOurServer("there is more, but nothing new")
            position = reached
            following = asyncio.create_task(_fetch(gateway, _after(position, kept_from)))
        shown = None
        if answer.more and course.total > SHOWN_FROM:
            done = _lowest(history.position_in(answer)) - began
            shown = course.reached(done, answer.newest - began)
        try:
            await _store(store, identity, answer, arrived, asked, kept_from, shown)
        except BaseException:
            if following is not None:
                following.cancel()
            raise
        count += len(answer.entries)
        if following is None:
            return News(answer.number, answer.hash, answer.time, count)
        answer, arrived = await following
        asked = []


def _lowest(position: history.Position) -> int:
    return min(position.cursors.values(), default=0)


def _after(position: history.Position, kept_from: str, waiting: Sequence[str] = ()) -> Pull:
    return Pull(
        cursors=dict(position.cursors),
        epoch=position.epoch,
        limit=PULL_LIMIT_ENTRIES,
        waiting=list(waiting),
        rounds_from=kept_from,
    )


async def _fetch(gateway: Gateway, ask: Pull) -> tuple[Pulled, history.Arrived]:
    """A page, checked as far as it can be by itself: while the page before it goes to the disk."""
    answer = await gateway.pull(ask)
    return answer, await asyncio.to_thread(history.check, answer)


async def _fetch_open(
    gateway: Gateway, recent_from: str, after: str
) -> tuple[Opened, history.Arrived]:
    answer = await gateway.open(Open(rounds_from=recent_from, after=after))
    return answer, await asyncio.to_thread(history.check_open, answer)


async def _store(
    store: Store,
    identity: Identity,
    answer: Pulled,
    arrived: history.Arrived,
    asked: Sequence[str],
    kept_from: str,
    shown: ProgressView | None,
) -> None:
    def unchanged(connection: Connection) -> bool:
        state = read_sync_state(connection)
        return (
            history.position(connection) == history.position_in(answer)
            and (state.confirmed, state.confirmed_hash) == (answer.number, answer.hash)
            and (answer.more or read_to(connection) == kept_from)
        )

    if not answer.entries and not answer.receipts and await store.read(unchanged):
        return

    def keep(connection: Connection) -> set[str]:
        # Scopes may have changed on the way: work on what the database says now.
        present = read_identity(connection) or identity
        topics = topics_of(history.store(connection, present, arrived))
        topics |= topics_of(
            keep_word(
                connection,
                present,
                answer.receipts,
                asked,
                answer.number,
                answer.hash,
                answer.time,
            )
        )
        if shown is not None:
            write_progress(connection, shown)
        if not answer.more and read_to(connection) != kept_from:
            note_read(connection, kept_from)
            topics.add("round")
        if set(answer.cursors) != set(present.scopes):
            topics.add(IDENTITY)
        return topics

    # A power cut in a long pull costs the last pages: the cursors go back with them.
    topics = await store.write(keep, durable=not answer.more)
    if answer.receipts:
        topics.add(JOURNAL)
    store.changes.publish({SYNC, *topics})
