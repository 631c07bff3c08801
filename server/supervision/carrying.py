"""What a district officer said of a hazard, carried into the school's own journal.

An order counts as on the way until the school's own step comes back to the district's record. What
the school's journal shows already is never written again, so this may be repeated at any time.
"""

import logging
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection, select

from ledger.codes import DISTRICT
from ledger.entry import Body
from ledger.rules.hazards.bodies import HazardNotified, HazardSupervised, HazardSupervisionLifted
from ledger.rules.hazards.rule import hazard_subject
from ledger.rules.rule import RULE_FAULTS
from ledger.tables import RECORDS
from server.journal.own_hand import Fact

log = logging.getLogger(__name__)

_HAZARD, _WATCHED = RECORDS["hazard"], RECORDS["watched"]
_STAFF, _SCHOOL = RECORDS["staff"], RECORDS["school"]
_KINDS: dict[str, tuple[str, type[Body]]] = {
    "watched.supervised": ("hazard.supervised", HazardSupervised),
    "watched.lifted": ("hazard.supervision_lifted", HazardSupervisionLifted),
    "watched.notified": ("hazard.notified", HazardNotified),
}


@dataclass(frozen=True, slots=True)
class Order:
    """One thing the district said, and where it belongs."""

    school: str
    hazard: str
    entry: str
    fact: Fact


def on_the_way(connection: Connection) -> list[Order]:
    """Orders whose school has not shown them yet, in the order they were given."""
    query = select(_WATCHED).where(_WATCHED.c.school == DISTRICT, _WATCHED.c.on_the_way > 0)
    rows = connection.execute(query.order_by(_WATCHED.c.id)).all()
    if not rows:
        return []
    office = connection.scalar(select(_SCHOOL.c.name).where(_SCHOOL.c.school == DISTRICT)) or ""
    people = connection.execute(
        select(_STAFF.c.id, _STAFF.c.name).where(_STAFF.c.school == DISTRICT)
    )
    officers = {row.id: row.name for row in people}
    found: list[Order] = []
    for row in rows:
        try:
            found += _orders(row, office, officers)
        except RULE_FAULTS:
            # One odd record must not keep the other schools' orders here.
            log.exception("what was said of %s can't be carried", row.id)
    return found


def not_there_yet(connection: Connection, orders: list[Order]) -> list[Order]:
    """Without those that the school's journal has already, and those of hazards it never had.
    Decides only under the school's lock."""
    found = []
    for order in orders:
        detail = connection.scalar(
            select(_HAZARD.c.detail).where(
                _HAZARD.c.school == order.school, _HAZARD.c.id == order.hazard
            )
        )
        if detail is None:
            continue
        try:
            shown = {line["said"].get("order") for line in from_json(detail)["history"]}
        except RULE_FAULTS:
            log.exception("hazard %s of %s can't be read", order.hazard, order.school)
            continue
        if order.entry not in shown:
            found.append(order)
    return found


def _orders(row: Any, office: str, officers: dict[str, str]) -> list[Order]:
    detail = from_json(row.detail)
    lines = {line["entry"]: line for line in detail["history"]}
    hazard = row.id.partition(":")[2]
    found = []
    for order in detail["orders"]:
        if order["arrived_at"]:
            continue
        line = lines[order["entry"]]
        kind, model = _KINDS[order["kind"]]
        said = {
            **line["said"],
            "order": order["entry"],
            "office": office,
            "by": officers.get(line["by"], line["by"]),
        }
        fact = Fact(kind, hazard_subject(hazard), model.model_validate(said))
        found.append(Order(row.of_school, hazard, order["entry"], fact))
    return found
