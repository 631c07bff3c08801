"""What can be wrong with a roster: named, with its row and the words that fill its sentence in.

The sentences for people are in the catalogue `roster` and, for the command line, in
`server.roster.sentences`: one for every `Trouble`.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Trouble(StrEnum):
    """The fields a sentence is filled in with are named in the comment of each."""

    # the file as a whole: nothing of it can be read
    NOT_A_WORKBOOK = "not_a_workbook"
    OLD_WORKBOOK = "old_workbook"
    """The format before 2007, or a workbook under a password: both look alike."""
    TOO_LARGE = "too_large"  # limit (megabytes, unpacked)
    TOO_MANY_ROWS = "too_many_rows"  # sheet, count, limit
    EMPTY = "empty"
    NO_HEADINGS = "no_headings"
    HEADING_MISSING = "heading_missing"  # sheet, column
    HEADING_TWICE = "heading_twice"  # sheet, column
    # one row: it is left out, and whoever it names stays as they are
    NAME_MISSING = "name_missing"
    EXAMPLE = "example"
    """The template's own row."""
    CLASS_MISSING = "class_missing"
    TOO_LONG = "too_long"  # column, limit
    FORBIDDEN_SIGN = "forbidden_sign"  # column, value
    MERGED = "merged"  # column
    FORMULA = "formula"  # column
    ERROR_VALUE = "error_value"  # column, value
    DATE_IN_TEXT = "date_in_text"  # column, value
    NOT_A_DATE = "not_a_date"  # column, value
    ROUNDED = "rounded"  # column, value
    SEX_UNKNOWN = "sex_unknown"  # value
    ROOM_WITHOUT_BUILDING = "room_without_building"  # room
    ROOM_MISSING = "room_missing"  # building
    DUPLICATE_NUMBER = "duplicate_number"  # number, row
    NUMBER_OF_ANOTHER = "number_of_another"  # number, name (whose it is)
    DUPLICATE_PUPIL = "duplicate_pupil"  # name, class_id, row
    BED_TAKEN = "bed_taken"  # building, room, bed, name, row
    BED_OCCUPIED = "bed_occupied"  # building, room, bed, name: of one who is not in the sheet
    FLOORS_DIFFER = "floors_differ"  # building, room, floor, row
    ROOM_FULL = "room_full"  # building, room, limit
    BUILDING_FULL = "building_full"  # building, limit
    ROLE_UNKNOWN = "role_unknown"  # value
    DUPLICATE_STAFF = "duplicate_staff"  # name, row
    STAFF_AMBIGUOUS = "staff_ambiguous"  # name
    STAFF_INACTIVE = "staff_inactive"  # name
    BUILDING_UNKNOWN = "building_unknown"  # building
    # a hint: the row counts all the same
    TEACHER_UNKNOWN = "teacher_unknown"  # name, class_id


HINTS = frozenset({Trouble.TEACHER_UNKNOWN})


@dataclass(frozen=True, slots=True)
class Problem:
    """`row` as the workbook counts it, from 1; 0: the sheet or the file as a whole."""

    trouble: Trouble
    sheet: str = ""
    row: int = 0
    values: dict[str, str | int] = field(default_factory=dict)


class UnusableRoster(Exception):
    """Nothing of this file can be imported."""

    def __init__(self, trouble: Trouble, sheet: str = "", **values: str | int) -> None:
        super().__init__(trouble.value)
        self.problem = Problem(trouble, sheet, values=values)
