"""Reading what the district watches: a page of the list, one opened with its history, figures."""

from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import Any

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from client.store.clocks import device_times, said_otherwise, times_of
from client.store.hazard_views import HazardStep
from client.store.identity import Identity
from client.store.photo_views import PhotoReach, PhotoView
from client.store.places import names, person, zone_of
from client.store.watched_views import (
    WATCHED_ROWS,
    WatchedDetail,
    WatchedFigures,
    WatchedFilter,
    WatchedLine,
    WatchedPage,
    WatchedShown,
)
from ledger.permissions import can_write
from ledger.rules.district.bodies import Why
from ledger.rules.district.rule import DECISIONS, ORDERS
from ledger.rules.hazards.bodies import Category, HazardGrade, PhotoOrigin, PhotoUse, Source
from ledger.rules.hazards.overdue import UNDONE, days_left, overdue
from ledger.rules.hazards.states import DONE, HazardState
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from ledger.verdicts import Reason, Verdict

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
    return WatchedPage(tuple(_line(row, zone, today) for row in found), total, page)


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
    line = _line(row, zone, now.astimezone(zone).date())
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


def _line(row: Any, zone: timezone, today: date) -> WatchedLine:
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
            device_at=said_otherwise(clocks.get(one["entry"]), at),
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
