"""A workbook as plain rows of text: the one place that knows how workbooks are made.

Whatever a stranger's file contains, reading it costs a bounded amount of memory and time: how
large it is when unpacked and how many rows it has is counted before any of it is understood.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from ledger.roster.cells import Cell, Row, Sheet
from ledger.roster.problems import Trouble, UnusableRoster

UNPACKED_LIMIT_MB: Final = 32
"""A school of 3,000 unpacks to less than 4."""
MEMBERS_LIMIT: Final = 500
ROWS_LIMIT: Final = 5000
"""A school has at most 3,000 pupils."""
COLUMNS_LIMIT: Final = 60
"""What stands further right is not looked at."""
CELLS_LIMIT: Final = 400_000
CHUNK_BYTES: Final = 1 << 20
OLD_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LONGEST_EXACT: Final = 10**15
"""Excel rounds a number with more than fifteen digits."""
UNREADABLE = (
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)
"""What the library and what it stands on raise for files that are not what they say."""


def read_workbook(content: bytes) -> list[Sheet]:
    """All visible sheets with anything in them. Raises `UnusableRoster`."""
    if content[: len(OLD_MAGIC)] == OLD_MAGIC:
        raise UnusableRoster(Trouble.OLD_WORKBOOK)
    try:
        _check_size(content)
        book = load_workbook(io.BytesIO(content), keep_links=False)
        sheets = [one for one in book.worksheets if one.sheet_state == "visible"]
        found = [_sheet(one) for one in sheets]
        if any(cell.trouble is Trouble.FORMULA for cell in _cells(found)):
            # What the formulas came to when the workbook was last saved stands beside them.
            values = load_workbook(io.BytesIO(content), keep_links=False, data_only=True)
            found = [_sheet(one, values[one.title]) for one in sheets]
    except UNREADABLE as error:
        raise UnusableRoster(Trouble.NOT_A_WORKBOOK) from error
    found = [one for one in found if one.rows]
    if not found:
        raise UnusableRoster(Trouble.EMPTY)
    return found


def _cells(sheets: Iterable[Sheet]) -> Iterator[Cell]:
    return (cell for one in sheets for row in one.rows for cell in row.cells)


def _check_size(content: bytes) -> None:
    """What a member claims to unpack to is what is read of it at most, so the claims can be
    added up."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MEMBERS_LIMIT:
            raise UnusableRoster(Trouble.TOO_LARGE, limit=UNPACKED_LIMIT_MB)
        if sum(one.file_size for one in members) > UNPACKED_LIMIT_MB << 20:
            raise UnusableRoster(Trouble.TOO_LARGE, limit=UNPACKED_LIMIT_MB)
        for member in members:
            if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                _count(archive, member)


def _count(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    rows = cells = 0
    with archive.open(member) as part:
        tail = b""
        while chunk := part.read(CHUNK_BYTES):
            text = tail + chunk
            rows += text.count(b"<row")
            cells += text.count(b"<c ")
            tail = text[-3:]
    if rows > ROWS_LIMIT + 10 or cells > CELLS_LIMIT:
        raise UnusableRoster(Trouble.TOO_MANY_ROWS, count=rows, limit=ROWS_LIMIT)


def _sheet(sheet: Worksheet, values: Any = None) -> Sheet:
    rows = []
    width = min(sheet.max_column or 1, COLUMNS_LIMIT)
    for number, cells in enumerate(sheet.iter_rows(max_col=width), 1):
        row = tuple(_cell(cell, values) for cell in cells)
        if any(cell.text or cell.trouble for cell in row):
            rows.append(Row(number, row))
    merged = {}
    for area in sheet.merged_cells.ranges:
        top = (area.min_row, area.min_col - 1)
        for row_number in range(area.min_row, min(area.max_row, ROWS_LIMIT + 10) + 1):
            for column in range(area.min_col - 1, min(area.max_col, COLUMNS_LIMIT)):
                if (row_number, column) != top:
                    merged[row_number, column] = top
    return Sheet(sheet.title, rows, merged)


def _cell(cell: Any, values: Any) -> Cell:
    kind, value = cell.data_type, cell.value
    if kind == "f":
        calculated = None if values is None else values.cell(cell.row, cell.column)
        if calculated is None or calculated.value is None:
            return Cell(trouble=Trouble.FORMULA)
        kind, value = calculated.data_type, calculated.value
    if value is None:
        return Cell()
    if kind == "e":
        return Cell(str(value), trouble=Trouble.ERROR_VALUE)
    if isinstance(value, datetime):
        return Cell(value.date().isoformat(), value.date(), Trouble.DATE_IN_TEXT)
    if isinstance(value, date):
        return Cell(value.isoformat(), value, Trouble.DATE_IN_TEXT)
    if isinstance(value, time | timedelta):
        return Cell(str(value), trouble=Trouble.DATE_IN_TEXT)
    if isinstance(value, bool):
        return Cell(str(value))
    if isinstance(value, int | float):
        if abs(value) >= LONGEST_EXACT:
            return Cell(f"{value:.0f}", trouble=Trouble.ROUNDED)
        text = str(int(value)) if value == int(value) else repr(value)
        shown = cell.number_format
        return Cell(text.zfill(len(shown)) if shown and not shown.strip("0") else text)
    return Cell(str(value).strip())


def write_workbook(
    sheets: Sequence[tuple[str, Sequence[Sequence[str]]]], widths: Mapping[str, int]
) -> bytes:
    """A workbook whose cells are all text, so that Excel neither rounds numbers nor makes dates
    of beds. The first row of each sheet is its headings; `widths` by heading, in characters."""
    book = Workbook()
    for place, (title, rows) in enumerate(sheets):
        sheet = book.active if place == 0 else book.create_sheet()
        if not isinstance(sheet, Worksheet):
            raise TypeError("a new workbook begins with a worksheet")
        sheet.title = title
        for row in rows:
            sheet.append(list(row))
        for column, name in enumerate(rows[0], 1):
            letter = get_column_letter(column)
            sheet.column_dimensions[letter].width = widths.get(name, 12)
            sheet.column_dimensions[letter].number_format = "@"
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.number_format = "@"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=len(rows[0]) == 1, vertical="top")
        sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
