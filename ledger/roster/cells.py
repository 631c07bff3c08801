"""A sheet as it was read: cells of text, in rows with their numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ledger.roster.problems import Trouble


@dataclass(frozen=True, slots=True)
class Cell:
    """`trouble`: why its text can't be taken as it is."""

    text: str = ""
    day: date | None = None
    """The cell holds a date."""
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    """As the workbook counts, from 1."""
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    rows: Sequence[Row]
    """Those with anything in them."""
    merged: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """Row and column (from 0) of a covered cell → of the cell that covers it."""
