"""Which photos this device must keep whole, and which the server has told us it holds."""

from pydantic_core import from_json
from sqlalchemy import Connection, or_, select

from client.store.identity import Identity
from client.store.photos import PhotoState
from client.store.tables import PHOTO
from ledger.rules.hazards.states import DONE
from ledger.tables import RECORDS


def wanted_photos(connection: Connection, identity: Identity) -> tuple[list[str], list[str]]:
    """Photos of all open hazards, and of those that wait for this person; newest first."""
    hazard = RECORDS["hazard"]
    ours = or_(hazard.c.responsible == identity.actor, hazard.c.reporter == identity.actor)
    rows = connection.execute(
        select(hazard.c.detail, ours.label("ours"))
        .where(
            hazard.c.school == identity.school,
            hazard.c.state.not_in([state.value for state in DONE]),
        )
        .order_by(hazard.c.changed_at.desc())
    )
    everybodys: list[str] = []
    mine: list[str] = []
    for row in rows:
        hashes = [photo["hash"] for photo in from_json(row.detail)["photos"]]
        everybodys += hashes
        if row.ours:
            mine += hashes
    return everybodys, mine


def originals_needed(connection: Connection, identity: Identity) -> set[str]:
    """Originals that must stay: our own ones the server has not confirmed, and those of open
    hazards that wait for this person, so that a returned one is whole offline."""
    own = connection.scalars(select(PHOTO.c.hash).where(PHOTO.c.state != PhotoState.RECEIVED.value))
    _, mine = wanted_photos(connection, identity)
    return {*own, *mine}
