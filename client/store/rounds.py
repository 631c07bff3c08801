"""Reading rounds: the plans of a day joined with what was recorded."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, select

from client.store.places import names, zone_of
from client.store.round_views import PointState, RoundPointView, RoundStanding, RoundView
from ledger.rules.checkins import Result
from ledger.rules.places import Risk
from ledger.rules.plans import RoundPlanned, rounds_on
from ledger.tables import RECORDS

_PLAN, _POINT = RECORDS["plan"], RECORDS["point"]
_ROUND, _CHECK_IN = RECORDS["round"], RECORDS["checkin"]


def rounds_on_day(
    connection: Connection, school: str, day: str, now: datetime, actor: str
) -> tuple[RoundView, ...]:
    """The rounds of an ISO date as they stand at `now`; of today when it is empty."""
    zone = zone_of(connection, school)
    wanted = date.fromisoformat(day) if day else now.astimezone(zone).date()
    return _views(
        connection, school, rounds_on(wanted, _plans(connection, school), zone), now, actor
    )


def rounds_now(
    connection: Connection, school: str, now: datetime, actor: str
) -> tuple[datetime, tuple[RoundView, ...]]:
    """The school's local time, and today's rounds with those of yesterday still open."""
    zone = zone_of(connection, school)
    local = now.astimezone(zone)
    planned = [
        one
        for one in _around(connection, school, now)
        if one.day == local.date().isoformat() or one.closes > now
    ]
    return local, _views(connection, school, planned, now, actor)


def rounds_of_point(
    connection: Connection, school: str, point: str, now: datetime, actor: str, within: timedelta
) -> tuple[RoundView, ...]:
    """The rounds with this point whose window is no further than `within` from `now`."""
    planned = [
        one
        for one in _around(connection, school, now)
        if point in one.points and one.opens - within <= now < one.closes + within
    ]
    return _views(connection, school, planned, now, actor)


def _around(connection: Connection, school: str, now: datetime) -> list[RoundPlanned]:
    """What the plans mean for yesterday and today: a window can reach past midnight."""
    zone = zone_of(connection, school)
    plans = _plans(connection, school)
    today = now.astimezone(zone).date()
    return rounds_on(today - timedelta(days=1), plans, zone) + rounds_on(today, plans, zone)


def _plans(connection: Connection, school: str) -> list[tuple[str, dict[str, Any]]]:
    rows = connection.execute(select(_PLAN.c.id, _PLAN.c.detail).where(_PLAN.c.school == school))
    return [(row.id, from_json(row.detail)) for row in rows]


def _views(
    connection: Connection,
    school: str,
    planned: Sequence[RoundPlanned],
    now: datetime,
    actor: str,
) -> tuple[RoundView, ...]:
    """Each planned round joined with what was recorded of it."""
    if not planned:
        return ()
    subjects = [one.subject for one in planned]
    closings = {
        row.subject: from_json(row.detail)
        for row in connection.execute(
            select(_ROUND.c.subject, _ROUND.c.detail).where(
                _ROUND.c.school == school, _ROUND.c.subject.in_(subjects), _ROUND.c.closed
            )
        )
    }
    check_ins: dict[str, dict[str, Any]] = {subject: {} for subject in subjects}
    for row in connection.execute(
        select(_CHECK_IN)
        .where(
            _CHECK_IN.c.school == school,
            _CHECK_IN.c.subject.in_(subjects),
            _CHECK_IN.c.withdrawn.is_(False),
        )
        .order_by(_CHECK_IN.c.at)
    ):
        # The first check-in settles a point; an abnormal one is never hidden by a later.
        settled = check_ins[row.subject].get(row.point)
        if settled is None or (row.result == Result.ABNORMAL and settled.result != row.result):
            check_ins[row.subject][row.point] = row
    faces = _faces(connection, school)
    staff = names(connection, school, "staff")
    return tuple(
        _view(one, closings.get(one.subject), check_ins[one.subject], faces, staff, now, actor)
        for one in planned
    )


def _view(
    planned: RoundPlanned,
    closing: Mapping[str, Any] | None,
    check_ins: Mapping[str, Any],
    faces: Mapping[str, tuple[str, str, Risk]],
    staff: Mapping[str, str],
    now: datetime,
    actor: str,
) -> RoundView:
    over = closing is not None or now >= planned.closes
    excused = {one["point"]: one["because"] for one in (closing or {}).get("missed", ())}
    points = []
    for point in planned.points:
        if point not in faces:
            continue
        name, area_name, risk = faces[point]
        row = check_ins.get(point)
        if row is None:
            state = PointState.MISSED if over else PointState.OPEN
            points.append(
                RoundPointView(point, name, area_name, risk, state, because=excused.get(point, ""))
            )
            continue
        points.append(
            RoundPointView(
                point,
                name,
                area_name,
                risk,
                PointState.LATE if row.late else PointState.DONE,
                check_in=row.id,
                at=datetime.fromisoformat(row.at).astimezone(planned.opens.tzinfo),
                by=staff.get(row.actor, row.actor),
                abnormal=row.result == Result.ABNORMAL,
            )
        )
    settled = all(one.state in (PointState.DONE, PointState.LATE) for one in points)
    if settled and points:
        standing = RoundStanding.COMPLETE
    elif over:
        standing = RoundStanding.INCOMPLETE
    elif now < planned.opens:
        standing = RoundStanding.AHEAD
    else:
        standing = RoundStanding.OPEN
    return RoundView(
        subject=planned.subject,
        plan=planned.plan,
        plan_name=planned.plan_name,
        name=planned.name,
        day=planned.day,
        slot=planned.slot,
        opens=planned.opens,
        closes=planned.closes,
        standing=standing,
        closed=closing is not None,
        mine=not planned.staff or actor in planned.staff,
        points=tuple(points),
    )


def _faces(connection: Connection, school: str) -> dict[str, tuple[str, str, Risk]]:
    """Point id → name, area name, risk."""
    areas = names(connection, school, "area")
    found = {}
    for row in connection.execute(
        select(_POINT.c.id, _POINT.c.name, _POINT.c.detail).where(_POINT.c.school == school)
    ):
        fields = from_json(row.detail)
        if not fields["retired"]:
            found[row.id] = (row.name, areas.get(fields["area"], ""), Risk(fields["risk"]))
    return found
