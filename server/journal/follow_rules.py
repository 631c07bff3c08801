"""After an update of the server: every record anew, as the new rules mean it.

What the judge itself looks up (points, people, buildings, pupils, who is looked for) is done before
anything is served. The rest follows beside the pushes, a few subjects in a transaction under their
school's lock; how far it has come is written in the same transaction, so that a server that is
killed goes on where it was, and several servers on one database share the work.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, not_, or_, select
from sqlalchemy.exc import SQLAlchemyError

from ledger.projection import rebuild
from ledger.rules.meaning import meaning
from ledger.rules.rule import RULE_FAULTS, Labels
from ledger.sealing import Sealed
from ledger.tables.journal import ENTRY
from server.database import Database, upsert
from server.journal.counter import take_counter
from server.tables import COUNTER, PROJECTION

log = logging.getLogger(__name__)

SUBJECTS_AT_ONCE = 50
ENTRIES_AT_ONCE = 1000
"""For as long as a batch takes nobody of its school is answered: about a tenth of a second."""
LOOKED_UP = ("point", "staff", "building", "student", "missing")
STAGES = (*LOOKED_UP, "")
"""By the beginning of a subject's name, in this order; "" for all the others."""
DONE = len(STAGES)
PAUSE_S = 60.0
UNREADABLE = (*RULE_FAULTS, Sealed)
"""What a stored row raises that is no longer what was written."""
_NOT_ANEW = "%s: the records could not be made anew; it is tried again"
Run = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a school has come under the present rules."""

    stage: int
    after: str
    """The last subject of the stage that is done."""


class FollowRules:
    def __init__(self, database: Database) -> None:
        self._database = database

    def look_ups(self) -> int:
        """Everything the judge needs, of all schools; returns how many subjects were done. A school
        of which something can't be read keeps the records it has and is tried again later: the
        others are served."""
        done = 0
        for school in self.behind(len(LOOKED_UP)):
            try:
                done += self._school(school, len(LOOKED_UP))
            except UNREADABLE:
                log.exception(_NOT_ANEW, school)
        return done

    async def keep_going(self, reading: Run, writing: Run) -> None:
        """The rest, until it is done. Between two batches whoever else writes has a turn."""
        while True:
            try:
                behind = await reading(self.behind)
            except SQLAlchemyError:
                log.exception("which records are to be made anew is not known; it is tried again")
            else:
                done = [await self._follow(school, writing) for school in behind]
                if all(done):
                    return
            await asyncio.sleep(PAUSE_S)

    async def _follow(self, school: str, writing: Run) -> bool:
        """True when all its records are made anew."""
        done = 0
        try:
            while some := await writing(self.step, school):
                done += some
        except (*UNREADABLE, SQLAlchemyError):
            log.exception(_NOT_ANEW, school)
            return False
        log.info("%s: records of %d subjects as the rules now mean them", school, done)
        return True

    def behind(self, stage: int = DONE) -> Sequence[str]:
        """Schools that have not come so far."""
        reached = and_(PROJECTION.c.meaning == meaning(), PROJECTION.c.stage >= stage)
        there = select(PROJECTION.c.school).where(reached)
        with self._database.read() as connection:
            query = select(COUNTER.c.school).where(COUNTER.c.school.not_in(there))
            return connection.scalars(query.order_by(COUNTER.c.school)).all()

    def step(self, school: str, until: int = DONE) -> int:
        """One batch; returns how many subjects it did, 0 when there is none left."""
        with self._database.write() as connection:
            take_counter(connection, school)
            place = _place(connection, school)
            while place.stage < until:
                some = _next(connection, school, place)
                if some:
                    rebuild(connection, school, some, Labels())
                    _keep(connection, school, _Place(place.stage, some[-1]))
                    return len(some)
                place = _Place(place.stage + 1, "")
                _keep(connection, school, place)
        return 0

    def _school(self, school: str, until: int) -> int:
        done = 0
        while some := self.step(school, until):
            done += some
        return done


def begin_now(connection: Connection, school: str) -> None:
    """A new school has no records that older rules made."""
    _keep(connection, school, _Place(DONE, ""))


def _place(connection: Connection, school: str) -> _Place:
    row = connection.execute(select(PROJECTION).where(PROJECTION.c.school == school)).one_or_none()
    if row is None or row.meaning != meaning():
        return _Place(0, "")
    return _Place(row.stage, row.after)


def _keep(connection: Connection, school: str, place: _Place) -> None:
    row = {"school": school, "meaning": meaning(), "stage": place.stage, "after": place.after}
    upsert(connection, PROJECTION, row)


def _next(connection: Connection, school: str, place: _Place) -> Sequence[str]:
    """The next subjects of the stage, in the database's own order: at least one."""
    rows = connection.execute(
        select(ENTRY.c.subject, func.count().label("entries"))
        .where(ENTRY.c.school == school, ENTRY.c.subject > place.after, _of(STAGES[place.stage]))
        .group_by(ENTRY.c.subject)
        .order_by(ENTRY.c.subject)
        .limit(SUBJECTS_AT_ONCE)
    ).all()
    reached = accumulate(row.entries for row in rows)
    few = [
        row.subject for row, total in zip(rows, reached, strict=True) if total <= ENTRIES_AT_ONCE
    ]
    return few or [row.subject for row in rows[:1]]


def _of(prefix: str) -> ColumnElement[bool]:
    def named(one: str) -> ColumnElement[bool]:
        return ENTRY.c.subject.startswith(f"{one}:", autoescape=True)

    return named(prefix) if prefix else not_(or_(*map(named, LOOKED_UP)))
