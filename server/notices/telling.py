"""Climbs the ladders for as long as a server runs: sends, then writes down who was told.

A message is sent before it is written: after a crash between the two it goes out twice, which is
better than not at all. What no channel took is tried again, with growing pauses.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from ledger.rules.dorms.bodies import MissingFollowed, Outcome
from ledger.rules.rule import RULE_FAULTS
from server.clock import Now
from server.journal.journal import Journal
from server.journal.own_hand import Fact, NotAccepted, write_as_server
from server.notices.channels import Channels
from server.notices.ladder import DueStep, due_steps, still_due

log = logging.getLogger(__name__)

LOOK_EVERY_S = 15.0
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=5)
Run = Callable[..., Awaitable[Any]]
"""Runs a function on one of the district's threads."""


class Telling:
    def __init__(self, journal: Journal, channels: Channels, now: Now) -> None:
        self._journal = journal
        self._channels = channels
        self._now = now
        self._failed: dict[tuple[str, str, int], tuple[datetime, timedelta]] = {}
        """When a step may be tried again, and the pause after that."""
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = Lock()

    def heard(self, _school: str) -> None:
        """Something was accepted. From any thread."""
        with self._lock:
            loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._woken.set)

    async def keep_looking(self, reading: Run, writing: Run) -> None:
        """Until cancelled."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
        while True:
            self._woken.clear()
            try:
                await self.look(reading, writing)
            except (*RULE_FAULTS, SQLAlchemyError, NotAccepted):
                # What can't be written now is tried again, with everybody else's.
                log.exception("the ladder could not be followed; it is tried again")
            try:
                await asyncio.wait_for(self._woken.wait(), LOOK_EVERY_S)
            except TimeoutError:
                continue
            await asyncio.sleep(0.2)  # a batch of entries is one look

    async def look(self, reading: Run, writing: Run) -> int:
        """Tell of everything that is due; returns how many steps were written down."""
        written = 0
        for step in await reading(self._due):
            sent = await asyncio.to_thread(
                self._channels.send,
                step.school,
                step.call,
                {
                    "school": step.school_name,
                    "building": step.building,
                    "room": step.room,
                    "minutes": step.minutes,
                },
            )
            if sent.worked:
                self._failed.pop(_key(step), None)
                written += await writing(self._write, step, f"{sent.taken}/{sent.channels}")
            else:
                self._try_later(step)
        return written

    def _due(self) -> list[DueStep]:
        now = self._now()
        with self._journal.database.read() as connection:
            found = due_steps(connection, now)
        return [one for one in found if self._failed.get(_key(one), (now, FIRST_PAUSE))[0] <= now]

    def _write(self, step: DueStep, note: str) -> int:
        with self._journal.append(step.school) as work:
            if not still_due(work.connection, step, self._now()):
                return 0
            body = MissingFollowed(
                step=step.step,
                whom=",".join(one.value for one in step.call),
                outcome=Outcome.TOLD,
                note=note,
            )
            write_as_server(work, [Fact("missing.followed", step.subject, body)])
        return 1

    def _try_later(self, step: DueStep) -> None:
        _, pause = self._failed.get(_key(step), (self._now(), FIRST_PAUSE))
        self._failed[_key(step)] = (self._now() + pause, min(pause * 2, LONGEST_PAUSE))


def _key(step: DueStep) -> tuple[str, str, int]:
    return step.school, step.missing, step.step
