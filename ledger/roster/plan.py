"""What importing a roster would change: differences only, so that a second time there are none.

A pupil is known again by their number 学号, otherwise by name, class and sex. Who is not in the
sheet any more has left. Nothing here writes; `Plan.steps` is what to write once it is confirmed.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Final

from ledger.roster.buildings import building_ids, plan_rooms
from ledger.roster.initials import initials
from ledger.roster.known import Known
from ledger.roster.problems import HINTS, Problem, Trouble
from ledger.roster.roster import BadRow, PupilRow, Roster
from ledger.roster.staff import plan_staff
from ledger.roster.steps import Details, Line, Step, new_ids
from ledger.rules.dorms.students import StudentLeft, StudentSet

MANY_LEAVE: Final = 20
MANY_LEAVE_SHARE: Final = 0.3
"""Beyond both, a sheet looks like the wrong or half of one; DESIGN: an emptied side is not
spread without asking."""
WHERE: Final = ("class_id", "building", "room", "bed")
"""The fields that make a change a move."""


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
    plan = Plan(unused=tuple(roster.unused))
    ids = building_ids(roster.pupils, known.buildings)
    pupils = _Pupils(plan, roster, known, ids, today)
    rows = pupils.recognise(roster.pupils)
    rooms = plan_rooms(rows, ids, known.buildings)
    staff = plan_staff(roster, known.staff, ids)
    plan.buildings, plan.staff = rooms.lines, staff.lines
    plan.groups += [(step,) for step in (*rooms.steps, *staff.steps)]
    for one in rooms.rejected:
        pupils.problem(one.row, one.trouble, **one.values)
    missing = [] if not roster.has_pupils else pupils.missing(keep_missing=keep_missing)
    pupils.compare(rooms.placed, gone=set(missing))
    pupils.remove(missing)
    found = [*roster.problems, *pupils.problems, *staff.problems]
    found.sort(key=lambda one: (one.sheet, one.row))
    plan.problems = [one for one in found if one.trouble not in HINTS]
    plan.hints = [one for one in found if one.trouble in HINTS]
    return plan


Beds = dict[tuple[str, str, str], tuple[str, str, int]]
"""Building, room, bed → whose it is: their name, sheet and row (0: not in the sheet)."""


class _Pupils:
    """Rows against the known, one by one."""

    def __init__(
        self, plan: Plan, roster: Roster, known: Known, ids: Mapping[str, str], today: str
    ) -> None:
        self._plan, self._known, self._today = plan, known, today
        self._building_ids = ids
        self._building_names = {id: name for name, id in ids.items()}
        self._bad = list(roster.bad)
        self.problems: list[Problem] = []
        plan.here = sum(not one.left for one in known.pupils.values())
        self._by_number: dict[str, str] = {}
        self._by_name: dict[tuple[str, str], list[str]] = {}
        # Those who are here win over those who left.
        for id, one in sorted(known.pupils.items(), key=lambda item: (not item[1].left, item[0])):
            if one.body.number:
                self._by_number[one.body.number] = id
            self._by_name.setdefault((one.body.name, one.body.class_id), []).append(id)
        self._known_as: dict[PupilRow, str] = {}
        self._matched: set[str] = set()
        self._new_ids = new_ids(known.pupils)
        self._numbers: dict[str, tuple[str, int]] = {}
        self._names: dict[tuple[str, str, str | None], tuple[str, int]] = {}

    def recognise(self, rows: Sequence[PupilRow]) -> list[PupilRow]:
        """The rows that stand for somebody, each with a bed where it has a room."""
        ready = [row for row in rows if self._is_new(row) and not self._is_another(row)]
        ids = {row: self._match(row) for row in ready}
        free = _FreeBeds()
        kept = {row: row.bed or self._kept_bed(row, ids[row]) for row in ready}
        for row, bed in kept.items():
            if bed:
                free.take(row, bed)
        placed = []
        for row in ready:
            bed = kept[row] or (free.next(row) if row.room else None)
            now = replace(row, bed=bed) if row.room else row
            self._known_as[now] = ids[row]
            placed.append(now)
        return placed

    def missing(self, *, keep_missing: bool) -> list[str]:
        """Who is here and not in the sheet; whom a row that can't be used may have meant is left
        as they are."""
        numbers = {one.number for one in self._bad if one.number}
        names = {one.name for one in self._bad if one.name}
        return [
            id
            for id, one in self._known.pupils.items()
            if not (one.left or id in self._matched or keep_missing)
            and one.body.number not in numbers
            and one.body.name not in names
        ]

    def compare(self, rows: Iterable[PupilRow], gone: Set[str]) -> None:
        beds: Beds = {}
        for id, one in self._known.pupils.items():
            if not one.left and id not in gone and id not in self._matched and one.body.building:
                place = (one.body.building, one.body.room, one.body.bed)
                beds[place] = (one.body.name, "", 0)
        for row in rows:
            if self._bed_is_free(row, beds):
                self._one(row, self._known_as[row])

    def remove(self, ids: Iterable[str]) -> None:
        for id in ids:
            body = self._known.pupils[id].body
            self._plan.removed.append(Line(body.name, body.class_id, number=body.number))
            self._plan.groups.append((self._leaving(id, body),))

    def problem(self, at: PupilRow, trouble: Trouble, **values: str | int) -> None:
        self.problems.append(Problem(trouble, at.sheet, at.row, values))
        self._bad.append(BadRow(at.number or "", at.name))

    def _is_new(self, row: PupilRow) -> bool:
        """False for what stands twice in the sheet."""
        here = (row.sheet, row.row)
        if row.number:
            first = self._numbers.setdefault(row.number, here)
            if first != here:
                self.problem(row, Trouble.DUPLICATE_NUMBER, number=row.number, row=first[1])
            return first == here
        first = self._names.setdefault((row.name, row.class_id, row.sex), here)
        if first != here:
            values = {"name": row.name, "class_id": row.class_id, "row": first[1]}
            self.problem(row, Trouble.DUPLICATE_PUPIL, **values)
        return first == here

    def _is_another(self, row: PupilRow) -> bool:
        """A slip of a digit must not turn one pupil into another."""
        id = self._by_number.get(row.number or "", "")
        if not id or self._known.pupils[id].body.name == row.name:
            return False
        same = self._by_name.get((row.name, row.class_id), ())
        if all(self._known.pupils[one].left for one in same):
            return False
        name = self._known.pupils[id].body.name
        self.problem(row, Trouble.NUMBER_OF_ANOTHER, number=row.number or "", name=name)
        return True

    def _match(self, row: PupilRow) -> str:
        """The id of the known pupil a row means, or ""."""
        id = self._by_number.get(row.number or "", "")
        if not id:
            for one in self._by_name.get((row.name, row.class_id), ()):
                body = self._known.pupils[one].body
                another = row.number and body.number and row.number != body.number
                if row.sex in (None, body.sex) and not another and one not in self._matched:
                    id = one
        if id in self._matched:
            return ""
        if id:
            self._matched.add(id)
        return id

    def _kept_bed(self, row: PupilRow, id: str) -> str:
        """A sheet that doesn't say the bed leaves whoever stays in the room where they are."""
        known = self._known.pupils.get(id)
        if known is None or known.left or not row.building:
            return ""
        same = known.body.building == self._building_ids[row.building]
        return known.body.bed if same and known.body.room == row.room else ""

    def _bed_is_free(self, row: PupilRow, beds: Beds) -> bool:
        if not row.building or not row.room or not row.bed:
            return True
        place = (self._building_ids[row.building], row.room, row.bed)
        first = beds.setdefault(place, (row.name, row.sheet, row.row))
        other, _, at = first
        if first[1:] == (row.sheet, row.row):
            return True
        values: dict[str, str | int] = {
            "building": row.building,
            "room": row.room,
            "bed": row.bed,
            "name": other,
        }
        if at:
            self.problem(row, Trouble.BED_TAKEN, **values, row=at)
        else:
            self.problem(row, Trouble.BED_OCCUPIED, **values)
        return False

    def _one(self, row: PupilRow, id: str) -> None:
        known = self._known.pupils.get(id)
        before = known.body if known is not None else None
        here = known is not None and not known.left
        told = {
            "name": row.name,
            "class_id": row.class_id,
            "number": row.number,
            "sex": row.sex,
            "building": None if row.building is None else self._building_ids.get(row.building, ""),
            "room": row.room,
            "bed": row.bed,
            "guardian": row.guardian,
            "phone": row.phone,
            "consent": row.consent,
            "consent_on": row.consent_on,
        }
        fields = before.model_dump(exclude={"salt"}) if before is not None else {}
        fields |= {name: value for name, value in told.items() if value is not None}
        if not fields.get("building"):
            fields |= {"building": "", "room": "", "bed": ""}
        if before is None or before.name != row.name:
            fields["initials"] = initials(row.name)
        moved_house = before is None or not here or before.building != fields["building"]
        fields["since"] = self._today if moved_house else before.since if before else self._today
        now = StudentSet.model_validate(fields)
        if here and before is not None and now == before.model_copy(update={"salt": now.salt}):
            self._plan.unchanged += 1
            return
        self._keep(row, id or next(self._new_ids), before if here else None, now)

    def _keep(self, row: PupilRow, id: str, before: StudentSet | None, now: StudentSet) -> None:
        step = Step("student.set", f"student:{id}", now)
        line = Line(now.name, now.class_id, row.sheet, row.row, now.number)
        if before is None:
            self._plan.added.append(line.with_details(self._added(now)))
            self._plan.groups.append((step,))
            return
        details = self._differences(before, now)
        moves = any(getattr(before, name) != getattr(now, name) for name in WHERE)
        (self._plan.moved if moves else self._plan.changed).append(line.with_details(details))
        elsewhere = (before.building, before.class_id) != (now.building, now.class_id)
        leaving = (self._leaving(id, before),) if elsewhere else ()
        self._plan.groups.append((*leaving, step))

    def _leaving(self, id: str, body: StudentSet) -> Step:
        left = StudentLeft(class_id=body.class_id, building=body.building, until=self._today)
        return Step("student.left", f"student:{id}", left)

    def _added(self, now: StudentSet) -> Details:
        if not now.building:
            return ()
        place = {"building": self._building_names.get(now.building, ""), "room": now.room}
        return tuple((name, "", value) for name, value in {**place, "bed": now.bed}.items())

    def _differences(self, before: StudentSet, now: StudentSet) -> Details:
        then, after = before.model_dump(), now.model_dump()
        for fields in (then, after):
            fields["building"] = self._building_names.get(fields["building"], "")
        return tuple(
            (name, str(then[name]), str(after[name]))
            for name in then
            if name not in ("salt", "initials", "since") and then[name] != after[name]
        )


class _FreeBeds:
    """Beds for those whose sheet names none: the lowest free number of their room."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str | None, str | None], set[str]] = {}

    def take(self, row: PupilRow, bed: str) -> None:
        self._taken.setdefault((row.building, row.room), set()).add(bed)

    def next(self, row: PupilRow) -> str:
        taken = self._taken.setdefault((row.building, row.room), set())
        bed = next(str(one) for one in range(1, 1000) if str(one) not in taken)
        taken.add(bed)
        return bed
