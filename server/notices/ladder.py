"""Which steps of which ladders are due: read from the journal's own records, so that a restart
forgets nothing and repeats nothing."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, select

from ledger.rules.dorms.bodies import Outcome
from ledger.rules.places import Called, SchoolSet
from ledger.rules.rule import RULE_FAULTS
from ledger.tables import RECORDS

log = logging.getLogger(__name__)

STAFF = frozenset({Called.HOMEROOM_TEACHER, Called.DUTY_LEADER, Called.PRINCIPAL})
"""Whom the server tells. Guardians and the police are called by people."""
NIGHT_IS_OVER = timedelta(hours=16)
"""Older ones are left to the day: nobody is woken for them any more."""
_MISSING, _SCHOOL, _BUILDING = RECORDS["missing"], RECORDS["school"], RECORDS["building"]


@dataclass(frozen=True, slots=True)
class DueStep:
    """Somebody has to be told now."""

    school: str
    school_name: str
    missing: str
    """The missing record's id."""
    subject: str
    building: str
    """Its name."""
    room: str
    step: int
    call: tuple[Called, ...]
    minutes: int
    """Since the pupil was marked missing."""


def due_steps(connection: Connection, now: datetime, school: str | None = None) -> list[DueStep]:
    """All steps whose minutes have passed and that nobody was told of, the oldest first."""
    query = select(_MISSING).where(_MISSING.c.found_at == "").order_by(_MISSING.c.raised_at)
    if school is not None:
        query = query.where(_MISSING.c.school == school)
    since = (now - NIGHT_IS_OVER).isoformat(timespec="milliseconds")
    rows = connection.execute(query.where(_MISSING.c.raised_at > since)).all()
    about: dict[str, SchoolSet] = {}
    found: list[DueStep] = []
    for row in rows:
        try:
            if row.school not in about:
                about[row.school] = _about(connection, row.school)
            found += _due_of(connection, row, about[row.school], now)
        except RULE_FAULTS:
            # One odd record must not keep the other pupils from being looked for.
            log.exception("missing record %s of %s can't be followed", row.id, row.school)
    return found


def still_due(connection: Connection, step: DueStep, now: datetime) -> bool:
    """Asked under the school's lock, before it is written down."""
    return step.missing in {
        one.missing for one in due_steps(connection, now, step.school) if one.step == step.step
    }


def _due_of(connection: Connection, row: Any, about: SchoolSet, now: datetime) -> list[DueStep]:
    detail = from_json(row.detail)
    raised = datetime.fromisoformat(row.raised_at)
    minutes = int((now - raised).total_seconds() // 60)
    told = {
        one["step"]
        for one in detail["steps"]
        if one["outcome"] == Outcome.TOLD.value and one["at"] >= row.raised_at
    }
    building = connection.scalar(
        select(_BUILDING.c.name).where(
            _BUILDING.c.school == row.school, _BUILDING.c.id == row.building
        )
    )
    return [
        DueStep(
            school=row.school,
            school_name=about.name,
            missing=row.id,
            subject=row.subject,
            building=building or row.building,
            room=detail["room"],
            step=number,
            call=tuple(one for one in step.call if one in STAFF),
            minutes=max(minutes, 0),
        )
        for number, step in enumerate(about.ladder)
        if number not in told and minutes >= step.minutes and STAFF.intersection(step.call)
    ]


def _about(connection: Connection, school: str) -> SchoolSet:
    detail = connection.scalar(select(_SCHOOL.c.detail).where(_SCHOOL.c.school == school))
    if detail is None:
        return SchoolSet(name=school, district=school)
    return SchoolSet.model_validate(from_json(detail))
