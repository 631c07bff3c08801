"""Erasing what a school's journal says about pupils: their own records, leave with its reasons,
and the nights they were missing. Roll-calls name them by an id that then stands for nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic_core import from_json
from sqlalchemy import Connection, or_, select

from ledger.erasing import erase_bodies
from ledger.identifiers import new_id
from ledger.projection import CHUNK, rebuild
from ledger.rules.erasure import ERASED_AT_ONCE, BodyErased, erasure_subject
from ledger.rules.rule import Labels
from ledger.scopes import is_private, school_scope
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from server.journal.append import Append
from server.journal.journal import Journal
from server.journal.own_hand import Fact, write_as_server

ID_LENGTH = 36
ABOUT_PUPILS = ("student", "leave", "reason", "missing")
_STUDENT, _LEAVE, _MISSING = RECORDS["student"], RECORDS["leave"], RECORDS["missing"]


@dataclass(frozen=True, slots=True)
class Pupil:
    id: str
    name: str
    class_id: str
    number: str
    until: str
    """The first night they were no longer here; "" while they are."""


def pupils(connection: Connection, school: str) -> list[Pupil]:
    """All of a school's that are not erased, those who left too."""
    rows = connection.execute(select(_STUDENT).where(_STUDENT.c.school == school)).all()
    found = []
    for row in rows:
        detail = from_json(row.detail)
        found.append(Pupil(row.id, detail["name"], row.class_id, detail["number"], row.until))
    return sorted(found, key=lambda one: (one.class_id, one.number, one.id))


def subjects_about(connection: Connection, school: str, students: Iterable[str]) -> list[str]:
    """Every subject of the school's history that says something about these pupils."""
    wanted = set(students)
    found = [f"student:{id}" for id in sorted(wanted)]
    leaves = connection.execute(
        select(_LEAVE.c.student, _LEAVE.c.subject, _LEAVE.c.class_id, _LEAVE.c.id).where(
            _LEAVE.c.school == school
        )
    )
    for row in leaves:
        if row.student in wanted:
            found += [row.subject, f"reason:{row.class_id}:{row.id}"]
    # Not from the records: what was refused has none, and its words are here all the same.
    named = select(ENTRY.c.subject).where(
        ENTRY.c.school == school, ENTRY.c.subject.like("missing:%")
    )
    found += [one for one in connection.scalars(named.distinct()) if one.split(":")[-1] in wanted]
    asked = select(ENTRY.c.subject, ENTRY.c.body).where(
        ENTRY.c.school == school, ENTRY.c.kind == "leave.requested", ENTRY.c.body.is_not(None)
    )
    for row in connection.execute(asked):
        if _asked_for(bytes(row.body)) in wanted:
            _, _, class_id, leave = [*row.subject.split(":"), "", "", ""][:4]
            found += [row.subject, f"reason:{class_id}:{leave}"]
    return list(dict.fromkeys(found))


def past_subjects(connection: Connection, school: str, before: str) -> list[str]:
    """Leave that ended, and nights somebody was missing, before this ISO date."""
    leaves = connection.execute(
        select(_LEAVE.c.subject, _LEAVE.c.class_id, _LEAVE.c.id).where(
            _LEAVE.c.school == school, _LEAVE.c.ends_at < before
        )
    )
    found = []
    for row in leaves:
        found += [row.subject, f"reason:{row.class_id}:{row.id}"]
    missing = select(_MISSING.c.subject).where(
        _MISSING.c.school == school, _MISSING.c.night < before
    )
    return [*found, *connection.scalars(missing)]


def late_subjects(connection: Connection, school: str) -> list[str]:
    """What was erased before, and somebody who had not heard of it wrote of since: refused, but
    its words are here."""
    erased = (
        select(ENTRY.c.subject)
        .where(
            ENTRY.c.school == school,
            ENTRY.c.body.is_(None),
            or_(*(ENTRY.c.subject.like(f"{prefix}:%") for prefix in ABOUT_PUPILS)),
        )
        .distinct()
    )
    return list(connection.scalars(erased))


def erase(journal: Journal, school: str, students: Sequence[str], past_before: str = "") -> int:
    """Erase all words about these pupils, and with `past_before` (an ISO date) leave and missing
    nights of everybody before it; returns how many entries lost their body. One transaction; the
    running server and all devices hear of it by entries in the school's history."""
    with journal.append(school) as work:
        if work.connection.dialect.name == "sqlite":
            # What is taken out is overwritten in the file, too.
            work.connection.exec_driver_sql("PRAGMA secure_delete = ON")
        subjects = subjects_about(work.connection, school, students) if students else []
        if past_before:
            subjects += past_subjects(work.connection, school, past_before)
        subjects += late_subjects(work.connection, school)
        by_scope = _with_bodies(work.connection, school, subjects)
        _write(work, school, by_scope)
        ids = [id for some in by_scope.values() for id in some]
        rebuild(work.connection, school, erase_bodies(work.connection, school, ids), Labels())
    journal.forget(school)
    return len(ids)


def _asked_for(body: bytes) -> str:
    try:
        return str(from_json(body).get("student", ""))
    except (ValueError, AttributeError):
        return ""


def _with_bodies(
    connection: Connection, school: str, subjects: Sequence[str]
) -> dict[str, list[str]]:
    """Ids of entries that still have a body, whatever their verdict, by who has heard of them."""
    found: dict[str, list[str]] = {}
    for start in range(0, len(subjects), CHUNK):
        rows = connection.execute(
            select(ENTRY.c.id, ENTRY.c.scope).where(
                ENTRY.c.school == school,
                ENTRY.c.subject.in_(subjects[start : start + CHUNK]),
                ENTRY.c.body.is_not(None),
            )
        )
        for row in rows:
            mine = is_private(row.scope) and row.scope.split(":")[1:2] == [school]
            found.setdefault(row.scope if mine else school_scope(school), []).append(row.id)
    return found


def _write(work: Append, school: str, by_scope: dict[str, list[str]]) -> None:
    facts = []
    for scope, ids in sorted(by_scope.items()):
        # An entry that was refused because its id was taken stands under a longer one of ours.
        ids = [id for id in ids if len(id) == ID_LENGTH]
        for start in range(0, len(ids), ERASED_AT_ONCE):
            some = tuple(ids[start : start + ERASED_AT_ONCE])
            body = BodyErased(entries=some, audience=scope)
            facts.append(Fact("body.erased", erasure_subject(new_id()), body))
    if facts:
        write_as_server(work, facts)
