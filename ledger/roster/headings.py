"""Where a sheet's headings stand and which columns they name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ledger.roster.cells import Row, Sheet
from ledger.roster.columns import (
    NEEDED,
    PUPILS,
    STAFF,
    STAFF_NEEDED,
    Column,
    heading,
    known_headings,
)
from ledger.roster.problems import Trouble, UnusableRoster

HEADINGS_WITHIN_ROWS: Final = 10
"""Above the headings a sheet may have a title."""


@dataclass(frozen=True, slots=True)
class Headings:
    row: int
    columns: Mapping[Column, int]
    staff: bool
    unused: tuple[str, ...]

    @classmethod
    def of(cls, sheet: Sheet) -> "Headings | None":
        """None when this sheet is something else. Raises `UnusableRoster`."""
        best: Headings | None = None
        for row in sheet.rows:
            if row.number > HEADINGS_WITHIN_ROWS:
                break
            for staff, table in ((False, PUPILS), (True, STAFF)):
                one = cls._read(sheet, row, staff, known_headings(table))
                if best is None or len(one.columns) > len(best.columns):
                    best = one
        if best is None or Column.NAME not in best.columns or len(best.columns) < 2:
            return None
        needed = STAFF_NEEDED if best.staff else NEEDED
        names = STAFF if best.staff else PUPILS
        for column in needed:
            if column not in best.columns:
                raise UnusableRoster(Trouble.HEADING_MISSING, sheet.title, column=names[column][0])
        return best

    @classmethod
    def _read(cls, sheet: Sheet, row: Row, staff: bool, known: Mapping[str, Column]) -> "Headings":
        columns: dict[Column, int] = {}
        unused = []
        twice = ""
        for place, cell in enumerate(row.cells):
            column = known.get(heading(cell.text))
            if column is None:
                unused += [cell.text] if cell.text else []
            elif column in columns:
                twice = cell.text
            else:
                columns[column] = place
        if twice and Column.NAME in columns:
            raise UnusableRoster(Trouble.HEADING_TWICE, sheet.title, column=twice)
        return cls(row.number, columns, staff, tuple(unused))
