"""Who is being looked for: the search, its ladder, whom to call and what came of each call."""

from datetime import datetime, timedelta
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, select

from client.store.dorms.nights import name_of
from client.store.dorms.search_views import CallView, FollowView, LadderStepView, MissingView
from client.store.identity import Identity
from client.store.people_views import PersonView
from client.store.places import names, people, school, zone_of
from client.store.students import StudentView, students
from ledger.rules.dorms.bodies import Outcome
from ledger.rules.places import DEFAULT_LADDER, Called, LadderStep
from ledger.rules.rule import Role
from ledger.sealing import opened_text
from ledger.tables import RECORDS

_MISSING = RECORDS["missing"]
GUARDIAN, POLICE, POLICE_PHONE = "guardian", "police", "110"
ROLE_OF = {
    Called.HOMEROOM_TEACHER: Role.HOMEROOM_TEACHER,
    Called.DUTY_LEADER: Role.DUTY_LEADER,
    Called.PRINCIPAL: Role.PRINCIPAL,
}


def open_searches(connection: Connection, identity: Identity) -> tuple[MissingView, ...]:
    """Everybody this person may know of who has not been found, longest missing first."""
    rows = connection.execute(
        select(_MISSING)
        .where(_MISSING.c.school == identity.school, _MISSING.c.found_at == "")
        .order_by(_MISSING.c.raised_at)
    ).all()
    return _views(connection, identity.school, rows)


def search(connection: Connection, identity: Identity, id: str) -> MissingView | None:
    rows = connection.execute(
        select(_MISSING).where(_MISSING.c.school == identity.school, _MISSING.c.id == id)
    ).all()
    return next(iter(_views(connection, identity.school, rows)), None)


def _views(connection: Connection, school_id: str, rows: Any) -> tuple[MissingView, ...]:
    if not rows:
        return ()
    place = school(connection, school_id)
    ladder = place.ladder if place else DEFAULT_LADDER
    staff = tuple(one for one in people(connection, school_id) if one.active)
    buildings = names(connection, school_id, "building")
    pupils = students(connection, school_id, {row.student for row in rows})
    zone = zone_of(connection, school_id)

    def time(text: str) -> datetime:
        return datetime.fromisoformat(text).astimezone(zone)

    called = {one.id: one.name for one in people(connection, school_id)}
    found = []
    for row in rows:
        detail = from_json(opened_text(connection, row.detail))
        pupil = pupils.get(row.student)
        log = tuple(
            FollowView(
                step=one["step"],
                whom=one["whom"],
                name=called.get(one["whom"], ""),
                outcome=Outcome(one["outcome"]),
                note=one["note"],
                by=name_of(called, one["by"]),
                at=time(one["at"]),
            )
            for one in detail["steps"]
        )
        raised = time(row.raised_at)
        since = tuple(one for one in log if one.at >= raised)
        ended = detail["found"]
        found.append(
            MissingView(
                id=row.id,
                building=row.building,
                building_name=name_of(buildings, row.building),
                class_id=row.class_id,
                night=row.night,
                student=row.student,
                name=pupil.name if pupil else "",
                room=detail["room"],
                bed=pupil.bed if pupil else "",
                raised_at=raised,
                raised_by=name_of(called, row.raised_by),
                last_seen=detail["last_seen"],
                followed=bool(row.followed),
                pending=bool(row.pending),
                ladder=tuple(
                    _step(number, one, raised, row.class_id, pupil, staff, since)
                    for number, one in enumerate(ladder)
                ),
                log=log,
                found_at=time(row.found_at) if row.found_at else None,
                found_by=called.get(ended.get("by", ""), ""),
                found_where=ended.get("where", ""),
            )
        )
    return tuple(found)


def _step(
    number: int,
    step: LadderStep,
    raised: datetime,
    class_id: str,
    pupil: StudentView | None,
    staff: tuple[PersonView, ...],
    log: tuple[FollowView, ...],
) -> LadderStepView:
    calls: list[CallView] = []
    for called in step.call:
        for whom, name, phone in _whom(called, class_id, pupil, staff):
            tried = [one for one in log if one.whom == whom and one.outcome is not Outcome.TOLD]
            last = tried[-1] if tried else None
            calls.append(
                CallView(
                    called,
                    whom,
                    name,
                    phone,
                    last.outcome if last else None,
                    last.by if last else "",
                    last.at if last else None,
                )
            )
    due = raised + timedelta(minutes=step.minutes)
    return LadderStepView(number, step.minutes, due, tuple(calls))


def _whom(
    called: Called, class_id: str, pupil: StudentView | None, staff: tuple[PersonView, ...]
) -> list[tuple[str, str, str]]:
    """Staff id (or "guardian", "police"), name, telephone."""
    if called is Called.GUARDIAN:
        return [(GUARDIAN, pupil.guardian if pupil else "", pupil.phone if pupil else "")]
    if called is Called.POLICE:
        return [(POLICE, "", POLICE_PHONE)]
    role = ROLE_OF[called]
    return [
        (one.id, one.name, one.phone)
        for one in staff
        if role in one.roles and (called is not Called.HOMEROOM_TEACHER or class_id in one.classes)
    ]
