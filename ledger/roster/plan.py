"""What importing a roster would change: differences only, so that a second time there are none.

Who is not in the sheet any more has left. Nothing here writes; `Plan.groups` is what to write once
it is confirmed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ledger.roster.problems import Problem
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
