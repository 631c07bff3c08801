"""Writing a hazard down: by itself, or in the same step as the check-in that found it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from client.actions.clock import Clock
from client.actions.pictures import Album, Prepared, note_prepared, prepare
from client.store.hazard_drafts import HazardDraft
from client.store.identity import Identity
from client.store.journal import append
from client.store.places import areas, point
from client.store.store import Store
from ledger.clock import Stamp
from ledger.identifiers import new_id
from ledger.rules.hazards.bodies import HazardGrade, HazardReported
from ledger.rules.hazards.rule import hazard_subject

DRAFT = "hazard"
"""Name of the draft of 随手拍. That of a rectification is `rectify:` and the hazard's id."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report whose photos are on the disk: ready to be written."""

    hazard: str
    entry: str
    body: HazardReported
    prepared: Prepared
    stamp: Stamp


async def prepare_report(
    store: Store,
    clock: Clock,
    album: Album,
    identity: Identity,
    draft: HazardDraft,
    check_in: str = "",
) -> Report:
    """Develop its photos. Raises `ActionFailed`; the draft and its pictures stay."""
    stamp, entry = clock.stamp(), new_id()
    place = draft.place.strip() or await store.read(lambda c: _place(c, identity.school, draft))
    prepared = await prepare(
        store,
        album,
        identity,
        draft.pictures,
        entry=entry,
        place=place,
        at=clock.true_now(),
    )
    body = HazardReported(
        content=draft.content.strip(),
        source=draft.source,
        lane=draft.lane,
        category=draft.category,
        grade=draft.grade,
        condition=draft.condition,
        area=draft.area,
        point=draft.point,
        place=draft.place.strip(),
        item=draft.item,
        check_in=check_in or draft.check_in,
        measure=draft.measure.strip(),
        protection=draft.protection.strip() if draft.grade is HazardGrade.MAJOR else "",
        photos=prepared.notes,
    )
    return Report(new_id(), entry, body, prepared, stamp)


def append_report(connection: Connection, identity: Identity, report: Report) -> None:
    """In a transaction: the entry, and its photos on their way."""
    append(
        connection,
        identity,
        report.stamp,
        kind="hazard.reported",
        subject=hazard_subject(report.hazard),
        body=report.body,
        photos=report.prepared.hashes,
        id=report.entry,
        judged=True,
    )
    note_prepared(connection, report.entry, report.prepared, report.stamp.at)


def _place(connection: Connection, school: str, draft: HazardDraft) -> str:
    found = point(connection, school, draft.point) if draft.point else None
    if found is not None:
        return found.name
    return next((one.name for one in areas(connection, school) if one.id == draft.area), "")
