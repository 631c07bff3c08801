"""Work on large files beside the event loop, which says how far it is and can be stopped."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from typing import TypeVar

from ledger.bundle.format import BundleError

T = TypeVar("T")
Note = Callable[[int, int], None]
"""Told from a worker's thread how many bytes of how many are through; what it raises ends the
work."""


def no_note(done: int, total: int) -> None:
    pass


class Stopped(Exception):
    """The person, or the end of the app, stopped it before it was done; nothing has changed."""


async def beside(work: Callable[[Note], T], note: Note) -> T:
    """Run `work` beside the event loop. Whoever waits may be cancelled: then it is stopped at the
    next note, and has put away what it made before this ends."""
    ending = Event()

    def noting(done: int, total: int) -> None:
        if ending.is_set():
            raise Stopped
        note(done, total)

    running = asyncio.ensure_future(asyncio.to_thread(work, noting))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        ending.set()
        with suppress(Stopped, BundleError, OSError):
            await running
        raise
