"""Dorm buildings with their floors, rooms and beds: places, no pupils."""

from typing import Annotated

from pydantic import Field

from ledger.entry import Body, Name
from ledger.rules.places import Part
from ledger.rules.reference import ReferenceRule
from ledger.rules.rule import Role
from ledger.scopes import Ward

ROOMS_AT_MOST = 400
BEDS_AT_MOST = 30
"""Real rooms have 4 to 13."""


class Room(Part):
    id: Ward
    """Its number as people say it, such as "302"."""
    floor: Annotated[str, Field(max_length=20)] = ""
    beds: Annotated[tuple[Annotated[str, Field(max_length=12)], ...], Field(max_length=30)] = ()
    """Bed names in their real order."""


class BuildingSet(Body):
    name: Name
    rooms: Annotated[tuple[Room, ...], Field(max_length=ROOMS_AT_MOST)] = ()
    """In walking order: floor by floor."""
    order: int = 0


ROSTER_KEEPERS = frozenset({Role.SAFETY_OFFICER, Role.PRINCIPAL, Role.SERVER})
"""Who imports rosters and moves pupils."""


class BuildingRule(ReferenceRule):
    prefix = "building"
    table = "building"
    bodies = {"building.set": BuildingSet}
    writers = {"building.set": ROSTER_KEEPERS}
