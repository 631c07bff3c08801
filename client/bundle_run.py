"""The one bundle that is being written or taken in: how far it has come, and stopping it."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from client.actions.errors import ActionFailed
from client.parcels import Note, Stopped
from client.store.sync_views import Moving, ProgressView
from client.sync.progress import Course
from client.words import key

TELL_EVERY_S = 0.2


class BundleRun:
    """`show` gets every step on the event loop, and None in the end."""

    def __init__(self, show: Callable[[ProgressView | None], None]) -> None:
        self._show = show
        self._stopping: Event | None = None

    @contextmanager
    def under_way(self, moving: Moving) -> Iterator[Note]:
        """What is yielded is for the worker's thread. Raises `ActionFailed` while another bundle
        is under way, and when the person stopped this one."""
        if self._stopping is not None:
            raise ActionFailed(key("bundle.busy"))
        self._stopping = stopping = Event()
        loop, course, told_at = asyncio.get_running_loop(), Course(moving, 0), 0.0

        def note(done: int, total: int) -> None:
            nonlocal told_at
            if stopping.is_set():
                raise Stopped
            if time.monotonic() - told_at >= TELL_EVERY_S:
                told_at = time.monotonic()
                loop.call_soon_threadsafe(self._show, course.reached(done, total))

        self._show(course.reached(0))
        try:
            yield note
        except Stopped as error:
            raise ActionFailed(key("bundle.stopped")) from error
        finally:
            self._stopping = None
            self._show(None)

    def stop(self) -> None:
        """Stop at the next entry, photo or piece; what was made of it goes."""
        if self._stopping is not None:
            self._stopping.set()
