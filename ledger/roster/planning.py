"""Compares a roster with what the school has by now. Nothing here writes."""

from ledger.roster.buildings import building_ids, plan_rooms
from ledger.roster.known import Known
from ledger.roster.plan import Plan
from ledger.roster.problems import HINTS
from ledger.roster.pupils import plan_pupils
from ledger.roster.recognising import Recognising
from ledger.roster.roster import Roster
from ledger.roster.staff import plan_staff


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
