"""Listeners are told for as long as they listen, whatever the database does meanwhile."""

import asyncio
from collections.abc import Iterable

import pytest
from sqlalchemy.exc import OperationalError

from server import hub
from server.hub import Hub, Look


async def test_a_database_that_fails_once_ends_no_watch(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hub, "LOOK_EVERY_S", 0.01)
    looks = 0

    def look(schools: Iterable[str], devices: Iterable[str]) -> Look:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise OperationalError("SELECT 1", {}, Exception("it was restarted"))
        return Look({"SY01": 7}, frozenset({"lost"} if looks > 3 else ()))

    listening = Hub(look)
    one, lost = listening.join("SY01", "phone"), listening.join("SY01", "lost")
    async with asyncio.timeout(5):
        await one.woken.wait()
        while not lost.ended:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert (one.seq, one.ended) == (7, False)
    listening.leave(one)
    listening.leave(lost)
