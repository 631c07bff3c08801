"""Reading hazards: lists a page at a time, one opened with its whole history, a year in numbers."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from client.store.conditions import conditions
from client.store.hazard_lists import HAZARD_ROWS, HazardFigures, HazardFilter, HazardPage, Shown
from client.store.hazard_order import order_of
from client.store.hazard_views import HazardLine
from client.store.identity import Identity
from client.store.places import CHINA_MINUTES, names, school, zone_of
from ledger.rules.hazards.bodies import Category, HazardGrade, Lane, PhotoUse, Source
from ledger.rules.hazards.conditions import grounds
from ledger.rules.hazards.figures import school_year_bounds
from ledger.rules.hazards.overdue import UNDONE, climbed, days_left, overdue
from ledger.rules.hazards.states import DONE, WAITS_FOR_DECISION, HazardState
from ledger.tables import RECORDS

_HAZARD, _POINT = RECORDS["hazard"], RECORDS["point"]
_DONE = tuple(state.value for state in DONE)
_UNDONE = tuple(state.value for state in UNDONE)
_DECIDE = tuple(state.value for state in WAITS_FOR_DECISION)


class Known:
    """The names a list needs, each table asked once."""

    def __init__(self, connection: Connection, school_id: str, now: datetime) -> None:
        self.zone = zone_of(connection, school_id)
        self.today: date = now.astimezone(self.zone).date()
        self.areas = names(connection, school_id, "area")
        self.points = names(connection, school_id, "point")
        self.staff = names(connection, school_id, "staff")
        self.conditions = conditions(connection, school_id)
        self._connection = connection
        self._school = school_id
        self._items: dict[str, dict[str, str]] = {}

    def time(self, text: str) -> datetime | None:
        return datetime.fromisoformat(text).astimezone(self.zone) if text else None

    def item(self, point: str, item: str) -> str:
        """The text of a checklist item; retired ones too."""
        if not (point and item):
            return ""
        if point not in self._items:
            row = self._connection.execute(
                select(_POINT.c.detail).where(_POINT.c.school == self._school, _POINT.c.id == point)
            ).first()
            found = from_json(row.detail)["items"] if row is not None else ()
            self._items[point] = {one["id"]: one["text"] for one in found}
        return self._items[point].get(item, "")


def hazards(
    connection: Connection,
    identity: Identity,
    wanted: HazardFilter,
    now: datetime,
    page: int = 0,
    rows: int = HAZARD_ROWS,
) -> HazardPage:
    """A page of hazards; what is late and major stands first wherever something waits."""
    known = Known(connection, identity.school, now)
    conditions = _conditions(connection, identity.school, identity.actor, wanted, known)
    total = connection.scalar(select(func.count()).select_from(_HAZARD).where(*conditions)) or 0
    found = connection.execute(
        select(_HAZARD)
        .where(*conditions)
        .order_by(*order_of(wanted, known.today))
        .limit(rows)
        .offset(page * rows)
    ).all()
    return HazardPage(tuple(hazard_line(row, known) for row in found), total, page)


def every_hazard(
    connection: Connection, school_id: str, wanted: HazardFilter, now: datetime, actor: str = ""
) -> tuple[HazardLine, ...]:
    """All of them without pages, for what is exported: a school year has hundreds at most.
    `actor` is whom `Shown.MINE` means."""
    known = Known(connection, school_id, now)
    found = connection.execute(
        select(_HAZARD)
        .where(*_conditions(connection, school_id, actor, wanted, known))
        .order_by(*order_of(wanted, known.today))
    )
    return tuple(hazard_line(row, known) for row in found)


def count(connection: Connection, identity: Identity, wanted: HazardFilter, now: datetime) -> int:
    known = Known(connection, identity.school, now)
    conditions = _conditions(connection, identity.school, identity.actor, wanted, known)
    return connection.scalar(select(func.count()).select_from(_HAZARD).where(*conditions)) or 0


def figures(
    connection: Connection, identity: Identity, school_year: int, now: datetime
) -> HazardFigures:
    """A school year in numbers, each counted with the conditions of the list it opens."""
    known = Known(connection, identity.school, now)

    def where(**fields: Any) -> list[ColumnElement[bool]]:
        wanted = HazardFilter(school_year=school_year, **fields)
        return _conditions(connection, identity.school, identity.actor, wanted, known)

    def many(shown: Shown) -> int:
        statement = select(func.count()).select_from(_HAZARD).where(*where(shown=shown))
        return connection.scalar(statement) or 0

    def by(column: ColumnElement[str]) -> dict[str, int]:
        statement = select(column, func.count()).where(*where(shown=Shown.OPEN)).group_by(column)
        return {name: number for name, number in connection.execute(statement)}

    grades, categories = by(_HAZARD.c.grade), by(_HAZARD.c.category)
    return HazardFigures(
        school_year=school_year,
        found=many(Shown.ALL),
        done=many(Shown.DONE),
        open=many(Shown.OPEN),
        overdue=many(Shown.OVERDUE),
        to_decide=many(Shown.DECIDE),
        open_by_grade={one: grades.get(one.value, 0) for one in HazardGrade},
        open_by_category={one: categories.get(one.value, 0) for one in Category},
    )


def hazard_row(connection: Connection, school_id: str, id: str) -> Any | None:
    return connection.execute(
        select(_HAZARD).where(_HAZARD.c.school == school_id, _HAZARD.c.id == id)
    ).first()


def opened_by(
    connection: Connection, school_id: str, check_in: str, now: datetime
) -> tuple[HazardLine, ...]:
    """The hazards a check-in opened, oldest first."""
    rows = connection.execute(
        select(_HAZARD)
        .where(
            _HAZARD.c.school == school_id,
            func.json_extract(_HAZARD.c.detail, "$.check_in") == check_in,
        )
        .order_by(_HAZARD.c.reported_at, _HAZARD.c.id)
    ).all()
    known = Known(connection, school_id, now)
    return tuple(hazard_line(row, known) for row in rows)


def hazard_line(row: Any, known: Known) -> HazardLine:
    detail = from_json(row.detail)
    state, grade = HazardState(row.state), HazardGrade(row.grade)
    area_name, point_name = known.areas.get(row.area, ""), known.points.get(row.point, "")
    photos = detail["photos"]
    return HazardLine(
        id=row.id,
        subject=row.subject,
        number=row.number,
        state=state,
        lane=Lane(row.lane),
        grade=grade,
        category=Category(row.category),
        source=Source(row.source),
        area=row.area,
        area_name=area_name,
        point=row.point,
        point_name=point_name,
        place=detail["place"] or point_name or area_name,
        content=row.content or known.item(row.point, detail["item"]),
        reporter=row.reporter,
        reporter_name=str(known.staff.get(row.reporter, row.reporter)),
        responsible=row.responsible,
        responsible_name=str(known.staff.get(row.responsible, row.responsible)),
        reported_at=datetime.fromisoformat(row.reported_at).astimezone(known.zone),
        changed_at=datetime.fromisoformat(row.changed_at).astimezone(known.zone),
        deadline=date.fromisoformat(row.deadline) if row.deadline else None,
        days_left=days_left(row.deadline, known.today),
        overdue=overdue(state, row.deadline, known.today),
        climbed=climbed(state, grade, row.deadline, known.today),
        asked_until=date.fromisoformat(detail["asked_until"]) if detail["asked_until"] else None,
        pending=bool(row.pending),
        photo=photos[0]["hash"] if photos else "",
        photos=len(photos),
        basis=grounds(known.conditions, detail["condition"], detail["basis"]),
        measure=detail["measure"],
        unit=detail["unit"],
        funds=float(detail["funds"]),
        protection=detail["protection"],
        done_at=known.time(row.done_at),
        accepted_by_name=str(known.staff.get(detail["accepted_by"], detail["accepted_by"])),
        closed_at=known.time(row.closed_at),
        before=_hashes(detail, PhotoUse.BEFORE),
        after=_hashes(detail, PhotoUse.AFTER),
        supervised_until=supervised_until(detail),
    )


def _hashes(detail: Mapping[str, Any], use: PhotoUse) -> tuple[str, ...]:
    return tuple(photo["hash"] for photo in detail["photos"] if photo["use"] == use.value)


def supervised_until(detail: Mapping[str, Any]) -> date | None:
    """挂牌督办; a server's records from before there was any say nothing of it."""
    day = detail.get("supervised_until", "")
    return date.fromisoformat(day) if day else None


def _conditions(
    connection: Connection, school_id: str, actor: str, wanted: HazardFilter, known: Known
) -> list[ColumnElement[bool]]:
    column = _HAZARD.c
    conditions: list[ColumnElement[bool]] = [column.school == school_id]
    late = and_(
        column.state.in_(_UNDONE),
        column.deadline != "",
        column.deadline < known.today.isoformat(),
    )
    asks = func.json_extract(column.detail, "$.asked_until") != ""
    is_open = column.state.not_in(_DONE)
    match wanted.shown:
        case Shown.MINE:
            mine = or_(column.responsible == actor, column.reporter == actor)
            conditions += [mine, is_open]
        case Shown.DECIDE:
            conditions.append(or_(column.state.in_(_DECIDE), and_(is_open, or_(late, asks))))
        case Shown.OPEN:
            conditions.append(is_open)
        case Shown.OVERDUE:
            conditions.append(late)
        case Shown.DONE:
            conditions.append(column.state.in_(_DONE))
        case Shown.ALL:
            pass
    if wanted.school_year:
        place = school(connection, school_id)
        offset = place.utc_offset_minutes if place else CHINA_MINUTES
        first, after = school_year_bounds(wanted.school_year, offset)
        conditions += [column.reported_at >= first, column.reported_at < after]
    if wanted.state is not None:
        conditions.append(column.state == wanted.state.value)
    if wanted.grade is not None:
        conditions.append(column.grade == wanted.grade.value)
    if wanted.category is not None:
        conditions.append(column.category == wanted.category.value)
    if wanted.area:
        conditions.append(column.area == wanted.area)
    if wanted.person:
        conditions.append(
            or_(column.responsible == wanted.person, column.reporter == wanted.person)
        )
    if wanted.search:
        text = wanted.search
        named = [id for id, name in known.points.items() if text in name]
        conditions.append(
            or_(
                column.number.contains(text, autoescape=True),
                column.content.contains(text, autoescape=True),
                func.json_extract(column.detail, "$.place").contains(text, autoescape=True),
                column.point.in_(named),
            )
        )
    return conditions
