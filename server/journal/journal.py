"""The journal of all schools as one object: who has it can append, and nothing else can."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import select

from ledger.verdicts import Reason
from server.clock import Now, moment
from server.database import Database
from server.journal.append import Append
from server.journal.counter import newest_seq
from server.journal.epochs import begin_epoch
from server.journal.outcomes import keep_outcomes
from server.journal.outgoing import Outgoing
from server.journal.states import States
from server.journal.waiting import judge_waiting
from server.tables import HELD

OF_THE_VERSION = frozenset({Reason.UNKNOWN_KIND, Reason.RULE_FAULT})
"""Reasons to wait that a newer version of the server may do away with."""


class Journal:
    """`on_growth(school, seq)` is called after every commit that gives others something to pull."""

    def __init__(
        self, database: Database, now: Now, on_growth: Callable[[str, int], None] | None = None
    ) -> None:
        self.database = database
        self.now = now
        self.outgoing = Outgoing()
        self._on_growth = on_growth
        self._states = States()
        self._written: dict[str, int] = {}
        """The `seq` up to which this process has written each school's history."""
        self._lock = Lock()

    @contextmanager
    def append(self, school: str) -> Iterator[Append]:
        """One transaction under the school's lock; raises `UnknownSchool`."""
        with self._lock:
            try:
                with self.database.write() as connection:
                    work = Append(connection, self._states, school, moment(self.now()))
                    written = self._written.get(school)
                    if written is None or work.began_at < written:
                        # We have just started, or the database was replaced by an older one.
                        begin_epoch(connection, school, work.began_at)
                    yield work
                    work.finish()
            except BaseException:
                self._states.forget(school)
                raise
            self._written[school] = work.counter.seq
            work.judge.settle()
        if work.grew and self._on_growth is not None:
            self._on_growth(school, work.counter.seq)

    def forget(self, school: str) -> None:
        """What is remembered between pushes may hold words that have been erased."""
        with self._lock:
            self._states.forget(school)
        self.outgoing.forget(school)

    def catch_up(self) -> None:
        """At start: this version may know what an older one had to hold."""
        with self.database.read() as connection:
            query = select(HELD.c.school).where(
                HELD.c.reason.in_([reason.value for reason in OF_THE_VERSION])
            )
            schools = connection.scalars(query.distinct()).all()
        for school in schools:
            with self.append(school) as work:
                outcomes = judge_waiting(work.connection, work.judge, school, OF_THE_VERSION, [])
                keep_outcomes(work.connection, outcomes, work.received_at)

    def newest(self, school: str) -> int:
        with self.database.read() as connection:
            return newest_seq(connection, school)
