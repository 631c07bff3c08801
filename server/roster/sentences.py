"""What is wrong with a roster, in words for the command line."""

from typing import Final

from ledger.roster.problems import Problem, Trouble
from ledger.roster.steps import Line

SENTENCES: Final[dict[Trouble, str]] = {
    Trouble.NOT_A_WORKBOOK: "this is not an Excel workbook (.xlsx), or it is damaged",
    Trouble.OLD_WORKBOOK: "this is an old workbook (.xls), or one under a password: "
    "save it in Excel as .xlsx without a password",
    Trouble.TOO_LARGE: "the workbook is too large: unpacked at most {limit} MB",
    Trouble.TOO_MANY_ROWS: "{count} rows are too many, at most {limit}; "
    "delete empty rows below the list if there are any",
    Trouble.EMPTY: "the workbook is empty: there is no pupil and no member of staff in it",
    Trouble.NO_HEADINGS: "no sheet has a roster's headings, at least 姓名 and 班级 in one row; "
    "`xunan import template` writes an example",
    Trouble.HEADING_MISSING: "there is no column {column}",
    Trouble.HEADING_TWICE: "the column {column} is there twice",
    Trouble.NAME_MISSING: "there is no name",
    Trouble.EXAMPLE: "this is the template's example: delete the row",
    Trouble.CLASS_MISSING: "there is no class",
    Trouble.TOO_LONG: "{column} has more than {limit} characters",
    Trouble.FORBIDDEN_SIGN: "{column} {value!r} has a sign that can't be in it, : or *",
    Trouble.MERGED: "the cell of {column} is merged with others: unmerge and fill every row",
    Trouble.FORMULA: "{column} is a formula without a value: paste it as a value",
    Trouble.ERROR_VALUE: "{column} is an error, {value}",
    Trouble.DATE_IN_TEXT: "Excel has made a date of {column} ({value}): format the column as text "
    "and type it again",
    Trouble.NOT_A_DATE: "{column} {value!r} is not a date such as 2026-09-01",
    Trouble.ROUNDED: "{column} {value} is too long a number, Excel has rounded it: format the "
    "column as text and type it again",
    Trouble.SEX_UNKNOWN: "the sex {value!r} is neither 男 nor 女",
    Trouble.ROOM_WITHOUT_BUILDING: "there is a room, {room}, but no dorm building",
    Trouble.ROOM_MISSING: "there is a dorm building, {building}, but no room",
    Trouble.DUPLICATE_NUMBER: "the number {number} stands in row {row} already",
    Trouble.NUMBER_OF_ANOTHER: "the number {number} is {name}'s so far, and this pupil is known "
    "by another",
    Trouble.DUPLICATE_PUPIL: "{name} of class {class_id} stands in row {row} already, "
    "and no number tells them apart",
    Trouble.BED_TAKEN: "bed {bed} of {building} {room} is {name}'s, row {row}",
    Trouble.BED_OCCUPIED: "bed {bed} of {building} {room} is {name}'s, who is not in the sheet",
    Trouble.FLOORS_DIFFER: "{building} {room} is on floor {floor} by row {row}",
    Trouble.ROOM_FULL: "{building} {room} has more than {limit} beds",
    Trouble.BUILDING_FULL: "{building} has more than {limit} rooms",
    Trouble.ROLE_UNKNOWN: "there is no role {value!r}",
    Trouble.DUPLICATE_STAFF: "{name} stands in row {row} already",
    Trouble.STAFF_AMBIGUOUS: "there are several {name} at the school: change them in the app",
    Trouble.STAFF_INACTIVE: "{name} has left the school",
    Trouble.BUILDING_UNKNOWN: "there is no dorm building {building}",
    Trouble.TEACHER_UNKNOWN: "the homeroom teacher of {class_id}, {name}, is not among the staff",
}


def sentence(problem: Problem) -> str:
    """With its place in front."""
    said = SENTENCES[problem.trouble].format(**problem.values)
    place = f"{problem.sheet}, row {problem.row}" if problem.row else problem.sheet
    return f"{place}: {said}" if place else said


def line(what: str, one: Line) -> str:
    """One change in a line, such as "move 张三 701: room 301 → 302"."""
    details = [
        f"{name} {before} → {after}" if before else f"{name} {after or '-'}"
        for name, before, after in one.details
    ]
    who = " ".join(filter(None, (one.number, one.name, one.class_id)))
    return f"{what} {who}" + (f": {', '.join(details)}" if details else "")
