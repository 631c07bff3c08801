"""The watches over hazards and missing pupils go on, whatever one look at a journal meets."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from server.district import District
from server.notices import telling
from server.supervision import watch


@pytest.mark.parametrize("of", ["supervision", "telling"])
async def test_a_look_that_stumbles_is_not_the_last(
    district: District, monkeypatch: pytest.MonkeyPatch, of: str
):
    for module in (watch, telling):
        monkeypatch.setattr(module, "LOOK_EVERY_S", 0.05)
    looks = 0

    async def reading(_work: Callable[..., Any], *_: Any) -> list[Any]:
        nonlocal looks
        looks += 1
        if looks < 3:
            raise OverflowError("date value out of range")
        return []

    watching = asyncio.create_task(getattr(district, of).keep_looking(reading, reading))
    async with asyncio.timeout(10):
        while looks < 4 and not watching.done():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert not watching.done()
    watching.cancel()
