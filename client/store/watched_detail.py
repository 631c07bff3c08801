"""One watched hazard opened: what its school did, what the district said, and what it may say."""

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, select

from client.store.clocks import device_times, times_of
from client.store.hazard_views import HazardStep
from client.store.identity import Identity
from client.store.photo_views import PhotoReach, PhotoView
from client.store.places import names, person, zone_of
from client.store.watched import watched_line
from client.store.watched_views import WatchedDetail, WatchedLine
from ledger.clock import said_otherwise
from ledger.permissions import can_write
from ledger.rules.district.rule import DECISIONS, ORDERS
from ledger.rules.hazards.bodies import PhotoOrigin, PhotoUse, Source
from ledger.rules.hazards.states import DONE
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from ledger.verdicts import Reason, Verdict

_WATCHED = RECORDS["watched"]


def watched_hazard(
    connection: Connection, identity: Identity, id: str, now: datetime
) -> WatchedDetail | None:
    """None when no such hazard is on this device."""
    row = connection.execute(
        select(_WATCHED).where(_WATCHED.c.school == identity.school, _WATCHED.c.id == id)
    ).first()
    if row is None:
        return None
    zone = zone_of(connection, identity.school)
    detail = from_json(row.detail)
    line = watched_line(row, zone, now.astimezone(zone).date())
    officers = names(connection, identity.school, "staff")
    photos = {one["hash"]: _photo(one, zone) for one in detail["photos"]}
    who = person(connection, identity.school, identity.actor)
    roles = who.roles if who is not None and who.active else ()

    def of(use: PhotoUse) -> tuple[PhotoView, ...]:
        return tuple(photo for photo in photos.values() if photo.use is use)

    return WatchedDetail(
        line=line,
        before=of(PhotoUse.BEFORE),
        after=of(PhotoUse.AFTER),
        other=of(PhotoUse.OTHER),
        steps=_steps(connection, identity, row.subject, detail, photos, officers, zone),
        may=frozenset(kind for kind in ORDERS if can_write(roles, kind) and _fits(kind, line)),
        source=Source(detail["source"]),
        condition=detail["condition"],
        unit=detail["unit"],
        measure=detail["measure"],
        protection=detail["protection"],
        closed_at=_time(row.closed_at, zone),
        demand=detail["demand"],
        supervised_by=officers.get(detail["supervised_by"]) or detail["supervised_by"],
        supervised_at=_time(detail["supervised_at"], zone),
    )


def _fits(kind: str, line: WatchedLine) -> bool:
    """What a screen offers; the rule has the last word."""
    if kind in DECISIONS and line.state in DONE:
        return False
    return kind != "watched.lifted" or line.supervised_until is not None


def _photo(one: Mapping[str, Any], zone: timezone) -> PhotoView:
    return PhotoView(
        hash=one["hash"],
        use=PhotoUse(one["use"]),
        origin=PhotoOrigin(one["origin"]),
        by=one["by"],
        at=datetime.fromisoformat(one["at"]).astimezone(zone),
        entry=one["entry"],
        reach=PhotoReach.OF_OTHERS,
    )


def _steps(
    connection: Connection,
    identity: Identity,
    subject: str,
    detail: Mapping[str, Any],
    photos: Mapping[str, PhotoView],
    officers: Mapping[str, str],
    zone: timezone,
) -> tuple[HazardStep, ...]:
    """The school's steps and the district's, and what of this device's own was not adopted. Our
    own words as the school's journal shows them are left out: they stand here already."""
    waiting = {one["entry"] for one in detail["orders"] if not one["arrived_at"]}
    ours = {one["entry"] for one in detail["orders"]}
    clocks = device_times(connection, identity.school, subject)
    found = [
        HazardStep(
            entry=one["entry"],
            kind=one["kind"],
            by=one["by"],
            by_name=one["by_name"] or officers.get(one["by"], one["by"]),
            at=(at := datetime.fromisoformat(one["at"]).astimezone(zone)),
            # Of our own entries it is here, of the school's it was told.
            device_at=said_otherwise(clocks.get(one["entry"]) or _time(one["device_at"], zone), at),
            said=one["said"],
            photos=tuple(photos[hash] for hash in one["photos"] if hash in photos),
            verdict=Verdict.PENDING if one["seq"] is None else Verdict.ACCEPTED,
            withdrawn=one["withdrawn"],
            on_the_way=one["entry"] in waiting,
        )
        for one in detail["history"]
        if one["said"].get("order") not in ours
    ]
    rows = connection.execute(
        select(ENTRY).where(
            ENTRY.c.school == identity.school,
            ENTRY.c.subject == subject,
            ENTRY.c.device == identity.device,
            ENTRY.c.verdict.in_((Verdict.REFUSED.value, Verdict.HELD.value)),
        )
    )
    found += [_not_adopted(row, officers, zone) for row in rows]
    return tuple(sorted(found, key=lambda one: one.at))


def _not_adopted(row: Any, officers: Mapping[str, str], zone: timezone) -> HazardStep:
    said = from_json(row.body) if row.body else {}
    remarks = from_json(row.remarks)
    if "who" in remarks:
        remarks["who"] = officers.get(remarks["who"], remarks["who"])
    at, device_at = times_of(row, zone)
    return HazardStep(
        entry=row.id,
        kind=row.kind,
        by=row.actor,
        by_name=officers.get(row.actor, row.actor),
        at=at,
        device_at=device_at,
        said={name: value for name, value in said.items() if name != "salt"},
        photos=(),
        verdict=Verdict(row.verdict),
        reason=Reason(row.reason) if row.reason in set(Reason) else None,
        reason_detail=tuple((name, str(value)) for name, value in remarks.items()),
    )


def _time(text: str, zone: timezone) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(zone) if text else None
