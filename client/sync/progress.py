"""How a long run is going: counts, and from the pace so far the time left."""

import time
from collections.abc import Callable

from client.store.sync_views import Moving, ProgressView

SHOWN_FROM = 200
"""Entries; fewer are through before anybody could read a bar."""
TELLS_AFTER_S = 2.0
"""A pace measured over less is chance."""


class Course:
    """One lane of one run. `total` grows when more turns up on the way."""

    def __init__(
        self, moving: Moving, total: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._moving = moving
        self._clock = clock
        self._began = clock()
        self.total = total
        self.done = 0.0

    def reached(self, done: float, total: int | None = None) -> ProgressView:
        """`done` of `total` are through; a photo half sent counts as a half."""
        self.done = done
        self.total = max(self.total if total is None else total, int(done))
        passed = self._clock() - self._began
        left = None
        if done > 0 and passed >= TELLS_AFTER_S:
            left = round((self.total - done) * passed / done)
        return ProgressView(self._moving, int(done), self.total, left)
