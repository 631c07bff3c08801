"""Who is listening for news of which school, and how they are woken from any thread.

A commit in this process wakes its listeners at once. Other processes on the same database (a
second server, an administrator's command) are noticed by looking once a second, which is also
how a listener learns that its device was revoked.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0


@dataclass(eq=False, slots=True)
class Listener:
    school: str
    device: str
    loop: asyncio.AbstractEventLoop
    seq: int = -1
    """The newest entry it was told of."""
    ended: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def _tell(self, seq: int) -> None:
        if seq > self.seq:
            self.seq = seq
            self.woken.set()

    def _tell_anyway(self) -> None:
        if self.seq >= 0:
            self.woken.set()

    def _end(self) -> None:
        self.ended = True
        self.woken.set()


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the database shows."""

    newest: Mapping[str, int]
    revoked: frozenset[str]


class Hub:
    def __init__(self, look: Callable[[Iterable[str], Iterable[str]], Look]) -> None:
        """`look(schools, devices)` asks the database; it runs in a thread."""
        self._look = look
        self._listeners: set[Listener] = set()
        self._lock = Lock()
        self._watch: asyncio.Task[None] | None = None

    def join(self, school: str, device: str) -> Listener:
        """Listen from now on. Call on the event loop."""
        listener = Listener(school, device, asyncio.get_running_loop())
        with self._lock:
            self._listeners.add(listener)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._keep_looking())
        return listener

    def leave(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)

    def wake(self, school: str, seq: int) -> None:
        """Tell everyone who listens to the school; from any thread."""
        for listener in self._some():
            if listener.school == school:
                _call(listener, listener._tell, seq)

    def photo_came(self, school: str) -> None:
        """A photo of an entry that listeners may have already; from any thread."""
        for listener in self._some():
            if listener.school == school:
                _call(listener, listener._tell_anyway)

    def end(self, device: str) -> None:
        """The device was revoked: its streams end."""
        for listener in self._some():
            if listener.device == device:
                _call(listener, listener._end)

    def close(self) -> None:
        for listener in self._some():
            _call(listener, listener._end)

    def _some(self) -> list[Listener]:
        with self._lock:
            return list(self._listeners)

    async def _keep_looking(self) -> None:
        while listeners := self._some():
            schools = {one.school for one in listeners}
            devices = {one.device for one in listeners}
            try:
                seen = await asyncio.to_thread(self._look, schools, devices)
            except SQLAlchemyError:
                log.exception("nobody could be told of what others wrote; it is looked again")
                seen = Look({}, frozenset())
            for school, seq in seen.newest.items():
                self.wake(school, seq)
            for device in seen.revoked:
                self.end(device)
            await asyncio.sleep(LOOK_EVERY_S)


def _call(listener: Listener, what: Callable[..., None], *arguments: int) -> None:
    if not listener.loop.is_closed():
        listener.loop.call_soon_threadsafe(what, *arguments)
