"""Everything a running server holds together: settings, database, journal, tokens, listeners.

Entries are written by one thread, so that pushes queue here and not at the database's lock;
everything else that touches the database runs in a few others. The event loop only moves bytes.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from sqlalchemy import select

from ledger.wire.journal import Pushed
from server.accounts.tokens import Mint, read_secret
from server.clock import Now, utc_now
from server.database import Database
from server.hub import Hub, Look
from server.journal.follow_rules import FollowRules
from server.journal.group_commit import GroupCommit
from server.journal.journal import Journal
from server.journal.push import Batch
from server.migrations import migrate
from server.notices.channels import Channels
from server.notices.telling import Telling
from server.photos.shelves import open_shelf
from server.photos.store import PhotoStore
from server.settings import Settings
from server.supervision.watch import Supervision
from server.tables import COUNTER, DEVICE

P = ParamSpec("P")
T = TypeVar("T")
READERS = 4
PORTERS = 4


class District:
    def __init__(self, settings: Settings, now: Now = utc_now) -> None:
        self.settings = settings
        self.now = now
        self.database = Database(settings.effective_database_url)
        self.database.wait()
        migrate(self.database)
        with self.database.write() as connection:
            secret = read_secret(connection)
        self.mint = Mint(
            secret,
            timedelta(minutes=settings.access_minutes),
            timedelta(days=settings.refresh_days),
        )
        self.hub = Hub(self._look)
        self.journal = Journal(self.database, now, self._grew)
        self.supervision = Supervision(self.journal, now)
        self.telling = Telling(self.journal, Channels.read(settings.notify), now)
        self.follow_rules = FollowRules(self.database)
        self.follow_rules.look_ups()
        self.journal.catch_up()
        self._pushes = GroupCommit(self.journal)
        shelf = open_shelf(settings.photos, Path(settings.data))
        self.photos = PhotoStore(self.database, shelf, now)
        self._writer = ThreadPoolExecutor(1, "writer")
        self._readers = ThreadPoolExecutor(READERS, "reader")
        self._porters = ThreadPoolExecutor(PORTERS, "porter")

    async def writing(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run on the one thread that writes entries."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, lambda: work(*args, **kwargs))

    async def pushing(self, batch: Batch) -> Pushed:
        """Append what a device sent, together with others that wait. Raises `Refusal`."""
        ticket = self._pushes.join(batch)
        try:
            return await self.writing(self._pushes.turn, ticket)
        finally:
            self._pushes.leave(ticket)

    async def reading(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: work(*args, **kwargs))

    async def carrying(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Bring photos, alone or in a bundle, to or from their storage: nothing else has to wait
        for a slow one."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._porters, lambda: work(*args, **kwargs))

    def _grew(self, school: str, seq: int) -> None:
        self.hub.wake(school, seq)
        self.supervision.heard(school)
        self.telling.heard(school)

    def close(self) -> None:
        self.hub.close()
        self._writer.shutdown()
        self._readers.shutdown()
        self._porters.shutdown()
        self.database.close()

    def _look(self, schools: Iterable[str], devices: Iterable[str]) -> Look:
        with self.database.read() as connection:
            newest = connection.execute(
                select(COUNTER.c.school, COUNTER.c.seq).where(COUNTER.c.school.in_(list(schools)))
            )
            revoked = connection.scalars(
                select(DEVICE.c.id).where(
                    DEVICE.c.id.in_(list(devices)), DEVICE.c.revoked_at.is_not(None)
                )
            )
            return Look({row.school: row.seq for row in newest}, frozenset(revoked))
