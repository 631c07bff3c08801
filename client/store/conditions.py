"""What makes a hazard a major one: the national list with what this district adds to it."""

from pydantic_core import from_json
from sqlalchemy import Connection, select

from ledger.rules.hazards.conditions import Condition
from ledger.rules.hazards.conditions import conditions as merged
from ledger.tables import RECORDS

_CONDITION = RECORDS["condition"]


def conditions(connection: Connection, school_id: str) -> dict[str, Condition]:
    """By id; the retired ones too, because old hazards name them."""
    rows = connection.execute(
        select(_CONDITION.c.id, _CONDITION.c.detail)
        .where(_CONDITION.c.school == school_id)
        .order_by(_CONDITION.c.id)
    )
    return merged((row.id, from_json(row.detail)) for row in rows)
