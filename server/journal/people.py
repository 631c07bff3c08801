"""Who an entry's author is, as the server's own records know them."""

from pydantic_core import from_json
from sqlalchemy import Connection, bindparam, select

from ledger.rules.rule import Author, Role
from ledger.tables import RECORDS

SERVER_ACTOR = "server"
"""The actor of what the server itself writes."""

# Made once: every pull asks it.
_STAFF = select(RECORDS["staff"].c.name, RECORDS["staff"].c.detail).where(
    RECORDS["staff"].c.school == bindparam("of_school"),
    RECORDS["staff"].c.id == bindparam("of_id"),
)


def read_author(connection: Connection, school: str, actor: str) -> Author:
    """Somebody we have no record of counts as inactive: their entries wait, they are not lost."""
    if actor == SERVER_ACTOR:
        return Author(SERVER_ACTOR, SERVER_ACTOR, frozenset({Role.SERVER}))
    row = connection.execute(_STAFF, {"of_school": school, "of_id": actor}).one_or_none()
    if row is None:
        return Author(actor, active=False)
    detail = from_json(row.detail)
    roles = frozenset(Role(role) for role in detail["roles"])
    return Author(
        actor,
        row.name,
        roles,
        bool(detail["active"]),
        frozenset(detail.get("buildings", ())),
        frozenset(detail.get("classes", ())),
    )
