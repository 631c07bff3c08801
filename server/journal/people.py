"""Who an entry's author is, as the server's own records know them."""

from pydantic_core import from_json
from sqlalchemy import Connection, Select, bindparam, select

from ledger.rules.rule import Author, Role
from ledger.tables import RECORDS
from server.tables import DEVICE

SERVER_ACTOR = "server"
"""The actor of what the server itself writes."""

# Made once: every entry's judge asks it.
_STAFF = select(RECORDS["staff"].c.name, RECORDS["staff"].c.detail).where(
    RECORDS["staff"].c.school == bindparam("of_school"),
    RECORDS["staff"].c.id == bindparam("of_id"),
)


def read_author(connection: Connection, school: str, actor: str) -> Author:
    """Somebody we have no record of counts as inactive: their entries wait, they are not lost."""
    row = connection.execute(_STAFF, {"of_school": school, "of_id": actor}).one_or_none()
    return author_of(actor, *(row or (None, None)))


def devices_of(school: str, actor: str) -> Select[tuple[str]]:
    """The ids of every device this person has or had: one that goes on under a new key has
    another."""
    return select(DEVICE.c.id).where(DEVICE.c.school == school, DEVICE.c.actor == actor)


def author_of(actor: str, name: str | None, detail: str | None) -> Author:
    """The same from their record's columns; None where there is no record."""
    if actor == SERVER_ACTOR:
        return Author(SERVER_ACTOR, SERVER_ACTOR, frozenset({Role.SERVER}))
    if name is None or detail is None:
        return Author(actor, active=False)
    duties = from_json(detail)
    return Author(
        actor,
        name,
        frozenset(Role(role) for role in duties["roles"]),
        bool(duties["active"]),
        frozenset(duties.get("buildings", ())),
        frozenset(duties.get("classes", ())),
    )
