"""Keeps the district's journal and its schools' in step, both ways, for as long as a server runs.

A commit in this process is followed at once; what other processes write, and what only becomes
late because time passes, is found by a look once a minute. A look derives everything from what the
journals say, so it may be repeated, interrupted, or made by two servers at the same time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from itertools import groupby
from threading import Lock
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ledger.codes import DISTRICT
from ledger.rules.rule import RULE_FAULTS
from server.clock import Now
from server.journal.journal import Journal
from server.journal.own_hand import Fact, NotAccepted, write_as_server
from server.supervision.carrying import not_there_yet, on_the_way
from server.supervision.founding import is_founded
from server.supervision.telling import Due, due, notes

log = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0
PAUSE_S = 0.2
"""Between two looks: a morning's pushes share one."""
AT_ONCE = 200
"""Hazards told of in one transaction."""
Run = Callable[..., Awaitable[Any]]
"""Runs a function on one of the district's threads."""


class Supervision:
    def __init__(self, journal: Journal, now: Now) -> None:
        self._journal = journal
        self._now = now
        self._changed: set[str] = set()
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._everything_at = 0.0

    def heard(self, school: str) -> None:
        """The school's history, or the district's own, has grown. From any thread."""
        with self._lock:
            self._changed.add(school)
            loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._woken.set)

    def look(self, schools: Iterable[str] | None = None) -> int:
        """Carry and tell everything there is, of all schools unless some are named. Returns how
        many entries were written. Runs on the thread that writes."""
        with self._journal.database.read() as connection:
            if not is_founded(connection):
                return 0
        return self._carry() + self._tell(schools)

    def waits(self, schools: Iterable[str] | None = None) -> bool:
        """Whether a look would find something; takes no lock."""
        with self._journal.database.read() as connection:
            if not is_founded(connection):
                return False
            if due(connection, self._now(), schools):
                return True
            return bool(not_there_yet(connection, on_the_way(connection)))

    async def keep_looking(self, reading: Run, writing: Run) -> None:
        """Until cancelled. The first look catches up with whatever a server before has left."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
        schools: set[str] | None = None
        while True:
            if schools is None:
                self._everything_at = self._loop.time() + LOOK_EVERY_S
            try:
                if await reading(self.waits, schools):
                    await writing(self.look, schools)
            except (*RULE_FAULTS, SQLAlchemyError, NotAccepted):
                # What can't be written now is tried again, with everybody else's.
                log.exception("the district could not be told; it is tried again")
            await asyncio.sleep(PAUSE_S)
            schools = await self._next()

    async def _next(self) -> set[str] | None:
        """The schools to look at next; None for all of them, once a minute."""
        left = self._everything_at - asyncio.get_running_loop().time()
        try:
            await asyncio.wait_for(self._woken.wait(), max(left, 0.0))
        except TimeoutError:
            return None
        self._woken.clear()
        with self._lock:
            changed, self._changed = self._changed, set()
        return changed

    def _carry(self) -> int:
        """Down to the schools."""
        with self._journal.database.read() as connection:
            waiting = not_there_yet(connection, on_the_way(connection))
        written = 0
        for school, some in groupby(waiting, lambda order: order.school):
            orders = list(some)
            with self._journal.append(school) as work:
                facts = [one.fact for one in not_there_yet(work.connection, orders)]
                if facts:
                    write_as_server(work, facts)
            written += len(facts)
        return written

    def _tell(self, schools: Iterable[str] | None) -> int:
        """Up to the district."""
        named = None if schools is None else set(schools) - {DISTRICT}
        written = 0
        with self._journal.database.read() as connection:
            found = due(connection, self._now(), named)
        for start in range(0, len(found), AT_ONCE):
            with self._journal.append(DISTRICT) as work:
                facts = self._notes(work.connection, found[start : start + AT_ONCE])
                if facts:
                    write_as_server(work, facts)
            written += len(facts)
        return written

    def _notes(self, connection: Connection, found: Iterable[Due]) -> list[Fact]:
        facts: list[Fact] = []
        for one in found:
            try:
                facts += notes(connection, one, self._now())
            except RULE_FAULTS:
                # One school's odd record must not keep the others from the district.
                log.exception("hazard %s of %s can't be told", one.hazard, one.school)
        return facts
