"""Rows of text become pupils and staff, or problems: what a row says without the school."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from ledger.roster.cells import Cell, Row, Sheet
from ledger.roster.columns import PUPILS, STAFF, Column, heading
from ledger.roster.headings import Headings
from ledger.roster.plain import plain, plain_bed, plain_floor, plain_name
from ledger.roster.problems import Problem, Trouble, UnusableRoster
from ledger.roster.roster import BadRow, PupilRow, Roster, StaffRow
from ledger.rules.rule import Role

LONGEST: Final[Mapping[Column, int]] = {
    Column.NUMBER: 40,
    Column.NAME: 40,
    Column.CLASS: 40,
    Column.BUILDING: 40,
    Column.FLOOR: 20,
    Column.ROOM: 40,
    Column.BED: 12,
    Column.TEACHER: 40,
    Column.GUARDIAN: 40,
    Column.PHONE: 30,
    Column.CONSENT: 40,
}
NO_SCOPE_SIGNS: Final = frozenset(
    {Column.CLASS, Column.BUILDING, Column.ROOM, Column.BUILDINGS, Column.CLASSES}
)
"""Their values stand in the names of audiences and subjects, where ":" and "*" mean something."""
FILLED_DOWN: Final = frozenset(
    {Column.CLASS, Column.BUILDING, Column.FLOOR, Column.ROOM, Column.TEACHER}
)
"""What many pupils share: a merged cell counts for every row it covers."""
SEXES: Final = {"男": "m", "女": "f", "m": "m", "f": "f", "male": "m", "female": "f"}
ROLES: Final[Mapping[str, Role]] = {
    "巡查教师": Role.TEACHER,
    "教师": Role.TEACHER,
    "老师": Role.TEACHER,
    "宿管": Role.DORM_SUPERVISOR,
    "宿管员": Role.DORM_SUPERVISOR,
    "宿管老师": Role.DORM_SUPERVISOR,
    "生活老师": Role.DORM_SUPERVISOR,
    "生活教师": Role.DORM_SUPERVISOR,
    "安全干事": Role.SAFETY_OFFICER,
    "安全副校长": Role.SAFETY_OFFICER,
    "校长": Role.PRINCIPAL,
    "带班领导": Role.DUTY_LEADER,
    "班主任": Role.HOMEROOM_TEACHER,
    "年级主任": Role.GRADE_HEAD,
    "年级组长": Role.GRADE_HEAD,
    "teacher": Role.TEACHER,
    "dormsupervisor": Role.DORM_SUPERVISOR,
    "safetyofficer": Role.SAFETY_OFFICER,
    "principal": Role.PRINCIPAL,
    "dutyleader": Role.DUTY_LEADER,
    "homeroomteacher": Role.HOMEROOM_TEACHER,
    "gradehead": Role.GRADE_HEAD,
}
EXAMPLE_MARK: Final = "（示例"
"""In the names of the template's own rows."""
SEVERAL: Final = re.compile(r"[、,;/\r\n]+")
DAY: Final = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?")


def read_roster(sheets: Sequence[Sheet]) -> Roster:
    """Raises `UnusableRoster` when no sheet has the headings of a roster."""
    roster = Roster()
    found = False
    for sheet in sheets:
        headings = Headings.of(sheet)
        if headings is None:
            continue
        found = True
        roster.unused += [name for name in headings.unused if name not in roster.unused]
        roster.has_pupils |= not headings.staff
        for row in sheet.rows:
            if row.number > headings.row:
                _RowReader(roster, sheet, headings, row).read()
    if not found:
        raise UnusableRoster(Trouble.NO_HEADINGS)
    if not roster.pupils and not roster.staff and not roster.problems:
        raise UnusableRoster(Trouble.EMPTY)
    return roster


class _Bad(Exception):
    def __init__(self, trouble: Trouble, **values: str | int) -> None:
        super().__init__(trouble)
        self.trouble, self.values = trouble, values


class _RowReader:
    def __init__(self, roster: Roster, sheet: Sheet, headings: Headings, row: Row) -> None:
        self._roster, self._sheet, self._headings, self._row = roster, sheet, headings, row
        self._names = STAFF if headings.staff else PUPILS

    def read(self) -> None:
        cells = [self._cell(column) for column in self._headings.columns]
        if not any(cell.text or cell.trouble for cell, _ in cells):
            return  # something beside the list
        try:
            if self._headings.staff:
                self._roster.staff.append(self._staff())
            else:
                self._roster.pupils.append(self._pupil())
        except _Bad as bad:
            self._roster.problems.append(
                Problem(bad.trouble, self._sheet.title, self._row.number, bad.values)
            )
            if not self._headings.staff:
                number, _ = self._cell(Column.NUMBER)
                name, _ = self._cell(Column.NAME)
                self._roster.bad.append(BadRow(plain(number.text), plain_name(name.text)))

    def _pupil(self) -> PupilRow:
        name = self._text(Column.NAME, plain_name) or ""
        if not name:
            raise _Bad(Trouble.NAME_MISSING)
        if EXAMPLE_MARK in name:
            raise _Bad(Trouble.EXAMPLE)
        class_id = self._text(Column.CLASS) or ""
        if not class_id:
            raise _Bad(Trouble.CLASS_MISSING)
        building, room = self._text(Column.BUILDING), self._text(Column.ROOM)
        if room and not building:
            raise _Bad(Trouble.ROOM_WITHOUT_BUILDING, room=room)
        if building and not room:
            raise _Bad(Trouble.ROOM_MISSING, building=building)
        return PupilRow(
            self._sheet.title,
            self._row.number,
            name,
            class_id,
            self._text(Column.NUMBER),
            self._sex(),
            building,
            self._text(Column.FLOOR, plain_floor),
            room,
            self._text(Column.BED, plain_bed),
            self._text(Column.TEACHER, plain_name),
            self._text(Column.GUARDIAN, plain_name),
            self._text(Column.PHONE),
            self._text(Column.CONSENT),
            self._day(Column.CONSENT_ON),
        )

    def _staff(self) -> StaffRow:
        name = self._text(Column.NAME, plain_name) or ""
        if not name:
            raise _Bad(Trouble.NAME_MISSING)
        if EXAMPLE_MARK in name:
            raise _Bad(Trouble.EXAMPLE)
        roles = []
        for told in self._several(Column.ROLES) or ():
            # "Duty leader" is one, "宿管 班主任" are two.
            for one in (told,) if heading(told) in ROLES else told.split():
                role = ROLES.get(heading(one))
                if role is None:
                    raise _Bad(Trouble.ROLE_UNKNOWN, value=one)
                roles.append(role)
        return StaffRow(
            self._sheet.title,
            self._row.number,
            name,
            tuple(dict.fromkeys(roles)),
            self._text(Column.PHONE) or "",
            self._several(Column.BUILDINGS),
            self._several(Column.CLASSES),
        )

    def _cell(self, column: Column) -> tuple[Cell, bool]:
        """The cell, and whether another one covers it that does not count for it."""
        place = self._headings.columns.get(column)
        if place is None or place >= len(self._row.cells):
            return Cell(), False
        cell = self._row.cells[place]
        over = self._sheet.merged.get((self._row.number, place))
        if over is None:
            return cell, False
        row, top = over
        if column in FILLED_DOWN and top == place and row > self._headings.row:
            above = next((one for one in self._sheet.rows if one.number == row), None)
            return (above.cells[place] if above is not None else Cell()), False
        return cell, True

    def _text(self, column: Column, cleaned: "Callable[[str], str] | None" = None) -> str | None:
        if column not in self._headings.columns:
            return None
        cell = self._whole(column)
        if cell.trouble is not None:
            raise _Bad(cell.trouble, column=self._names[column][0], value=cell.text)
        return self._checked(column, (cleaned or plain)(cell.text))

    def _whole(self, column: Column) -> Cell:
        cell, covered = self._cell(column)
        if covered:
            raise _Bad(Trouble.MERGED, column=self._names[column][0])
        return cell

    def _checked(self, column: Column, text: str) -> str:
        name = self._names[column][0]
        if column in NO_SCOPE_SIGNS and (":" in text or "*" in text):
            raise _Bad(Trouble.FORBIDDEN_SIGN, column=name, value=text)
        if any(unicodedata.category(one) == "Cc" for one in text):
            raise _Bad(Trouble.FORBIDDEN_SIGN, column=name, value=text)
        limit = LONGEST.get(column, 40)
        if len(text) > limit:
            raise _Bad(Trouble.TOO_LONG, column=name, limit=limit)
        return text

    def _several(self, column: Column) -> tuple[str, ...] | None:
        if column not in self._headings.columns:
            return None
        cell = self._whole(column)
        if cell.trouble is not None:
            raise _Bad(cell.trouble, column=self._names[column][0], value=cell.text)
        words = SEVERAL.split(unicodedata.normalize("NFKC", cell.text))
        return tuple(
            dict.fromkeys(self._checked(column, plain(one)) for one in words if one.strip())
        )

    def _sex(self) -> str | None:
        text = self._text(Column.SEX)
        if not text:
            return text
        sex = SEXES.get(text.casefold())
        if sex is None:
            raise _Bad(Trouble.SEX_UNKNOWN, value=text)
        return sex

    def _day(self, column: Column) -> str | None:
        """A day as Excel keeps it, or written out as a text."""
        if column not in self._headings.columns:
            return None
        cell = self._whole(column)
        if cell.day is not None:
            return cell.day.isoformat()
        name = self._names[column][0]
        if cell.trouble is not None:
            raise _Bad(cell.trouble, column=name, value=cell.text)
        text = plain(cell.text)
        if not text:
            return ""
        parts = DAY.fullmatch(text)
        try:
            if parts is None:
                raise ValueError(text)
            year, month, day = map(int, parts.groups())
            return date(year, month, day).isoformat()
        except ValueError as error:
            raise _Bad(Trouble.NOT_A_DATE, column=name, value=text) from error
