"""Nights as schools file them, read back by other libraries."""

import io
from datetime import UTC, date, datetime

from openpyxl import load_workbook
from pypdf import PdfReader

from client.reports.attendance import (
    BuildingLine,
    ExceptionLine,
    MonthSheet,
    NightSheet,
    PupilLine,
    month_pdf,
    month_xlsx,
    night_pdf,
    night_xlsx,
)
from client.settings import FONT
from ledger.rules.dorms.statuses import Status

AT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
P, L, M = Status.PRESENT, Status.LEAVE, Status.MISSING
NIGHTS = (P, P, L, None, M, *([P] * 25))
MONTH = MonthSheet(
    "明湖区实验学校",
    "林静",
    "七(1)班",
    date(2026, 11, 1),
    AT,
    (PupilLine("欧阳若曦", "七(1)班", "302-1", NIGHTS), PupilLine("=1+1", "七(1)班", "", NIGHTS)),
)
NIGHT = NightSheet(
    "明湖区实验学校",
    "林静",
    date(2026, 11, 24),
    AT,
    (
        BuildingLine(
            "一号宿舍楼",
            480,
            2,
            ((P, 470), (L, 7), (M, 1)),
            "",
            (ExceptionLine("欧阳若曦", "七(1)班", "302-1", M, True, ""),),
        ),
    ),
)


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_month_has_a_real_date_a_night_and_its_totals() -> None:
    page = load_workbook(io.BytesIO(month_xlsx(MONTH))).active
    assert page is not None
    head = [cell.value for cell in page[3]]
    assert head[3] == datetime(2026, 11, 1) and head[32] == datetime(2026, 11, 30)
    row = [cell.value for cell in page[4]]
    assert row[:3] == ["欧阳若曦", "七(1)班", "302-1"]
    assert row[3:8] == ["√", "√", "假", "", "缺"]
    assert row[33:] == [27, 1, 0, 0, 1]
    assert page["A5"].value == "=1+1" and page["A5"].data_type == "s"
    assert "林静" in str(page["A2"].value)
    assert page.freeze_panes == "D4"


def test_a_month_on_paper_names_everybody_and_its_maker() -> None:
    told = words(month_pdf(MONTH, FONT))
    assert "欧阳若曦" in told and "林静" in told and "2026年11月" in told


def test_a_night_says_who_was_not_there_and_that_two_marks_differ() -> None:
    book = load_workbook(io.BytesIO(night_xlsx(NIGHT)))
    summary, odd = book.worksheets
    assert [cell.value for cell in summary[4]][:3] == ["一号宿舍楼", 480, 2]
    assert [cell.value for cell in odd[2]][:5] == [
        "一号宿舍楼",
        "302-1",
        "欧阳若曦",
        "七(1)班",
        "未归（有两种说法）",
    ]
    told = words(night_pdf(NIGHT, FONT))
    assert "未点" in told and "未结束" in told and "欧阳若曦" in told


def test_nothing_is_said_to_be_nothing() -> None:
    empty = MonthSheet("学校", "林静", "七(1)班", date(2026, 11, 1), AT, ())
    assert "没有记录" in words(month_pdf(empty, FONT))
    assert load_workbook(io.BytesIO(month_xlsx(empty)))
