"""Importing the school's roster on the safety officer's own device, also without a network.

The file is read and compared off the event loop; nothing is written before `carry_out`. A part
that was written stays when the app ends half-way: importing the same file again does the rest.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence

from sqlalchemy import Connection

from client.actions.clock import Clock
from client.actions.errors import ActionFailed, explained
from client.store.changes import JOURNAL
from client.store.identity import Identity
from client.store.journal import append_all
from client.store.places import zone_of
from client.store.store import Store
from client.store.sync_state import read_sync_state
from client.words import key
from ledger.roster.plan import Plan
from ledger.roster.roster import Roster
from ledger.roster.steps import Step

STEPS_AT_ONCE = 300
"""One transaction each: the bar moves, and nothing else waits long."""
TOPICS = frozenset({JOURNAL, "student", "building", "staff"})


class RosterActions:
    def __init__(
        self,
        store: Callable[[], Store],
        clock: Clock,
        identity: Callable[[], Awaitable[Identity]],
    ) -> None:
        self._store, self._clock = store, clock
        self._identity = identity

    async def template(self) -> bytes:
        """The workbook to fill in."""
        return await asyncio.to_thread(_template)

    async def read(self, content: bytes) -> Roster:
        """Raises `UnusableRoster`, whose problem has a sentence of its own."""
        return await asyncio.to_thread(_read, content)

    async def plan(self, roster: Roster, *, keep_missing: bool) -> Plan:
        """What importing it would change, as far as this device knows the school."""
        # Whoever imports nothing does not wait for this at the app's start.
        from ledger.roster.known import read_known
        from ledger.roster.planning import plan_import

        identity = await self._identity()
        now = self._clock.true_now()

        def work(connection: Connection) -> Plan:
            if not read_sync_state(connection).last_complete:
                # It would take everybody for new.
                raise ActionFailed(key("roster.sync_first"))
            today = now.astimezone(zone_of(connection, identity.school)).date().isoformat()
            known = read_known(connection, identity.school, today)
            return plan_import(roster, known, today, keep_missing=keep_missing)

        with explained():
            return await self._store().read(work)

    async def carry_out(self, plan: Plan, on_progress: Callable[[int], None]) -> None:
        """Write it, some hundred entries a transaction; `on_progress` is told how many are done."""
        identity = await self._identity()
        done = 0
        for some in _parts(plan.groups):
            stamp = self._clock.stamp()
            facts = [(step.kind, step.subject, step.body) for step in some]

            def work(connection: Connection, facts=facts, stamp=stamp) -> None:
                append_all(connection, identity, stamp, facts)

            with explained():
                await self._store().write(work, TOPICS)
            done += len(some)
            on_progress(done)


def _parts(groups: Sequence[tuple[Step, ...]]) -> Iterator[list[Step]]:
    """Steps of one group stay together."""
    part: list[Step] = []
    for group in groups:
        if part and len(part) + len(group) > STEPS_AT_ONCE:
            yield part
            part = []
        part.extend(group)
    if part:
        yield part


def _template() -> bytes:
    # The workbook's library takes its time, and nobody needs it who imports nothing.
    from ledger.roster.template import roster_template

    return roster_template()


def _read(content: bytes) -> Roster:
    from ledger.roster.rows import read_roster
    from ledger.roster.sheet import read_workbook

    return read_roster(read_workbook(content))
