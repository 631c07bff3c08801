"""Who and what a school has by now, as a journal's own records say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic_core import from_json
from sqlalchemy import Connection, select

from ledger.rules.dorms.buildings import BuildingSet
from ledger.rules.dorms.students import StudentSet
from ledger.rules.people import StaffSet
from ledger.sealing import opened_text
from ledger.tables import RECORDS


@dataclass(frozen=True, slots=True)
class KnownPupil:
    body: StudentSet
    left: bool
    """They are no longer here."""


@dataclass(frozen=True, slots=True)
class Known:
    """By id."""

    pupils: Mapping[str, KnownPupil] = field(default_factory=dict)
    buildings: Mapping[str, BuildingSet] = field(default_factory=dict)
    staff: Mapping[str, StaffSet] = field(default_factory=dict)


def read_known(connection: Connection, school: str, today: str) -> Known:
    """`today` is the ISO date in the school's zone. Raises `ledger.sealing.Sealed`."""
    student = RECORDS["student"]
    rows = connection.execute(
        select(student.c.id, student.c.until, student.c.detail).where(student.c.school == school)
    )
    return Known(
        pupils={
            row.id: KnownPupil(
                StudentSet.model_validate(from_json(opened_text(connection, row.detail))),
                bool(row.until) and row.until <= today,
            )
            for row in rows
        },
        buildings={
            id: BuildingSet.model_validate(detail)
            for id, detail in _details(connection, school, "building")
        },
        staff={
            id: StaffSet.model_validate(detail)
            for id, detail in _details(connection, school, "staff")
        },
    )


def _details(connection: Connection, school: str, name: str) -> list[tuple[str, dict[str, object]]]:
    table = RECORDS[name]
    rows = connection.execute(
        select(table.c.id, table.c.detail).where(table.c.school == school).order_by(table.c.id)
    )
    return [(row.id, from_json(row.detail)) for row in rows]
