"""Reading points, areas, people and the school."""

from datetime import timezone
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, select

from client.store.people_views import PersonView, SchoolView
from client.store.place_views import AreaView, ItemView, LabelView, PointView
from ledger.rules.places import DEFAULT_LADDER, LadderStep, PointSet
from ledger.rules.plans import school_zone
from ledger.rules.rule import Role
from ledger.tables import RECORDS

CHINA_MINUTES = 480
_AREA, _POINT, _LABEL = RECORDS["area"], RECORDS["point"], RECORDS["label"]
_STAFF, _SCHOOL = RECORDS["staff"], RECORDS["school"]


def school(connection: Connection, school_id: str) -> SchoolView | None:
    row = connection.execute(select(_SCHOOL).where(_SCHOOL.c.school == school_id)).first()
    if row is None:
        return None
    fields = from_json(row.detail)
    return SchoolView(
        school_id,
        row.name,
        fields["district"],
        fields["utc_offset_minutes"],
        tuple(LadderStep.model_validate(one) for one in fields["ladder"])
        if "ladder" in fields
        else DEFAULT_LADDER,
    )


def zone_of(connection: Connection, school_id: str) -> timezone:
    """The school's clock; China's until the school's own record has arrived."""
    place = school(connection, school_id)
    return school_zone(place.utc_offset_minutes if place else CHINA_MINUTES)


def areas(connection: Connection, school_id: str) -> tuple[AreaView, ...]:
    """All areas in their walking order."""
    found = []
    for row in connection.execute(select(_AREA).where(_AREA.c.school == school_id)):
        fields = from_json(row.detail)
        found.append(AreaView(row.id, row.name, fields["responsible"], fields["order"]))
    return tuple(sorted(found, key=lambda area: (area.order, area.name)))


def names(connection: Connection, school_id: str, table: str) -> dict[str, str]:
    """Id → name for areas, points, staff, plans or devices."""
    source = RECORDS[table]
    rows = connection.execute(
        select(source.c.id, source.c.name).where(source.c.school == school_id)
    )
    return {str(row.id): str(row.name) for row in rows}


def people(connection: Connection, school_id: str) -> tuple[PersonView, ...]:
    """The staff in the order of a Chinese list of names."""
    rows = connection.execute(select(_STAFF).where(_STAFF.c.school == school_id))
    return tuple(sorted(map(_person, rows), key=lambda one: (_as_listed(one.name), one.id)))


def _as_listed(name: str) -> bytes:
    """By pinyin, as far as the common characters go: GB 18030 has these in that order. (Rarer ones
    come after them, by their radicals.)"""
    return name.encode("gb18030", "replace")


def person(connection: Connection, school_id: str, staff: str) -> PersonView | None:
    row = connection.execute(
        select(_STAFF).where(_STAFF.c.school == school_id, _STAFF.c.id == staff)
    ).first()
    return None if row is None else _person(row)


def points(connection: Connection, school_id: str) -> tuple[PointView, ...]:
    """All points in use, in walking order."""
    area_names = names(connection, school_id, "area")
    rows = connection.execute(select(_POINT).where(_POINT.c.school == school_id))
    found = [_point(row, area_names) for row in rows]
    return tuple(
        sorted((one for one in found if one is not None), key=lambda one: (one.order, one.name))
    )


def point(connection: Connection, school_id: str, point_id: str) -> PointView | None:
    row = connection.execute(
        select(_POINT).where(_POINT.c.school == school_id, _POINT.c.id == point_id)
    ).first()
    return None if row is None else _point(row, names(connection, school_id, "area"), retired=True)


def point_of_label(
    connection: Connection, school_id: str, *, token: str = "", typed: str = ""
) -> tuple[PointView, LabelView] | None:
    """The point a label belongs to, void labels included; None when nobody knows it here."""
    by = _LABEL.c.token == token if token else _LABEL.c.typed == typed
    row = connection.execute(
        select(_LABEL).where(_LABEL.c.school == school_id, by).order_by(_LABEL.c.version.desc())
    ).first()
    if row is None:
        return None
    found = point(connection, school_id, row.point)
    if found is None:
        return None
    return found, LabelView(row.token, row.typed, row.version, bool(row.void))


def _person(row: Any) -> PersonView:
    fields = from_json(row.detail)
    roles = tuple(Role(name) for name in fields["roles"])
    return PersonView(
        row.id,
        row.name,
        roles,
        fields["active"],
        fields.get("phone", ""),
        tuple(fields.get("buildings", ())),
        tuple(fields.get("classes", ())),
    )


def _point(row: Any, area_names: dict[str, str], *, retired: bool = False) -> PointView | None:
    fields = from_json(row.detail)
    plain = PointSet.model_validate(fields)
    if plain.retired and not retired:
        return None
    return PointView(
        id=row.id,
        name=plain.name,
        area=plain.area,
        area_name=area_names.get(plain.area, ""),
        risk=plain.risk,
        items=tuple(
            ItemView(item.id, item.text, item.measure) for item in plain.items if not item.retired
        ),
        labels=tuple(
            LabelView(one["token"], one["typed"], one["version"], one["void"])
            for one in fields.get("labels", ())
        ),
        spot=plain.spot,
        order=plain.order,
        seen=row.seen,
    )
