"""Whom a roster's rows stand for: a pupil is known again by their number 学号, otherwise by name,
class and sex. Who stands for nobody, or for two, is left out with a reason.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from ledger.roster.known import Known
from ledger.roster.problems import Problem, Trouble
from ledger.roster.roster import BadRow, PupilRow, Roster


class Recognising:
    """Rows against the known, one by one."""

    def __init__(self, roster: Roster, known: Known, ids: Mapping[str, str]) -> None:
        """`ids`: a building's id by its name."""
        self._known = known
        self._building_ids = ids
        self._bad = list(roster.bad)
        self.problems: list[Problem] = []
        self._by_number: dict[str, str] = {}
        self._by_name: dict[tuple[str, str], list[str]] = {}
        # Those who are here win over those who left.
        for id, one in sorted(known.pupils.items(), key=lambda item: (not item[1].left, item[0])):
            if one.body.number:
                self._by_number[one.body.number] = id
            self._by_name.setdefault((one.body.name, one.body.class_id), []).append(id)
        self.known_as: dict[PupilRow, str] = {}
        """Ids of the known pupils by the rows that mean them, "" for a new one."""
        self.matched: set[str] = set()
        """The known pupils who are in the sheet."""
        self._numbers: dict[str, tuple[str, int]] = {}
        self._names: dict[tuple[str, str, str | None], tuple[str, int]] = {}

    def recognise(self, rows: Sequence[PupilRow]) -> list[PupilRow]:
        """The rows that stand for somebody, each with a bed where it has a room."""
        ready = [row for row in rows if self._is_new(row) and not self._is_another(row)]
        ids = {row: self._match(row) for row in ready}
        free = _FreeBeds()
        named = {(row.building, row.room, row.bed) for row in ready if row.bed}
        kept = {row: row.bed or self._kept_bed(row, ids[row], named) for row in ready}
        for row, bed in kept.items():
            if bed:
                free.take(row, bed)
        placed = []
        for row in ready:
            bed = kept[row] or (free.next(row) if row.room else None)
            now = replace(row, bed=bed) if row.room else row
            self.known_as[now] = ids[row]
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
            if not (one.left or id in self.matched or keep_missing)
            and one.body.number not in numbers
            and one.body.name not in names
        ]

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
                if row.sex in (None, body.sex) and not another and one not in self.matched:
                    id = one
        if id in self.matched:
            return ""
        if id:
            self.matched.add(id)
        return id

    def _kept_bed(
        self, row: PupilRow, id: str, named: Set[tuple[str | None, str | None, str | None]]
    ) -> str:
        """A sheet that doesn't say the bed leaves whoever stays in the room where they are, unless
        it names their bed for another."""
        known = self._known.pupils.get(id)
        if known is None or known.left or not row.building:
            return ""
        body = known.body
        same = (body.building, body.room) == (self._building_ids[row.building], row.room)
        return body.bed if same and (row.building, row.room, body.bed) not in named else ""


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
