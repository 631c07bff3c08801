"""What becomes of each pupil: added, changed, moved, gone, or left as they are."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from ledger.roster.initials import initials
from ledger.roster.known import Known
from ledger.roster.problems import Problem, Trouble
from ledger.roster.recognising import Recognising
from ledger.roster.roster import PupilRow
from ledger.roster.steps import Details, Line, Step, new_ids
from ledger.rules.dorms.students import StudentLeft, StudentSet

WHERE: Final = ("class_id", "building", "room", "bed")
"""The fields that make a change a move."""
Beds = dict[tuple[str, str, str], tuple[str, str, int]]
"""Building, room, bed → whose it is: their name, sheet and row (0: not in the sheet)."""


@dataclass(slots=True)
class Pupils:
    added: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    moved: list[Line] = field(default_factory=list)
    removed: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unchanged: int = 0
    groups: list[tuple[Step, ...]] = field(default_factory=list)
    """What to write, in this order; steps of one group belong in one transaction."""


def plan_pupils(
    placed: Iterable[PupilRow],
    missing: Iterable[str],
    found: Recognising,
    known: Known,
    ids: Mapping[str, str],
    today: str,
) -> Pupils:
    """`placed`: the rows that have their rooms. `missing`: ids of those who have left. `ids`: a
    building's id by its name."""
    planning = _Planning(found, known, ids, today)
    gone = tuple(missing)
    planning.compare(placed, set(gone))
    planning.remove(gone)
    return planning.pupils


class _Planning:
    def __init__(
        self, found: Recognising, known: Known, ids: Mapping[str, str], today: str
    ) -> None:
        self._found, self._known, self._today = found, known, today
        self._building_ids = ids
        self._building_names = {id: name for name, id in ids.items()}
        self._new_ids = new_ids(known.pupils)
        self.pupils = Pupils()

    def compare(self, rows: Iterable[PupilRow], gone: Set[str]) -> None:
        usable, before = list(rows), None
        # Whose row can't be used stays in their bed: who was to have that can't, either.
        while before != len(usable):
            before = len(usable)
            beds = self._beds_of_others({self._found.known_as[row] for row in usable} | gone)
            usable = [row for row in usable if self._bed_is_free(row, beds)]
        for row in usable:
            self._one(row, self._found.known_as[row])

    def _beds_of_others(self, ids: Set[str]) -> Beds:
        return {
            (one.body.building, one.body.room, one.body.bed): (one.body.name, "", 0)
            for id, one in self._known.pupils.items()
            if not one.left and id not in ids and one.body.building
        }

    def remove(self, ids: Iterable[str]) -> None:
        for id in ids:
            body = self._known.pupils[id].body
            self.pupils.removed.append(Line(body.name, body.class_id, number=body.number))
            self.pupils.groups.append((self._leaving(id, body),))

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
            self._problem(row, Trouble.BED_TAKEN, **values, row=at)
        else:
            self._problem(row, Trouble.BED_OCCUPIED, **values)
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
            self.pupils.unchanged += 1
            return
        self._keep(row, id or next(self._new_ids), before if here else None, now)

    def _keep(self, row: PupilRow, id: str, before: StudentSet | None, now: StudentSet) -> None:
        step = Step("student.set", f"student:{id}", now)
        line = Line(now.name, now.class_id, row.sheet, row.row, now.number)
        if before is None:
            self.pupils.added.append(line.with_details(self._added(now)))
            self.pupils.groups.append((step,))
            return
        details = self._differences(before, now)
        moves = any(getattr(before, name) != getattr(now, name) for name in WHERE)
        (self.pupils.moved if moves else self.pupils.changed).append(line.with_details(details))
        elsewhere = (before.building, before.class_id) != (now.building, now.class_id)
        leaving = (self._leaving(id, before),) if elsewhere else ()
        self.pupils.groups.append((*leaving, step))

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

    def _problem(self, at: PupilRow, trouble: Trouble, **values: str | int) -> None:
        self.pupils.problems.append(Problem(trouble, at.sheet, at.row, values))
