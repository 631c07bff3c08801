"""What the district has to be told of its schools' hazards, derived from the two journals alone.

A hazard is told of when it is major, or so late that it has climbed to the district; once told of,
every further step at the school is told too. What the district knows is written in its own record
(`told`, a count of the hazard's accepted entries), so that telling again tells nothing twice and
a server that died between two commits goes on where it was.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, and_, or_, select

from ledger.clock import said_otherwise
from ledger.codes import DISTRICT
from ledger.rules.district.bodies import STEPS_AT_MOST, WatchedNoted, WatchedStep, Why
from ledger.rules.district.rule import watched_subject
from ledger.rules.hazards.bodies import Category, HazardGrade, PhotoNote, Source
from ledger.rules.hazards.conditions import conditions
from ledger.rules.hazards.overdue import UNDONE, Climbed, Ladder, climbed
from ledger.rules.hazards.states import HazardState
from ledger.rules.plans import school_zone
from ledger.rules.rule import RULE_FAULTS
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from server.journal.own_hand import Fact
from server.journal.people import SERVER_ACTOR

log = logging.getLogger(__name__)

LONGEST_WORD_CHARACTERS = 1000
"""Of one field of a step; the school's own journal has the whole of it."""
SAID = frozenset(
    {
        *("content", "measure", "done", "because", "text", "note", "protection", "basis"),
        *("deadline", "until", "demand", "entry", "order"),
    }
)
"""What of a step's body is told: words and days. Ids of the school's own things stay there."""
_HAZARD, _WATCHED = RECORDS["hazard"], RECORDS["watched"]
_SCHOOL, _STAFF, _POINT, _AREA, _CONDITION = (
    RECORDS[name] for name in ("school", "staff", "point", "area", "condition")
)
_ZONES_AHEAD = timedelta(days=1)
"""A school's own day may be one further than UTC's."""


@dataclass(frozen=True, slots=True)
class Due:
    """A hazard with news for the district."""

    school: str
    hazard: str


def due(connection: Connection, now: datetime, schools: Iterable[str] | None = None) -> list[Due]:
    """What the district has yet to be told; of all schools unless some are named."""
    latest = (now + _ZONES_AHEAD).date() - timedelta(days=Ladder().district_days)
    late = and_(
        _HAZARD.c.state.in_([state.value for state in UNDONE]),
        _HAZARD.c.deadline != "",
        _HAZARD.c.deadline <= latest.isoformat(),
    )
    query = (
        select(_HAZARD, _WATCHED.c.told)
        .outerjoin(
            _WATCHED,
            and_(
                _WATCHED.c.school == DISTRICT,
                _WATCHED.c.id == _HAZARD.c.school + ":" + _HAZARD.c.id,
            ),
        )
        .where(
            or_(
                _WATCHED.c.told < _HAZARD.c.seen,
                and_(
                    _WATCHED.c.told.is_(None),
                    or_(_HAZARD.c.grade == HazardGrade.MAJOR.value, late),
                ),
            )
        )
        .order_by(_HAZARD.c.school, _HAZARD.c.reported_at, _HAZARD.c.id)
    )
    if schools is not None:
        query = query.where(_HAZARD.c.school.in_(list(schools)))
    days: dict[str, date] = {}
    found = []
    for row in connection.execute(query).all():
        try:
            if row.school not in days:
                days[row.school] = now.astimezone(_zone(connection, row.school)).date()
            if row.told is not None or _why(row, days[row.school]):
                found.append(Due(row.school, row.id))
        except RULE_FAULTS:
            # One odd record must not keep the other hazards from the district.
            log.exception("hazard %s of %s can't be told", row.id, row.school)
    return found


def notes(connection: Connection, one: Due, now: datetime) -> list[Fact]:
    """The entries for the district's journal, whose lock must be held: `told` is read here.
    Raises `RULE_FAULTS` when the school's record makes no sense."""
    row = connection.execute(
        select(_HAZARD).where(_HAZARD.c.school == one.school, _HAZARD.c.id == one.hazard)
    ).one_or_none()
    told = connection.scalar(
        select(_WATCHED.c.told).where(
            _WATCHED.c.school == DISTRICT, _WATCHED.c.id == f"{one.school}:{one.hazard}"
        )
    )
    if row is None or (told or 0) >= row.seen:
        return []
    clocks = _device_times(connection, row.school, row.subject)
    return list(_notes_of(row, told or 0, _Names(connection, one.school), clocks, now))


def _device_times(connection: Connection, school: str, subject: str) -> dict[str, str]:
    """What each entry's own device said it was, by the entry's id."""
    rows = connection.execute(
        select(ENTRY.c.id, ENTRY.c.at).where(ENTRY.c.school == school, ENTRY.c.subject == subject)
    )
    return {row.id: row.at for row in rows}


def _notes_of(
    row: Any, told: int, names: "_Names", clocks: Mapping[str, str], now: datetime
) -> Iterator[Fact]:
    detail = from_json(row.detail)
    why = _why(row, now.astimezone(names.zone).date())
    taken = {(one["entry"], one["hash"]): one for one in detail["photos"]}
    history = detail["history"]
    for start in range(told, len(history), STEPS_AT_MOST):
        lines = history[start : start + STEPS_AT_MOST]
        steps = tuple(_step(line, taken, names, clocks) for line in lines)
        body = WatchedNoted(
            school=row.school,
            school_name=names.school,
            why=why,
            number=row.number,
            state=HazardState(row.state),
            grade=HazardGrade(row.grade),
            category=Category(row.category),
            source=Source(row.source),
            condition=names.condition(detail["condition"]),
            place=detail["place"] or names.points.get(row.point) or names.areas.get(row.area, ""),
            content=row.content or names.item(row.point, detail["item"]),
            responsible=names.person(row.responsible),
            unit=detail["unit"],
            measure=detail["measure"],
            protection=detail["protection"],
            deadline=row.deadline,
            reported_at=row.reported_at,
            closed_at=row.closed_at,
            told=start + len(lines),
            steps=steps,
        )
        photos = dict.fromkeys(photo.hash for step in steps for photo in step.photos)
        yield Fact("watched.noted", watched_subject(row.school, row.id), body, tuple(photos))


def _why(row: Any, today: date) -> tuple[Why, ...]:
    found = []
    grade = HazardGrade(row.grade)
    if grade is HazardGrade.MAJOR:
        found.append(Why.MAJOR)
    elif climbed(HazardState(row.state), grade, row.deadline, today) is Climbed.DISTRICT:
        found.append(Why.OVERDUE)
    return tuple(found)


def _step(
    line: Any, taken: dict[tuple[str, str], Any], names: "_Names", clocks: Mapping[str, str]
) -> WatchedStep:
    said = {
        name: _plain(str(value)) for name, value in line["said"].items() if name in SAID and value
    }
    if "responsible" in line["said"]:
        said["responsible"] = names.person(line["said"]["responsible"])
    by = line["said"].get("by", "") if line["by"] == SERVER_ACTOR else line["by"]
    photos = (taken[line["entry"], hash] for hash in line["photos"])
    return WatchedStep(
        entry=line["entry"],
        kind=line["kind"],
        by=names.person(by),
        at=line["at"],
        device_at=_device_at(clocks.get(line["entry"], ""), line["at"]),
        said=said,
        photos=tuple(
            PhotoNote(hash=one["hash"], use=one["use"], origin=one["origin"]) for one in photos
        ),
    )


def _device_at(said: str, at: str) -> str:
    """Told only where it is another time than the one that counts."""
    if said and said_otherwise(datetime.fromisoformat(said), datetime.fromisoformat(at)):
        return said
    return ""


def _plain(text: str) -> str:
    """Without characters that nobody writes and that would swell an entry beyond its limit."""
    clean = "".join(one if one.isprintable() or one == "\n" else " " for one in text)
    if len(clean) <= LONGEST_WORD_CHARACTERS:
        return clean
    return clean[: LONGEST_WORD_CHARACTERS - 1] + "…"


def _zone(connection: Connection, school: str) -> timezone:
    detail = connection.scalar(select(_SCHOOL.c.detail).where(_SCHOOL.c.school == school))
    return school_zone(from_json(detail)["utc_offset_minutes"] if detail else 480)


class _Names:
    """A school's own names: the district has none of its ids."""

    def __init__(self, connection: Connection, school: str) -> None:
        self._connection = connection
        self._code = school
        named = select(_SCHOOL.c.name).where(_SCHOOL.c.school == school)
        self.school: str = connection.scalar(named) or school
        self.zone = _zone(connection, school)
        self.staff = self._all(_STAFF)
        self.points = self._all(_POINT)
        self.areas = self._all(_AREA)

    def _all(self, table: Any) -> dict[str, str]:
        rows = self._connection.execute(
            select(table.c.id, table.c.name).where(table.c.school == self._code)
        )
        return {row.id: row.name for row in rows}

    def person(self, id: str) -> str:
        """Somebody unknown keeps their id: better than nobody."""
        return self.staff.get(id) or id

    def condition(self, id: str) -> str:
        """What makes a hazard major, by the national list or the school's own."""
        if not id:
            return ""
        rows = self._connection.execute(
            select(_CONDITION.c.id, _CONDITION.c.detail).where(_CONDITION.c.school == self._code)
        )
        known = conditions((row.id, from_json(row.detail)) for row in rows)
        return known[id].sentence if id in known else id

    def item(self, point: str, item: str) -> str:
        """The text of a checklist item."""
        detail = self._connection.scalar(
            select(_POINT.c.detail).where(_POINT.c.school == self._code, _POINT.c.id == point)
        )
        items = from_json(detail)["items"] if detail and item else ()
        return next((one["text"] for one in items if one["id"] == item), "")
