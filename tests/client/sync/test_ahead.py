"""Pages come in their order, none is asked for too early, and nothing is left under way."""

import asyncio
from contextlib import aclosing

import pytest

from client.sync.ahead import AHEAD, read_ahead


class Source:
    """Pages 0 to `last`; remembers what it was asked and what came of it."""

    def __init__(self, last: int, *, broken: int = -1) -> None:
        self.last = last
        self.broken = broken
        self.asked: list[int] = []
        self.given_up: list[int] = []
        self.slow: asyncio.Event | None = None

    async def fetch(self, ask: int) -> int:
        self.asked.append(ask)
        try:
            await asyncio.sleep(0)
            if self.slow is not None:
                await self.slow.wait()
        except asyncio.CancelledError:
            self.given_up.append(ask)
            raise
        if ask == self.broken:
            raise ConnectionError(ask)
        return ask

    def following(self, answer: int) -> int | None:
        return answer + 1 if answer < self.last else None

    def check(self, answer: int) -> str:
        return f"page {answer}"


async def everything(source: Source) -> list[tuple[int, str]]:
    found = []
    async with aclosing(read_ahead(0, source.fetch, source.following, source.check)) as pages:
        async for page in pages:
            found.append(page)
    return found


@pytest.mark.parametrize("last", range(6))
async def test_every_page_comes_once_and_in_order(last: int) -> None:
    source = Source(last)
    assert await everything(source) == [(n, f"page {n}") for n in range(last + 1)]
    assert source.asked == list(range(last + 1))


async def test_while_a_page_is_dealt_with_only_the_next_ones_are_asked_for() -> None:
    source = Source(20)
    async with aclosing(read_ahead(0, source.fetch, source.following, source.check)) as pages:
        async for answer, _ in pages:
            await asyncio.sleep(0.02)
            assert max(source.asked) == min(answer + AHEAD, 20)


@pytest.mark.parametrize("broken", range(4))
async def test_what_came_before_a_break_is_still_dealt_with(broken: int) -> None:
    source, found = Source(5, broken=broken), []
    with pytest.raises(ConnectionError):
        async with aclosing(read_ahead(0, source.fetch, source.following, source.check)) as pages:
            async for answer, _ in pages:
                await asyncio.sleep(0.01)
                found.append(answer)
    assert found == list(range(broken))
    assert max(source.asked) == broken, "nothing is asked for after what is not known"


async def test_an_answer_that_does_not_hold_comes_out_in_its_place() -> None:
    source, found = Source(5), []

    def check(answer: int) -> None:
        if answer == 2:
            raise ValueError(answer)

    with pytest.raises(ValueError, match="2"):
        async with aclosing(read_ahead(0, source.fetch, source.following, check)) as pages:
            async for answer, _ in pages:
                found.append(answer)
    assert found == [0, 1]


async def test_what_is_under_way_is_given_up_when_nobody_wants_it() -> None:
    source = Source(5)
    async with aclosing(read_ahead(0, source.fetch, source.following, source.check)) as pages:
        assert await anext(pages) == (0, "page 0")
        source.slow = asyncio.Event()
        await asyncio.sleep(0.01)
    under_way = [ask for ask in source.asked if ask > 1]
    assert source.given_up == under_way
    before = list(source.asked)
    await asyncio.sleep(0.01)
    assert source.asked == before
