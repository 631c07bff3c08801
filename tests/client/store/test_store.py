"""Who listens is told of every change, whoever waits for it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection

from client.store.identity import read_setting, write_setting
from client.store.store import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store.open(tmp_path / "xunan.db")
    yield store
    store.close()


@pytest.fixture
def told(store: Store) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    store.changes.subscribe(found.append)
    return found


async def test_listeners_are_told_before_the_writer_goes_on(
    store: Store, told: list[frozenset[str]]
) -> None:
    await store.write(lambda c: write_setting(c, "a", "1"), {"round"})
    assert told == [{"round"}]
    await store.write(lambda c: {"hazard"}, lambda found: {"sync", *found})
    assert told[1:] == [{"sync", "hazard"}]


async def test_what_was_written_after_all_is_told_of(
    store: Store, told: list[frozenset[str]]
) -> None:
    """A pause in the middle of a long pull: the page under way is stored, and has to be shown."""
    begun, go_on = Event(), Event()

    def work(connection: Connection) -> None:
        begun.set()
        assert go_on.wait(10)
        write_setting(connection, "a", "1")

    writing = asyncio.create_task(store.write(work, {"round"}))
    assert await asyncio.to_thread(begun.wait, 10)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert told == []
    go_on.set()
    assert await store.read(lambda c: None) is None
    await store.write(lambda c: None, {"later"})
    assert told == [{"round"}, {"later"}]
    assert await store.read(lambda c: read_setting(c, "a")) == "1"


async def test_what_was_not_written_is_not_told_of(
    store: Store, told: list[frozenset[str]]
) -> None:
    def fails(connection: Connection) -> None:
        write_setting(connection, "a", "1")
        raise LookupError

    with pytest.raises(LookupError):
        await store.write(fails, {"round"})
    assert told == []
