"""Documents as schools keep them, read back by other libraries."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from client.reports.ledger_pdf import ledger_pdf
from client.reports.ledger_xlsx import COLUMNS, ledger_xlsx
from client.reports.lines import LedgerLine, LedgerSheet, Notice
from client.reports.notice import notice_pdf
from client.settings import FONT
from ledger.command import main as xunan

FOUND = datetime(2026, 11, 3, 16, 20, tzinfo=UTC)
LONG = (
    "图书馆三层东侧电子阅览室与自习区之间的防火卷帘门及其控制箱（含手动报警按钮）长期被书架遮挡" * 3
)


def line(number: int, **fields: object) -> LedgerLine:
    told: dict[str, object] = {
        "number": f"2026-{number:04}",
        "source": "日常巡查",
        "found_at": FOUND,
        "place": "东侧楼梯",
        "content": LONG,
        "category": "消防",
        "grade": "一般",
        "basis": "《指南》消防管理：疏散通道被堵塞",
        "measure": "移开书架",
        "unit": "总务处",
        "responsible": "陈晓",
        "deadline": date(2026, 11, 10),
        "funds": 1200.5,
        "protection": "",
        "state": "已销号",
        "done_at": FOUND,
        "accepted_by": "林静",
        "closed_at": FOUND,
        "before": ("b" * 64,),
        "after": ("a" * 64, "c" * 64),
    }
    return LedgerLine(**(told | fields))  # type: ignore[arg-type]


def sheet(*lines: LedgerLine) -> LedgerSheet:
    return LedgerSheet("明湖区实验学校", 2026, "林静", FOUND, lines)


def small(_hash: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "red").save(out, "JPEG")
    return out.getvalue()


def test_the_workbook_has_every_column_with_real_dates_and_numbers() -> None:
    book = load_workbook(io.BytesIO(ledger_xlsx(sheet(line(1), line(2, deadline=None)), small)))
    page = book.active
    assert page is not None
    head = [cell.value for cell in page[3]]
    assert len(head) == len(COLUMNS) and {"编号", "隐患内容", "资金（元）", "销号时间"} <= set(head)
    row = dict(zip(head, [cell.value for cell in page[4]], strict=True))
    assert row["发现时间"] == FOUND.replace(tzinfo=None)
    assert row["整改期限"] == datetime(2026, 11, 10)
    assert (row["资金（元）"], row["隐患内容"]) == (1200.5, LONG)
    assert page.freeze_panes == "B4" and page.auto_filter.ref == "A3:T5"
    assert "林静" in str(page["A2"].value) and page.print_title_rows == "$3:$3"
    assert len(page._images) == 4  # pyright: ignore[reportAttributeAccessIssue]
    assert dict(zip(head, [cell.value for cell in page[5]], strict=True))["整改期限"] is None


def test_what_looks_like_a_formula_stays_text() -> None:
    evil = line(1, content='=HYPERLINK("http://x","y")', place="+1", before=(), after=())
    page = load_workbook(io.BytesIO(ledger_xlsx(sheet(evil), small))).active
    assert page is not None
    cells = {cell.value: cell.data_type for cell in page[4]}
    assert cells['=HYPERLINK("http://x","y")'] in ("s", "inlineStr")


def test_the_workbook_has_the_columns_that_were_chosen_and_says_what_it_is_a_part_of() -> None:
    part = replace(sheet(line(1)), columns=("number", "photos", "state"), filtered="未完成 · 消防")
    page = load_workbook(io.BytesIO(ledger_xlsx(part, small))).active
    assert page is not None
    head = ["编号", "状态", "照片（整改前）", "照片（整改后）"]
    assert [cell.value for cell in page[3]] == head
    assert "未完成 · 消防" in str(page["A2"].value)
    assert len(page._images) == 2  # pyright: ignore[reportAttributeAccessIssue]


def test_the_paper_has_the_columns_that_were_chosen() -> None:
    part = replace(sheet(line(1)), columns=("number", "basis", "funds"), filtered="已完成")
    text = PdfReader(io.BytesIO(ledger_pdf(part, FONT))).pages[0].extract_text()
    for said in ("编号", "依据", "资金", "1,200.50", "筛选：已完成"):
        assert said in text, said
    assert "隐患内容" not in text


def test_an_empty_year_is_a_valid_workbook_and_paper() -> None:
    page = load_workbook(io.BytesIO(ledger_xlsx(sheet(), small))).active
    assert page is not None and page["A4"].value is None
    paper = PdfReader(io.BytesIO(ledger_pdf(sheet(), FONT)))
    assert "没有登记隐患" in paper.pages[0].extract_text()


def test_a_long_ledger_repeats_its_header_on_every_page() -> None:
    paper = PdfReader(io.BytesIO(ledger_pdf(sheet(*(line(n) for n in range(1, 41))), FONT)))
    assert len(paper.pages) > 2
    texts = [page.extract_text() for page in paper.pages]
    assert all("隐患内容" in text for text in texts)
    assert "2026-0040" in texts[-1] and "林静" in texts[0]


def notice(**fields: object) -> Notice:
    told: dict[str, object] = {
        "school": "明湖区实验学校",
        "number": "2026-0012",
        "found_at": FOUND,
        "found_by": "陈晓",
        "place": "东侧楼梯",
        "content": "消防栓漏水",
        "category": "消防",
        "grade": "一般",
        "basis": "",
        "measure": "更换阀门",
        "protection": "围挡",
        "deadline": date(2026, 11, 10),
        "responsible": "王敏",
        "unit": "总务处",
        "issued_by": "林静",
        "issued_at": FOUND,
        "acknowledged_at": None,
        "done": "",
        "done_at": None,
        "accepted_by": "",
        "accepted_at": None,
        "before": ("b" * 64,),
        "after": (),
    }
    return Notice(**(told | fields))  # type: ignore[arg-type]


def test_the_notice_names_everything_and_leaves_room_for_the_stamp() -> None:
    text = PdfReader(io.BytesIO(notice_pdf(notice(), FONT, small))).pages[0].extract_text()
    for said in (
        "明湖区实验学校",
        "整改通知书",
        "2026-0012",
        "更换阀门",
        "2026-11-10",
        "王敏",
        "公章",
        "文号",
        "受检单位",
    ):
        assert said in text, said


def test_a_notice_without_a_number_says_that_it_waits() -> None:
    unnumbered = notice(number="", content=LONG)
    text = PdfReader(io.BytesIO(notice_pdf(unnumbered, FONT, lambda _: None))).pages[0]
    assert "待同步" in text.extract_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--school", "XX", "-o", "a.xlsx"], "four characters"),
        (["--school", "SY01", "-o", "a.docx"], ".xlsx or .pdf"),
        (["--school", "SY01", "-o", "a.xlsx", "--database", "/nowhere.db"], "no database"),
    ],
)
def test_the_command_says_what_is_wrong(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert xunan(["export", "ledger", "--year", "2026", *words]) != 0
    told = capsys.readouterr().err
    assert said in told, told
