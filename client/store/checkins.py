"""Reading check-ins for the desk: filtered, a page at a time, and one opened."""

from datetime import datetime
from typing import Any

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, func, select

from client.store.checkin_views import (
    CheckInDetail,
    CheckInFilter,
    CheckInPage,
    CheckInView,
    DayFigures,
    ItemResultView,
)
from client.store.identity import read_identity
from client.store.places import names, point, zone_of
from client.store.queue import reach_of
from client.store.sync_state import read_sync_state
from client.store.sync_views import RecordReach
from ledger.clock import said_otherwise
from ledger.rules.checkins import CheckInRecorded, Result
from ledger.rules.evidence import Doubt, Grade
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from ledger.verdicts import Verdict

PAGE_ROWS = 50
_CHECK_IN, _POINT, _PLAN = RECORDS["checkin"], RECORDS["point"], RECORDS["plan"]


class _Names:
    """The names a list needs, each table asked once."""

    def __init__(self, connection: Connection, school: str) -> None:
        self.zone = zone_of(connection, school)
        self.areas = names(connection, school, "area")
        self.points = names(connection, school, "point")
        self.staff = names(connection, school, "staff")
        self.plans: dict[str, tuple[str, list[str]]] = {}
        for row in connection.execute(select(_PLAN).where(_PLAN.c.school == school)):
            windows = [window["name"] for window in from_json(row.detail)["windows"]]
            self.plans[row.id] = (row.name, windows)

    def plan(self, plan: str, slot: int) -> tuple[str, str]:
        name, windows = self.plans.get(plan, ("", []))
        return name, windows[slot] if 0 <= slot < len(windows) else ""


def check_ins(
    connection: Connection, school: str, wanted: CheckInFilter, page: int = 0
) -> CheckInPage:
    """A page of check-ins, newest first; `page` counts from 0."""
    conditions = _conditions(connection, school, wanted)
    total = connection.scalar(select(func.count()).select_from(_CHECK_IN).where(*conditions)) or 0
    rows = connection.execute(
        select(_CHECK_IN)
        .where(*conditions)
        .order_by(_CHECK_IN.c.day.desc(), _CHECK_IN.c.at.desc(), _CHECK_IN.c.id.desc())
        .limit(PAGE_ROWS)
        .offset(page * PAGE_ROWS)
    ).all()
    known = _Names(connection, school)
    return CheckInPage(tuple(_line(row, known) for row in rows), total, page)


def check_in(connection: Connection, school: str, id: str) -> CheckInDetail | None:
    """One check-in with its evidence: what was said in its entry, what follows in its record."""
    row = connection.execute(
        select(
            _CHECK_IN,
            ENTRY.c.hash.label("entry_hash"),
            ENTRY.c.at.label("device_at"),
            ENTRY.c.device,
            ENTRY.c.body,
        )
        .join(ENTRY, ENTRY.c.id == _CHECK_IN.c.id)
        .where(_CHECK_IN.c.school == school, _CHECK_IN.c.id == id)
    ).first()
    if row is None:
        return None
    known = _Names(connection, school)
    said = CheckInRecorded.model_validate_json(row.body)
    follows = from_json(row.detail)
    texts = {}
    place = point(connection, school, row.point)
    if place is not None:
        texts = {item.id: item.text for item in place.items}
    line = _line(row, known)
    return CheckInDetail(
        line=line,
        device_at=said_otherwise(datetime.fromisoformat(row.device_at), line.at),
        device_name=names(connection, school, "device").get(row.device, ""),
        opens=None if said.window is None else _time(said.window.opens, known),
        closes=None if said.window is None else _time(said.window.closes, known),
        method=said.label.method,
        doubts=tuple(Doubt(name) for name in follows["doubts"]),
        items=tuple(
            ItemResultView(str(texts.get(one.item, one.item)), one.result, one.note)
            for one in said.items
        ),
        note=said.note,
        seq=row.seq,
        entry_hash=row.entry_hash,
        withdrawn_because=follows.get("withdrawn_because", ""),
        reach=_reach(connection, row, row.device),
    )


def _reach(connection: Connection, row: Any, device: str) -> RecordReach:
    """What came from the server has arrived there; of our own only the server's word counts."""
    if row.seq is None:
        return RecordReach.ONLY_HERE
    identity = read_identity(connection)
    if identity is None or identity.device != device:
        return RecordReach.ARRIVED
    return reach_of(read_sync_state(connection), Verdict.ACCEPTED)


def day_figures(connection: Connection, school: str, day: str) -> DayFigures:
    """Counted with the conditions of the lists that the figures open."""

    def many(**wanted: Any) -> int:
        filtered = CheckInFilter(day_from=day, day_to=day, withdrawn=False, **wanted)
        conditions = _conditions(connection, school, filtered)
        return (
            connection.scalar(select(func.count()).select_from(_CHECK_IN).where(*conditions)) or 0
        )

    return DayFigures(
        check_ins=many(),
        abnormal=many(result=Result.ABNORMAL),
        late=many(late=True),
        grade_b=many(grade=Grade.B),
        grade_c=many(grade=Grade.C),
    )


def _conditions(
    connection: Connection, school: str, wanted: CheckInFilter
) -> list[ColumnElement[bool]]:
    column = _CHECK_IN.c
    conditions: list[ColumnElement[bool]] = [column.school == school]
    if wanted.day_from:
        conditions.append(column.day >= wanted.day_from)
    if wanted.day_to:
        conditions.append(column.day <= wanted.day_to)
    if wanted.area:
        conditions.append(column.area == wanted.area)
    if wanted.actor:
        conditions.append(column.actor == wanted.actor)
    if wanted.plan:
        conditions.append(column.plan == wanted.plan)
    if wanted.result is not None:
        conditions.append(column.result == wanted.result.value)
    if wanted.grade is not None:
        conditions.append(column.grade == wanted.grade.value)
    if wanted.late is not None:
        conditions.append(column.late.is_(wanted.late))
    if wanted.withdrawn is not None:
        conditions.append(column.withdrawn.is_(wanted.withdrawn))
    if wanted.search:
        matching = select(_POINT.c.id).where(
            _POINT.c.school == school, _POINT.c.name.contains(wanted.search, autoescape=True)
        )
        conditions.append(column.point.in_(connection.scalars(matching).all()))
    return conditions


def _time(text: str, known: _Names) -> datetime:
    return datetime.fromisoformat(text).astimezone(known.zone)


def _line(row: Any, known: _Names) -> CheckInView:
    plan_name, round_name = known.plan(row.plan, row.slot)
    return CheckInView(
        id=row.id,
        at=_time(row.at, known),
        day=row.day,
        plan=row.plan,
        plan_name=plan_name,
        slot=row.slot,
        round_name=round_name,
        area=row.area,
        area_name=known.areas.get(row.area, ""),
        point=row.point,
        point_name=known.points.get(row.point, ""),
        actor=row.actor,
        actor_name=str(known.staff.get(row.actor, row.actor)),
        result=Result(row.result),
        grade=Grade(row.grade),
        late=bool(row.late),
        withdrawn=bool(row.withdrawn),
        verdict=Verdict.PENDING if row.seq is None else Verdict.ACCEPTED,
    )
