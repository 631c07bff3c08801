"""How one hazard stands while its entries are read in order: its state, its row, and the trail of
what a later author may not have seen yet.
"""

from dataclasses import dataclass, field
from typing import Any

from ledger.entry import Header
from ledger.rules.evidence import Doubt
from ledger.rules.hazards.states import HazardState


@dataclass(slots=True)
class Change:
    """An entry that was applied, as far as a later author may not have seen it."""

    entry: str
    device: str
    by: str
    at: str
    kind: str
    matters: bool
    """It changed the state or decided something; a comment overtakes nobody."""
    before: "Before | None" = None
    """What it changed, for taking it back; None for the report, which stays."""


@dataclass(frozen=True, slots=True)
class Before:
    """A hazard as it was before a step; photos and history only grow, and what the district said
    is not the school's to take back."""

    state: HazardState | None
    row: dict[str, Any]
    detail: dict[str, Any]
    rectifier: str


@dataclass(slots=True)
class HazardStanding:
    school: str
    subject: str
    state: HazardState | None = None
    """None before it was reported."""
    row: dict[str, Any] = field(default_factory=dict)
    """The columns and, under "detail", what screens show."""
    trail: list[Change] = field(default_factory=list)
    rectifier: str = ""
    doubts: set[Doubt] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        return self.subject.partition(":")[2]

    def overtaken_by(self, header: Header) -> Change | None:
        """The first change by another device since what this author had seen."""
        later = self.trail[header.seen :]
        return next((one for one in later if one.matters and one.device != header.device), None)

    @property
    def last_step(self) -> Change | None:
        """The newest step that still counts."""
        return next((one for one in reversed(self.trail) if one.matters), None)
