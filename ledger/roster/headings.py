"""Where a sheet's headings stand and which columns they name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ledger.roster.cells import Row, Sheet
from ledger.roster.columns import (
    NEEDED,
    PERHAPS,
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
    twice: str = ""
    """A heading that names a column for the second time."""

    @property
    def needed(self) -> tuple[Column, ...]:
        return STAFF_NEEDED if self.staff else NEEDED

    @property
    def rank(self) -> tuple[bool, int]:
        """What can be imported comes before what names more columns."""
        return all(one in self.columns for one in self.needed), len(self.columns)

    @classmethod
    def of(cls, sheet: Sheet) -> "Headings | None":
        """None when this sheet is something else. Raises `UnusableRoster`."""
        best: Headings | None = None
        for row in sheet.rows:
            if row.number > HEADINGS_WITHIN_ROWS:
                break
            for staff, table in ((False, PUPILS), (True, STAFF)):
                one = cls._read(row, staff, known_headings(table))
                if best is None or one.rank > best.rank:
                    best = one
        if best is None or Column.NAME not in best.columns or len(best.columns) < 2:
            return None
        if best.twice:
            raise UnusableRoster(Trouble.HEADING_TWICE, sheet.title, column=best.twice)
        names = STAFF if best.staff else PUPILS
        for column in best.needed:
            if column not in best.columns:
                raise UnusableRoster(Trouble.HEADING_MISSING, sheet.title, column=names[column][0])
        return best

    @classmethod
    def _read(cls, row: Row, staff: bool, known: Mapping[str, Column]) -> "Headings":
        columns: dict[Column, int] = {}
        unused: dict[int, str] = {}
        twice = ""
        for place, cell in enumerate(row.cells):
            column = known.get(heading(cell.text))
            if column is None:
                unused |= {place: cell.text} if cell.text else {}
            elif column in columns:
                twice = cell.text
            else:
                columns[column] = place
        for column, names in {} if staff else PERHAPS.items():
            meant = [place for place, text in unused.items() if heading(text) in names]
            if column not in columns and len(meant) == 1:
                columns[column] = meant[0]
                del unused[meant[0]]
        return cls(row.number, columns, staff, tuple(unused.values()), twice)
