"""The staff a roster tells of: its own sheet, and the homeroom teachers beside the pupils.

Nobody is removed here: who is not in the sheet stays as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ledger.roster.problems import Problem, Trouble
from ledger.roster.roster import PupilRow, Roster, StaffRow
from ledger.roster.steps import Details, Line, Step, new_ids
from ledger.rules.people import StaffSet
from ledger.rules.rule import Role

T = TypeVar("T")


@dataclass(slots=True)
class Staff:
    lines: list[Line] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def plan_staff(
    roster: Roster, known: Mapping[str, StaffSet], building_ids: Mapping[str, str]
) -> Staff:
    return _Planning(roster, known, building_ids).plan()


class _Planning:
    def __init__(
        self, roster: Roster, known: Mapping[str, StaffSet], building_ids: Mapping[str, str]
    ) -> None:
        self._roster, self._known, self._building_ids = roster, known, building_ids
        self._now = {id: body for id, body in known.items() if body.active}
        self._rows: dict[str, StaffRow] = {}
        """By id: whom the staff's own sheet names."""
        self._by_name: dict[str, list[str]] = {}
        for id, body in self._now.items():
            self._by_name.setdefault(body.name, []).append(id)
        self._inactive = {body.name for body in known.values() if not body.active}
        self._ids = new_ids(known)
        self._found = Staff()

    def plan(self) -> Staff:
        seen: dict[str, int] = {}
        for row in self._roster.staff:
            first = seen.setdefault(row.name, row.row)
            if first != row.row:
                self._problem(row, Trouble.DUPLICATE_STAFF, name=row.name, row=first)
            else:
                self._one(row)
        self._homeroom_teachers()
        names = {id: name for name, id in self._building_ids.items()}
        for id, now in self._now.items():
            before = self._known.get(id)
            if before is None or not _same(before, now):
                row = self._rows.get(id)
                line = Line(now.name, new=before is None, row=row.row if row else 0)
                details = _differences(before or StaffSet(name=now.name), now, names)
                self._found.lines.append(line.with_details(details))
                self._found.steps.append(Step("staff.set", f"staff:{id}", now))
        return self._found

    def _one(self, row: StaffRow) -> None:
        ids = self._by_name.get(row.name, [])
        if len(ids) > 1:
            self._problem(row, Trouble.STAFF_AMBIGUOUS, name=row.name)
            return
        if not ids and row.name in self._inactive:
            self._problem(row, Trouble.STAFF_INACTIVE, name=row.name)
            return
        buildings = []
        for name in row.buildings or ():
            if name not in self._building_ids:
                self._problem(row, Trouble.BUILDING_UNKNOWN, building=name)
                return
            buildings.append(self._building_ids[name])
        if not ids:
            ids = [next(self._ids)]
            self._by_name[row.name] = ids
            self._now[ids[0]] = StaffSet(name=row.name, roles=(Role.TEACHER,))
        before = self._now[ids[0]]
        self._rows[ids[0]] = row
        # An empty cell says nothing: duties given elsewhere are not taken by it.
        self._now[ids[0]] = before.model_copy(
            update={
                "roles": _ordered(before.roles, row.roles) if row.roles else before.roles,
                "phone": row.phone or before.phone,
                "buildings": _ordered(before.buildings, buildings or before.buildings),
                "classes": _ordered(before.classes, row.classes or before.classes),
            }
        )

    def _homeroom_teachers(self) -> None:
        """Whom the pupils' rows name answers for the class, and nobody else does any more."""
        named: dict[str, dict[str, PupilRow]] = {}
        for row in self._roster.pupils:
            if row.teacher:
                named.setdefault(row.class_id, {}).setdefault(row.teacher, row)
        teachers: dict[str, set[str]] = {}
        for class_id, names in named.items():
            for name, row in names.items():
                ids = self._by_name.get(name, [])
                if len(ids) != 1:
                    self._problem(row, Trouble.TEACHER_UNKNOWN, name=name, class_id=class_id)
                    continue
                teachers.setdefault(class_id, set()).add(ids[0])
                self._answers_for(ids[0], class_id)
        for id, body in self._now.items():
            told = self._rows.get(id)
            if Role.GRADE_HEAD in body.roles or (told is not None and told.classes):
                continue
            kept = tuple(one for one in body.classes if id in teachers.get(one, {id}))
            if kept != body.classes:
                self._now[id] = body.model_copy(update={"classes": kept})

    def _answers_for(self, id: str, class_id: str) -> None:
        body = self._now[id]
        roles = body.roles
        if Role.HOMEROOM_TEACHER not in roles:
            roles = (*roles, Role.HOMEROOM_TEACHER)
        classes = body.classes if class_id in body.classes else (*body.classes, class_id)
        self._now[id] = body.model_copy(update={"roles": roles, "classes": classes})

    def _problem(self, at: StaffRow | PupilRow, trouble: Trouble, **values: str | int) -> None:
        self._found.problems.append(Problem(trouble, at.sheet, at.row, values))


def _ordered(before: Sequence[T], now: Sequence[T]) -> tuple[T, ...]:
    """The same things in another order are no change."""
    return tuple(before) if set(before) == set(now) else tuple(now)


def _same(before: StaffSet, now: StaffSet) -> bool:
    return before.model_copy(update={"salt": ""}) == now.model_copy(update={"salt": ""})


def _differences(before: StaffSet, now: StaffSet, names: Mapping[str, str]) -> Details:
    """Roles by their values, buildings by their names."""

    def told(body: StaffSet) -> dict[str, str]:
        return {
            "roles": " ".join(role.value for role in body.roles),
            "phone": body.phone,
            "buildings": "、".join(names.get(id, id) for id in body.buildings),
            "classes": "、".join(body.classes),
        }

    then, after = told(before), told(now)
    return tuple((name, then[name], after[name]) for name in then if then[name] != after[name])
