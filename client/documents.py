"""Documents from this device's own records, behind the port that `client.actions` names."""

import asyncio
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from client.actions.errors import ActionFailed
from client.device.clock import DeviceClock
from client.exporting import ledger_document, ledger_sheet, notice_of
from client.photos.folder import PhotoFolder
from client.reports.lines import LedgerSheet, Notice
from client.reports.notice import notice_pdf
from client.settings import FONT
from client.store.hazard_views import HazardColumn, HazardFilter
from client.store.hazards import hazard_row
from client.store.identity import Identity
from client.store.places import person
from client.store.store import Store
from client.words import key


class DeviceDocuments:
    def __init__(self, store: Callable[[], Store], clock: DeviceClock, folder: PhotoFolder) -> None:
        self._store = store
        self._clock = clock
        self._folder = folder

    async def ledger(
        self,
        identity: Identity,
        wanted: HazardFilter,
        columns: Sequence[HazardColumn],
        ending: str,
    ) -> bytes:
        now = self._clock.true_now()

        def read(connection: Connection) -> LedgerSheet:
            who = person(connection, identity.school, identity.actor)
            by = who.name if who else identity.actor
            return ledger_sheet(
                connection, identity.school, wanted, columns, by, now, identity.actor
            )

        sheet = await self._store().read(read)
        return await asyncio.to_thread(ledger_document, sheet, ending, FONT, self._thumbnail)

    async def notice(self, identity: Identity, hazard: str) -> bytes:
        now = self._clock.true_now()

        def read(connection: Connection) -> Notice | None:
            row = hazard_row(connection, identity.school, hazard)
            return None if row is None else notice_of(connection, identity.school, row, now)

        notice = await self._store().read(read)
        if notice is None:
            raise ActionFailed(key("hazards.gone"))
        return await asyncio.to_thread(notice_pdf, notice, FONT, self._thumbnail)

    def _thumbnail(self, hash: str) -> bytes | None:
        path = self._folder.thumbnail_path(hash)
        return path.read_bytes() if path else None
