"""Pages one after another, each asked for before the last one has been dealt with.

Storing a page takes longer than waiting for one, and most of it is Python's own work, of which
there can be only one piece at a time. So there must always be some to do: while a page is
written to the disk the next one is checked, and the one after it is on its way.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, TypeVar

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")
Checked = TypeVar("Checked")
AHEAD = 2
"""Pages under way beside the one that is being dealt with."""


async def read_ahead(
    first: Ask,
    fetch: Callable[[Ask], Coroutine[Any, Any, Answer]],
    following: Callable[[Answer], Ask | None],
    check: Callable[[Answer], Checked],
) -> AsyncGenerator[tuple[Answer, Checked], None]:
    """Answers in their order, each with what `check` made of it in another thread.

    `following` says what to ask after an answer, None after the last. Whatever one of the three
    raises comes out in its answer's place, after those before it. Closing this gives up what is
    under way.
    """

    async def fetch_after(before: asyncio.Task[Answer | None]) -> Answer | None:
        answer = await before
        ask = None if answer is None else following(answer)
        return None if ask is None else await fetch(ask)

    async def checked(fetching: asyncio.Task[Answer | None]) -> tuple[Answer, Checked] | None:
        answer = await fetching
        return None if answer is None else (answer, await asyncio.to_thread(check, answer))

    async def fetch_first() -> Answer | None:
        return await fetch(first)

    under_way: deque[tuple[asyncio.Task[Answer | None], asyncio.Task[Any]]] = deque()

    def begin(fetching: Coroutine[Any, Any, Answer | None]) -> None:
        task = asyncio.create_task(fetching)
        under_way.append((task, asyncio.create_task(checked(task))))

    try:
        begin(fetch_first())
        while len(under_way) < AHEAD:
            begin(fetch_after(under_way[-1][0]))
        while (page := await under_way[0][1]) is not None:
            begin(fetch_after(under_way[-1][0]))
            under_way.popleft()
            yield page
    finally:
        tasks = [task for pair in under_way for task in pair]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
