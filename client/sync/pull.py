"""Getting what others wrote: fetched, checked, stored and projected, a page at a time.

`pull_all` goes by the cursors and misses nothing. `pull_open` comes before it on a device that
has nothing yet: whole subjects of what is open and due, so that the person can begin.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import count, islice

from sqlalchemy import Connection

from client.gateway.errors import NotOurServer
from client.gateway.gateway import Gateway
from client.store import history
from client.store.changes import IDENTITY, JOURNAL, SYNC, topics_of
from client.store.cursors import Position, position_in, read_position
from client.store.identity import Identity, read_identity
from client.store.progress import write_progress
from client.store.queue import held
from client.store.receipts import keep_word
from client.store.retention import EVERYTHING, known_from, note_known, note_read, read_to
from client.store.store import Store
from client.store.sync_state import read_sync_state
from client.store.sync_views import Moving, ProgressView
from client.sync.ahead import read_ahead
from client.sync.progress import SHOWN_FROM, Course
from ledger.wire.journal import PULL_LIMIT_ENTRIES, Open, Opened, Pull, Pulled

WAITING_AT_ONCE = 400
"""Own held entries asked about in a request. (Of a thousand, with their reasons, an older server
finds the question too large.)"""


@dataclass(frozen=True, slots=True)
class News:
    """What a pull learned about this device's own entries."""

    held_by_server: int
    hash: str
    time: str
    entries: int


async def pull_open(store: Store, gateway: Gateway, identity: Identity, recent_from: str) -> str:
    """Get what is open, and the rounds from this ISO date on. Returns the server's time."""

    def following(answer: Opened) -> Open | None:
        return Open(rounds_from=recent_from, after=answer.after) if answer.more else None

    course: Course | None = None
    reached, time = "", ""
    first = Open(rounds_from=recent_from)
    async with aclosing(read_ahead(first, gateway.open, following, history.check_open)) as pages:
        async for answer, arrived in pages:
            if answer.more and answer.after == reached:
                raise NotOurServer("there is more, but nothing new")
            course = course or Course(Moving.NEWS, answer.total)
            reached, time = answer.after, answer.time
            await _store_open(store, identity, answer, arrived, recent_from, course)
    return time


async def _store_open(
    store: Store,
    identity: Identity,
    answer: Opened,
    arrived: history.Arrived,
    recent_from: str,
    course: Course,
) -> None:
    def keep(connection: Connection) -> set[str]:
        present = read_identity(connection) or identity
        topics = topics_of(history.store(connection, present, arrived))
        if answer.more:
            write_progress(connection, course.reached(answer.total - answer.left))
        elif known_from(connection) is None:
            note_known(connection, recent_from)
        return topics

    await store.write(keep, lambda topics: {SYNC, *topics}, durable=not answer.more)


async def pull_all(
    store: Store, gateway: Gateway, identity: Identity, kept_from: str = EVERYTHING
) -> News:
    """Pull until there is no more, but for rounds before the day `kept_from`, and nothing left to
    ask about own entries that wait."""

    def where(connection: Connection) -> tuple[Position, list[dict[str, str]]]:
        return read_position(connection), _in_parts(held(connection, identity))

    position, waiting = await store.read(where)
    numbers = count(1)

    def following(answer: Pulled) -> Pull | None:
        number = next(numbers)
        if not answer.more and number >= len(waiting):
            return None
        return _after(position_in(answer), kept_from, _of(waiting, number))

    began = _lowest(position)
    course: Course | None = None
    entries, news = 0, News(0, "", "", 0)
    first = _after(position, kept_from, _of(waiting, 0))
    async with aclosing(read_ahead(first, gateway.pull, following, history.check)) as pages:
        number = 0
        async for answer, arrived in pages:
            reached = position_in(answer)
            if answer.more and reached == position:
                raise NotOurServer("there is more, but nothing new")
            position = reached
            course = course or Course(Moving.NEWS, answer.newest - began)
            shown = None
            if answer.more and course.total > SHOWN_FROM:
                shown = course.reached(_lowest(position) - began, answer.newest - began)
            asked = _of(waiting, number)
            await _store(store, identity, answer, arrived, asked, kept_from, shown)
            entries += len(answer.entries)
            news = News(answer.number, answer.hash, answer.time, entries)
            number += 1
    return news


def _in_parts(waiting: Mapping[str, str]) -> list[dict[str, str]]:
    all_of_them = iter(waiting.items())
    parts: list[dict[str, str]] = []
    while part := dict(islice(all_of_them, WAITING_AT_ONCE)):
        parts.append(part)
    return parts


def _of(parts: Sequence[Mapping[str, str]], number: int) -> Mapping[str, str]:
    """What the request with this number, from 0, asks about."""
    return parts[number] if number < len(parts) else {}


def _lowest(position: Position) -> int:
    return min(position.cursors.values(), default=0)


def _after(position: Position, kept_from: str, waiting: Mapping[str, str]) -> Pull:
    return Pull(
        cursors=dict(position.cursors),
        epoch=position.epoch,
        limit=PULL_LIMIT_ENTRIES,
        waiting=list(waiting),
        reasons=dict(waiting),
        rounds_from=kept_from,
    )


async def _store(
    store: Store,
    identity: Identity,
    answer: Pulled,
    arrived: history.Arrived,
    asked: Collection[str],
    kept_from: str,
    shown: ProgressView | None,
) -> None:
    def unchanged(connection: Connection) -> bool:
        state = read_sync_state(connection)
        return (
            read_position(connection) == position_in(answer)
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
        if answer.receipts:
            topics.add(JOURNAL)
        return topics

    # A power cut in a long pull costs the last pages: the cursors go back with them.
    await store.write(keep, lambda topics: {SYNC, *topics}, durable=not answer.more)
