"""In which order a list of hazards stands: by any column of the ledger, empty cells last."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from client.store.hazard_lists import HazardColumn, HazardFilter, Shown
from ledger.rules.hazards.bodies import Category, HazardGrade, Source
from ledger.rules.hazards.states import HazardState
from ledger.tables import RECORDS

_HAZARD = RECORDS["hazard"]


def order_of(wanted: HazardFilter, today: date) -> Sequence[ColumnElement[Any]]:
    column = _HAZARD.c
    if wanted.order is not None:
        key = _key(wanted.order)
        plain = (column.reported_at.desc(), column.id.desc())
        return (_empty(key), key.desc() if wanted.descending else key, *plain)
    if wanted.shown in (Shown.DONE, Shown.ALL):
        return (column.reported_at.desc(), column.id.desc())
    late = and_(column.deadline != "", column.deadline < today.isoformat())
    return (
        (column.grade == HazardGrade.MAJOR.value).desc(),
        late.desc(),
        (column.deadline == ""),
        column.deadline,
        column.reported_at,
        column.id,
    )


def _key(of: HazardColumn) -> Any:
    """What a column sorts by: names as they are shown, choices in their own order."""
    column = _HAZARD.c
    match of:
        case HazardColumn.SOURCE:
            return _rank(column.source, list(Source))
        case HazardColumn.CATEGORY:
            return _rank(column.category, list(Category))
        case HazardColumn.GRADE:
            return _rank(column.grade, [HazardGrade.MAJOR, HazardGrade.GENERAL])
        case HazardColumn.STATE:
            return _rank(column.state, list(HazardState))
        case HazardColumn.FOUND_AT:
            return column.reported_at
        case HazardColumn.PLACE:
            written = func.nullif(_detail("place"), "")
            point = func.nullif(_name("point", column.point), "")
            return func.coalesce(written, point, _name("area", column.area))
        case HazardColumn.RESPONSIBLE:
            return _name("staff", column.responsible)
        case HazardColumn.ACCEPTED_BY:
            return _name("staff", _detail("accepted_by"))
        case HazardColumn.FUNDS:
            return func.nullif(_detail("funds"), 0)
        case HazardColumn.PHOTOS:
            return func.json_array_length(column.detail, "$.photos")
        case HazardColumn.BASIS:
            return _detail("condition").op("||")(_detail("basis"))
        case HazardColumn.MEASURE | HazardColumn.UNIT | HazardColumn.PROTECTION:
            return _detail(of.value)
        case _:
            return column[of.value]


def _detail(name: str) -> Any:
    return func.json_extract(_HAZARD.c.detail, f"$.{name}")


def _name(table: str, id: Any) -> Any:
    """The name behind an id, as the lists show it: one nobody knows here is shown itself."""
    source = RECORDS[table]
    named = select(source.c.name).where(source.c.school == _HAZARD.c.school, source.c.id == id)
    return func.coalesce(named.correlate(_HAZARD).scalar_subquery(), id, "")


def _rank(column: Any, values: Sequence[Any]) -> Any:
    return case({one.value: rank for rank, one in enumerate(values)}, value=column)


def _empty(key: Any) -> Any:
    return func.coalesce(key, "") == ""
