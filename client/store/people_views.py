"""Who works here and where, as screens show it: the person and the school."""

from dataclasses import dataclass

from ledger.rules.places import DEFAULT_LADDER, LadderStep
from ledger.rules.rule import Author, Role


@dataclass(frozen=True, slots=True)
class PersonView:
    id: str
    name: str
    roles: tuple[Role, ...]
    active: bool
    phone: str = ""
    buildings: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    @property
    def author(self) -> Author:
        """As the rules know them."""
        return Author(
            self.id,
            self.name,
            frozenset(self.roles),
            self.active,
            frozenset(self.buildings),
            frozenset(self.classes),
        )


@dataclass(frozen=True, slots=True)
class SchoolView:
    id: str
    name: str
    district: str
    utc_offset_minutes: int
    ladder: tuple[LadderStep, ...] = DEFAULT_LADDER
    """What follows when a pupil is missing at night."""
