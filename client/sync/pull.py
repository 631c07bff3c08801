"""Getting what others wrote: fetched, checked, stored and projected, a page at a time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from client.gateway.errors import NotOurServer
from client.gateway.gateway import Gateway
from client.store import history
from client.store.changes import IDENTITY, JOURNAL, topics_of
from client.store.identity import Identity, read_identity
from client.store.journal import keep_receipts
from client.store.queue import held_ids
from client.store.store import Store
from ledger.wire import PULL_LIMIT_ENTRIES, Pull, Pulled


@dataclass(frozen=True, slots=True)
class News:
    """What a pull learned about this device's own entries."""

    held_by_server: int
    hash: str
    time: str
    entries: int


async def pull_all(store: Store, gateway: Gateway, identity: Identity) -> News:
    """Pull until there is no more. While a page is stored the next one is fetched and checked."""

    def where(connection: Connection) -> tuple[history.Position, list[str]]:
        return history.position(connection), held_ids(connection, identity)

    position, waiting = await store.read(where)
    answer, arrived = await _fetch(gateway, _after(position, waiting))
    count = 0
    while True:
        following: asyncio.Task[tuple[Pulled, history.Arrived]] | None = None
        if answer.more:
            reached = history.position_in(answer)
            if reached == position:
                raise NotOurServer("there is more, but nothing new")
            position = reached
            following = asyncio.create_task(_fetch(gateway, _after(position)))
        try:
            await _store(store, identity, answer, arrived)
        except BaseException:
            if following is not None:
                following.cancel()
            raise
        count += len(answer.entries)
        if following is None:
            return News(answer.number, answer.hash, answer.time, count)
        answer, arrived = await following


def _after(position: history.Position, waiting: Sequence[str] = ()) -> Pull:
    return Pull(
        cursors=dict(position.cursors),
        epoch=position.epoch,
        limit=PULL_LIMIT_ENTRIES,
        waiting=list(waiting),
    )


async def _fetch(gateway: Gateway, ask: Pull) -> tuple[Pulled, history.Arrived]:
    """A page, checked as far as it can be by itself: while the page before it goes to the disk."""
    answer = await gateway.pull(ask)
    return answer, await asyncio.to_thread(history.check, answer)


async def _store(
    store: Store, identity: Identity, answer: Pulled, arrived: history.Arrived
) -> None:
    unchanged = await store.read(history.position) == history.position_in(answer)
    if unchanged and not answer.entries and not answer.receipts:
        return

    def keep(connection: Connection) -> set[str]:
        # Scopes may have changed on the way: work on what the database says now.
        present = read_identity(connection) or identity
        topics = topics_of(history.store(connection, present, arrived))
        topics |= topics_of(keep_receipts(connection, present, answer.receipts))
        if set(answer.cursors) != set(present.scopes):
            topics.add(IDENTITY)
        return topics

    topics = await store.write(keep)
    if answer.receipts:
        topics.add(JOURNAL)
    store.changes.publish(topics)
