"""What importing a roster would change: differences only, so that a second time there are none.

Who is not in the sheet any more has left. Nothing here writes; `Plan.groups` is what to write once
it is confirmed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ledger.roster.buildings import building_ids, plan_rooms
from ledger.roster.known import Known
from ledger.roster.problems import HINTS, Problem
from ledger.roster.pupils import plan_pupils
from ledger.roster.recognising import Recognising
from ledger.roster.roster import Roster
from ledger.roster.staff import plan_staff
from ledger.roster.steps import Line, Step

MANY_LEAVE: Final = 20
MANY_LEAVE_SHARE: Final = 0.3
"""Beyond both, a sheet looks like the wrong or half of one; DESIGN: an emptied side is not
spread without asking."""


@dataclass(slots=True)
class Plan:
    added: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    moved: list[Line] = field(default_factory=list)
    removed: list[Line] = field(default_factory=list)
    buildings: list[Line] = field(default_factory=list)
    staff: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """Rows that are left out."""
    hints: list[Problem] = field(default_factory=list)
    unused: Sequence[str] = ()
    """Headings that mean nothing here."""
    unchanged: int = 0
    """Pupils who stay as they are."""
    here: int = 0
    """Pupils the school has by now."""
    groups: list[tuple[Step, ...]] = field(default_factory=list)
    """What to write, in this order; steps of one group belong in one transaction."""

    @property
    def steps(self) -> int:
        return sum(map(len, self.groups))

    @property
    def many_leave(self) -> bool:
        """So many are missing from the sheet that it may be the wrong one."""
        gone = len(self.removed)
        return gone > MANY_LEAVE and gone > MANY_LEAVE_SHARE * self.here


def plan_import(roster: Roster, known: Known, today: str, *, keep_missing: bool = False) -> Plan:
    """`today` is the ISO date in the school's zone. `keep_missing`: whoever is not in the sheet
    stays as they are, for a sheet of one grade or building."""
    ids = building_ids(roster.pupils, known.buildings)
    found = Recognising(roster, known, ids)
    rows = found.recognise(roster.pupils)
    rooms = plan_rooms(rows, ids, known.buildings)
    staff = plan_staff(roster, known.staff, ids)
    for one in rooms.rejected:
        found.problem(one.row, one.trouble, **one.values)
    missing = [] if not roster.has_pupils else found.missing(keep_missing=keep_missing)
    pupils = plan_pupils(rooms.placed, missing, found, known, ids, today)
    told = [*roster.problems, *found.problems, *pupils.problems, *staff.problems]
    told.sort(key=lambda one: (one.sheet, one.row))
    return Plan(
        added=pupils.added,
        changed=pupils.changed,
        moved=pupils.moved,
        removed=pupils.removed,
        buildings=rooms.lines,
        staff=staff.lines,
        problems=[one for one in told if one.trouble not in HINTS],
        hints=[one for one in told if one.trouble in HINTS],
        unused=tuple(roster.unused),
        unchanged=pupils.unchanged,
        here=sum(not one.left for one in known.pupils.values()),
        groups=[*((step,) for step in (*rooms.steps, *staff.steps)), *pupils.groups],
    )
