"""What a workbook says of pupils and staff, as far as it can be told from it alone."""

from dataclasses import dataclass, field

from ledger.roster.problems import Problem
from ledger.rules.rule import Role


@dataclass(frozen=True, slots=True)
class PupilRow:
    """None: the sheet has no such column."""

    sheet: str
    row: int
    name: str
    class_id: str
    number: str | None = None
    sex: str | None = None
    building: str | None = None
    floor: str | None = None
    room: str | None = None
    bed: str | None = None
    teacher: str | None = None
    guardian: str | None = None
    phone: str | None = None
    consent: str | None = None
    consent_on: str | None = None


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Empty or None: the sheet says nothing about it."""

    sheet: str
    row: int
    name: str
    roles: tuple[Role, ...] = ()
    phone: str = ""
    buildings: tuple[str, ...] | None = None
    classes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """Whom a row that can't be used may have meant: they are left as they are."""

    number: str
    name: str


@dataclass(slots=True)
class Roster:
    """What a workbook says, as far as it can be told from it alone."""

    pupils: list[PupilRow] = field(default_factory=list)
    staff: list[StaffRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    """Headings that mean nothing here."""
    has_pupils: bool = False
