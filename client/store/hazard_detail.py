"""One hazard opened: every photo, every word anybody wrote, and what may be done with it now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, select

from client.store.clocks import device_times, times_of
from client.store.hazard_views import HazardDetail, HazardStep, Supervision
from client.store.hazards import Known, hazard_line, hazard_row, supervised_until
from client.store.identity import Identity
from client.store.photo_views import PhotoView
from client.store.photos import reaches
from client.store.places import person
from ledger.clock import said_otherwise
from ledger.rules.evidence import Doubt, Grade
from ledger.rules.hazards.bodies import Category, HazardGrade, PhotoOrigin, PhotoUse
from ledger.rules.hazards.conditions import Condition
from ledger.rules.hazards.states import DECIDERS, TABLE, By, Move
from ledger.rules.rule import Role
from ledger.tables.journal import ENTRY
from ledger.verdicts import Reason, Verdict


def hazard(
    connection: Connection, identity: Identity, id: str, now: datetime
) -> HazardDetail | None:
    """None when no such hazard is on this device."""
    row = hazard_row(connection, identity.school, id)
    if row is None:
        return None
    known = Known(connection, identity.school, now)
    detail = from_json(row.detail)
    line = hazard_line(row, known)
    photos = _photos(connection, identity, detail, known)
    major = line.grade is HazardGrade.MAJOR
    who = person(connection, identity.school, identity.actor)
    roles = frozenset(who.roles) if who is not None and who.active else frozenset[Role]()
    last = _last_author(detail)

    def of(use: PhotoUse) -> tuple[PhotoView, ...]:
        return tuple(photo for photo in photos.values() if photo.use is use)

    return HazardDetail(
        line=line,
        before=of(PhotoUse.BEFORE),
        after=of(PhotoUse.AFTER),
        other=of(PhotoUse.OTHER),
        steps=_steps(connection, identity, row.subject, detail, photos, known),
        may=frozenset(
            move.kind
            for move in TABLE
            if line.state in move.begins
            and move.writers & roles
            and _one_of_them(move, identity.actor, roles, line.responsible, detail, last)
        ),
        needs_protection=major and not detail["protection"],
        needs_reason=line.overdue and detail["overdue_deadline"] != row.deadline,
        item=known.item(row.point, detail["item"]),
        condition=_condition(known, detail["condition"]),
        unit=detail["unit"],
        measure=detail["measure"],
        done=detail["done"],
        protection=detail["protection"],
        funds=detail["funds"],
        basis=detail["basis"],
        assigned_by=_name(known, detail["assigned_by"]),
        assigned_at=known.time(detail["assigned_at"]),
        acknowledged_at=known.time(detail["acknowledged_at"]),
        done_at=known.time(row.done_at),
        accepted_by=_name(known, detail["accepted_by"]),
        accepted_at=known.time(detail["accepted_at"]),
        closed_by=_name(known, detail["closed_by"]),
        closed_at=known.time(row.closed_at),
        returned_because=detail["returned_because"],
        times_returned=detail["times_returned"],
        asked_because=detail["asked_because"],
        overdue_because=detail["overdue_because"],
        reopened_because=detail["reopened_because"],
        evidence=Grade(detail["evidence"]),
        doubts=tuple(Doubt(name) for name in detail["doubts"]),
        supervision=_supervision(detail),
    )


def _condition(known: Known, id: str) -> Condition | None:
    """One this device does not know is shown by its id."""
    if not id:
        return None
    return known.conditions.get(id) or Condition(id, Category.OTHER, id, "")


def _supervision(detail: Mapping[str, Any]) -> Supervision | None:
    until = supervised_until(detail)
    if until is None:
        return None
    return Supervision(
        until=until,
        demand=detail["supervised_demand"],
        by=detail["supervised_by"],
        office=detail["supervised_office"],
    )


def _name(known: Known, id: str) -> str:
    return known.staff.get(id, id)


def _last_author(detail: Mapping[str, Any]) -> str:
    """Who wrote the newest step that changed the state and was not taken back."""
    states = {move.kind for move in TABLE if move.leads_to is not None or move.decides}
    steps = [one for one in detail["history"] if one["kind"] in states and not one["withdrawn"]]
    return steps[-1]["by"] if len(steps) > 1 else ""


def _one_of_them(
    move: Move,
    actor: str,
    roles: frozenset[Role],
    responsible: str,
    detail: Mapping[str, Any],
    last: str,
) -> bool:
    match move.by:
        case By.RESPONSIBLE:
            return actor == responsible
        case By.RESPONSIBLE_OR_DECIDER:
            return actor == responsible or bool(roles & DECIDERS)
        case By.NOT_THE_RECTIFIER:
            return actor != detail["rectifier"]
        case By.NOT_THE_RESPONSIBLE:
            return actor != responsible
        case By.AUTHOR:
            return actor == last
        case By.ANYBODY:
            return True


def _photos(
    connection: Connection, identity: Identity, detail: Mapping[str, Any], known: Known
) -> dict[str, PhotoView]:
    """By hash, in the order they were taken in."""
    reach = reaches(connection, [one["hash"] for one in detail["photos"]])
    return {
        one["hash"]: PhotoView(
            hash=one["hash"],
            use=PhotoUse(one["use"]),
            origin=PhotoOrigin(one["origin"]),
            by=_name(known, one["by"]),
            at=datetime.fromisoformat(one["at"]).astimezone(known.zone),
            entry=one["entry"],
            reach=reach[one["hash"]],
        )
        for one in detail["photos"]
    }


def _steps(
    connection: Connection,
    identity: Identity,
    subject: str,
    detail: Mapping[str, Any],
    photos: Mapping[str, PhotoView],
    known: Known,
) -> tuple[HazardStep, ...]:
    """The history in the order in which it counts, and in their place what of this device's own
    was not adopted."""
    clocks = device_times(connection, identity.school, subject)
    found = [
        HazardStep(
            entry=one["entry"],
            kind=one["kind"],
            by=one["by"],
            # What the server carried here was said by an officer of the district.
            by_name=_name(known, one["said"].get("by") or one["by"]),
            at=(at := datetime.fromisoformat(one["at"]).astimezone(known.zone)),
            device_at=said_otherwise(clocks.get(one["entry"]), at),
            said=one["said"],
            photos=tuple(photos[hash] for hash in one["photos"] if hash in photos),
            verdict=Verdict.PENDING if one["seq"] is None else Verdict.ACCEPTED,
            withdrawn=one["withdrawn"],
        )
        for one in detail["history"]
    ]
    shown = {one.entry for one in found}
    rows = connection.execute(
        select(ENTRY)
        .where(
            ENTRY.c.school == identity.school,
            ENTRY.c.subject == subject,
            ENTRY.c.device == identity.device,
            ENTRY.c.verdict != Verdict.ACCEPTED.value,
        )
        .order_by(ENTRY.c.number)
    )
    for row in rows:
        if row.id not in shown:
            lost = _not_adopted(row, known)
            # Not by sorting all of it: a clock that is wrong must not change what came first.
            earlier = [place for place, one in enumerate(found, 1) if one.at <= lost.at]
            found.insert(max(earlier, default=0), lost)
    return tuple(found)


def _not_adopted(row: Any, known: Known) -> HazardStep:
    said = from_json(row.body) if row.body else {}
    remarks = from_json(row.remarks) if row.reason else {}
    if "who" in remarks:
        remarks["who"] = _name(known, remarks["who"])
    at, device_at = times_of(row, known.zone)
    return HazardStep(
        entry=row.id,
        kind=row.kind,
        by=row.actor,
        by_name=_name(known, row.actor),
        at=at,
        device_at=device_at,
        said={name: value for name, value in said.items() if name not in ("salt", "photos")},
        photos=(),
        verdict=Verdict(row.verdict),
        reason=Reason(row.reason) if row.reason in set(Reason) else None,
        reason_detail=tuple((name, str(value)) for name, value in remarks.items()),
    )
