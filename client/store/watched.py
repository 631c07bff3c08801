"""What the district watches: a page of the list, and figures."""

from datetime import date, datetime, timezone
from typing import Any

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from client.store.identity import Identity
from client.store.places import zone_of
from client.store.watched_views import (
    WATCHED_ROWS,
    WatchedFigures,
    WatchedFilter,
    WatchedLine,
    WatchedPage,
    WatchedShown,
)
from ledger.rules.district.bodies import Why
from ledger.rules.hazards.bodies import Category, HazardGrade
from ledger.rules.hazards.overdue import UNDONE, days_left, overdue
from ledger.rules.hazards.states import DONE, HazardState
from ledger.tables import RECORDS

_WATCHED = RECORDS["watched"]
_DONE = tuple(state.value for state in DONE)
_UNDONE = tuple(state.value for state in UNDONE)


def watched(
    connection: Connection,
    identity: Identity,
    wanted: WatchedFilter,
    now: datetime,
    page: int = 0,
    rows: int = WATCHED_ROWS,
) -> WatchedPage:
    """Supervised ones whose day has passed stand first, then major, then the latest."""
    zone = zone_of(connection, identity.school)
    today = now.astimezone(zone).date()
    conditions = _conditions(identity, wanted, today)
    total = connection.scalar(select(func.count()).select_from(_WATCHED).where(*conditions)) or 0
    found = connection.execute(
        select(_WATCHED)
        .where(*conditions)
        .order_by(*_order(wanted.shown, today))
        .limit(rows)
        .offset(page * rows)
    ).all()
    return WatchedPage(tuple(watched_line(row, zone, today) for row in found), total, page)


def figures(connection: Connection, identity: Identity, now: datetime) -> WatchedFigures:
    today = now.astimezone(zone_of(connection, identity.school)).date()

    def many(shown: WatchedShown) -> int:
        conditions = _conditions(identity, WatchedFilter(shown=shown), today)
        counted = select(func.count()).select_from(_WATCHED).where(*conditions)
        return connection.scalar(counted) or 0

    schools = connection.execute(
        select(_WATCHED.c.of_school, func.max(_WATCHED.c.school_name).label("name"))
        .where(_WATCHED.c.school == identity.school)
        .group_by(_WATCHED.c.of_school)
        .order_by("name")
    )
    return WatchedFigures(
        amounts={shown: many(shown) for shown in WatchedShown},
        schools=tuple((row.of_school, row.name) for row in schools),
    )


def watched_line(row: Any, zone: timezone, today: date) -> WatchedLine:
    detail = from_json(row.detail)
    state, photos = HazardState(row.state), detail["photos"]
    until = date.fromisoformat(row.supervised_until) if row.supervised_until else None
    return WatchedLine(
        id=row.id,
        subject=row.subject,
        school=row.of_school,
        school_name=row.school_name,
        number=row.number,
        state=state,
        grade=HazardGrade(row.grade),
        category=Category(row.category),
        place=row.place,
        content=row.content,
        responsible=row.responsible,
        deadline=date.fromisoformat(row.deadline) if row.deadline else None,
        days_left=days_left(row.deadline, today),
        overdue=overdue(state, row.deadline, today),
        reported_at=datetime.fromisoformat(row.reported_at).astimezone(zone),
        listed_at=datetime.fromisoformat(row.listed_at).astimezone(zone),
        changed_at=datetime.fromisoformat(row.changed_at).astimezone(zone),
        why=tuple(Why(name) for name in detail["why"]),
        supervised_until=until,
        supervision_late=until is not None and until < today and state not in DONE,
        on_the_way=row.on_the_way,
        pending=bool(row.pending),
        photo=photos[0]["hash"] if photos else "",
        photos=len(photos),
    )


def _order(shown: WatchedShown, today: date) -> tuple[ColumnElement[Any], ...]:
    column = _WATCHED.c
    if shown in (WatchedShown.CLOSED, WatchedShown.ALL):
        return (column.changed_at.desc(), column.id)
    broken = and_(column.supervised_until != "", column.supervised_until < today.isoformat())
    return (
        broken.desc(),
        (column.grade == HazardGrade.MAJOR.value).desc(),
        (column.deadline == ""),
        column.deadline,
        column.listed_at.desc(),
        column.id,
    )


def _conditions(
    identity: Identity, wanted: WatchedFilter, today: date
) -> list[ColumnElement[bool]]:
    column = _WATCHED.c
    conditions: list[ColumnElement[bool]] = [column.school == identity.school]
    is_open = column.state.not_in(_DONE)
    match wanted.shown:
        case WatchedShown.OPEN:
            conditions.append(is_open)
        case WatchedShown.MAJOR:
            conditions += [is_open, column.grade == HazardGrade.MAJOR.value]
        case WatchedShown.OVERDUE:
            conditions += [
                column.state.in_(_UNDONE),
                column.deadline != "",
                column.deadline < today.isoformat(),
            ]
        case WatchedShown.SUPERVISED:
            conditions += [is_open, column.supervised_until != ""]
        case WatchedShown.CLOSED:
            conditions.append(column.state.in_(_DONE))
        case WatchedShown.ALL:
            pass
    if wanted.school:
        conditions.append(column.of_school == wanted.school)
    if wanted.state is not None:
        conditions.append(column.state == wanted.state.value)
    if wanted.grade is not None:
        conditions.append(column.grade == wanted.grade.value)
    if wanted.search:
        searched = (column.school_name, column.number, column.content, column.place)
        conditions.append(
            or_(
                *(
                    one.contains(wanted.search, autoescape=True)
                    for one in (*searched, column.responsible)
                )
            )
        )
    return conditions
