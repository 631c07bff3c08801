"""Documents from this device's own records, behind the port that `client.actions` names."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import Connection

from client.actions.errors import ActionFailed
from client.device.clock import DeviceClock
from client.exporting import ledger_document, ledger_sheet, notice_of
from client.photos.folder import PhotoFolder
from client.reports.attendance import (
    BuildingLine,
    ExceptionLine,
    MonthSheet,
    NightSheet,
    PupilLine,
    month_pdf,
    month_xlsx,
    night_pdf,
    night_xlsx,
)
from client.reports.lines import LedgerSheet, Notice
from client.reports.notice import notice_pdf
from client.settings import FONT
from client.store.attendance import Group, month, night_summaries
from client.store.hazard_lists import HazardColumn, HazardFilter
from client.store.hazards import hazard_row
from client.store.identity import Identity
from client.store.places import names, person, school, zone_of
from client.store.store import Store
from client.words import key, t, when


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

    async def month(self, identity: Identity, group: Group, first: date, ending: str) -> bytes:
        now = self._clock.true_now()

        def read(connection: Connection) -> MonthSheet:
            found = month(connection, identity.school, group, first)
            buildings = names(connection, identity.school, "building")
            building = buildings.get(group.building, group.building)
            pupil = found.rows[0].student.name if group.student and found.rows else ""
            return MonthSheet(
                *_school_line(connection, identity),
                of=" ".join(part for part in (group.class_id, building, group.room, pupil) if part)
                or t("attendance.everybody"),
                first=first,
                exported_at=now.astimezone(zone_of(connection, identity.school)),
                lines=tuple(
                    PupilLine(row.student.name, row.student.class_id, row.student.where, row.nights)
                    for row in found.rows
                ),
            )

        sheet = await self._store().read(read)
        if ending == "pdf":
            return await asyncio.to_thread(month_pdf, sheet, FONT)
        return await asyncio.to_thread(month_xlsx, sheet)

    async def night(self, identity: Identity, night: date, ending: str) -> bytes:
        now = self._clock.true_now()

        def read(connection: Connection) -> NightSheet:
            found = night_summaries(connection, identity, night)
            return NightSheet(
                *_school_line(connection, identity),
                night=night,
                exported_at=now.astimezone(zone_of(connection, identity.school)),
                buildings=tuple(
                    BuildingLine(
                        name=one.name,
                        total=one.total,
                        unmarked=one.unmarked,
                        counts=one.counts,
                        closed=t("attendance.closed_by", who=one.closed_by, at=when(one.closed_at))
                        if one.closed_at
                        else "",
                        exceptions=tuple(
                            ExceptionLine(
                                odd.name,
                                odd.class_id,
                                odd.where,
                                odd.status,
                                odd.contested,
                                odd.note,
                            )
                            for odd in one.exceptions
                        ),
                    )
                    for one in found
                ),
            )

        sheet = await self._store().read(read)
        if ending == "pdf":
            return await asyncio.to_thread(night_pdf, sheet, FONT)
        return await asyncio.to_thread(night_xlsx, sheet)

    def _thumbnail(self, hash: str) -> bytes | None:
        path = self._folder.thumbnail_path(hash)
        return path.read_bytes() if path else None


def _school_line(connection: Connection, identity: Identity) -> tuple[str, str]:
    """The school's name, and the exporter's."""
    place = school(connection, identity.school)
    who = person(connection, identity.school, identity.actor)
    return place.name if place else identity.school, who.name if who else identity.actor
