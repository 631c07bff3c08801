"""The bundle that is being written or taken in, and the one on its way to the server: how far
each has come."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from client.actions.errors import ActionFailed
from client.long_work import Note, Stopped
from client.store.sync_views import Moving, ProgressView
from client.sync.progress import Course
from client.words import key

TELL_EVERY_S = 0.2


class Told:
    """A course that is told as often as eyes can follow."""

    def __init__(self, moving: Moving) -> None:
        self._course, self._at = Course(moving, 0), 0.0

    def begun(self) -> ProgressView:
        return self._course.reached(0)

    def reached(self, done: int, total: int) -> ProgressView | None:
        """None: too soon after the last."""
        if time.monotonic() - self._at < TELL_EVERY_S:
            return None
        self._at = time.monotonic()
        return self._course.reached(done, total)


class DeliveryRun:
    """Others' bundles on their way to the server. The sync delivers and pauses them; `show` gets
    every step, and None in the end."""

    def __init__(self, show: Callable[[ProgressView | None], None]) -> None:
        self._show = show

    @contextmanager
    def under_way(self) -> Iterator[Note]:
        """What is yielded is for the event loop."""
        told = Told(Moving.DELIVERED)

        def note(done: int, total: int) -> None:
            if progress := told.reached(done, total):
                self._show(progress)

        self._show(told.begun())
        try:
            yield note
        finally:
            self._show(None)


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
        loop, told = asyncio.get_running_loop(), Told(moving)

        def note(done: int, total: int) -> None:
            if stopping.is_set():
                raise Stopped
            if progress := told.reached(done, total):
                loop.call_soon_threadsafe(self._show, progress)

        self._show(told.begun())
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
