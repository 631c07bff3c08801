"""A stranger's workbook: every way it can be wrong has a name and costs little."""

import io
import time
import zipfile
from datetime import date, datetime
from typing import Any

import pytest

from ledger.roster.known import Known
from ledger.roster.problems import Trouble
from ledger.roster.rows import read_roster
from ledger.roster.sheet import read_workbook
from ledger.roster.template import roster_template
from tests.ledger.roster.sheets import (
    HEADINGS,
    LI,
    OUYANG,
    WANG,
    after,
    planned,
    read,
    troubles,
    unusable,
    workbook,
)


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", Trouble.NOT_A_WORKBOOK),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, Trouble.OLD_WORKBOOK),
        ("姓名,班级\n李,701".encode(), Trouble.NOT_A_WORKBOOK),
        (workbook([], headings=()), Trouble.EMPTY),
        (workbook([]), Trouble.EMPTY),
        (workbook([("一", "二")], headings=("物品", "数量")), Trouble.NO_HEADINGS),
        (workbook([("李", "男")], headings=("姓名", "性别")), Trouble.HEADING_MISSING),
        (workbook([LI], headings=("学号", "姓名", "姓名", "班级")), Trouble.HEADING_TWICE),
    ],
)
def test_a_file_that_is_no_roster(content: bytes, trouble: Trouble) -> None:
    assert unusable(content) is trouble


def test_a_workbook_cut_short_or_without_its_parts() -> None:
    content = workbook([LI])
    assert unusable(content[: len(content) // 2]) is Trouble.NOT_A_WORKBOOK
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert unusable(stream.getvalue()) is Trouble.NOT_A_WORKBOOK


def _with_part(name: str, text: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([LI]))) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, text)
    return stream.getvalue()


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = _with_part("xl/worksheets/sheet1.xml", b" " * (40 << 20))
    assert len(bomb) < 1 << 20
    began = time.process_time()
    assert unusable(bomb) is Trouble.TOO_LARGE
    assert time.process_time() - began < 0.5


def test_entities_do_not_unfold() -> None:
    text = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>'
        b"</worksheet>"
    )
    assert unusable(_with_part("xl/worksheets/sheet1.xml", text)) is Trouble.NOT_A_WORKBOOK


def test_twenty_thousand_rows_are_refused_before_they_are_understood() -> None:
    row = b'<row r="2"><c r="A2"><v>1</v></c></row>'
    text = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + row * 20_000
        + b"</sheetData></worksheet>"
    )
    assert unusable(_with_part("xl/worksheets/sheet1.xml", text)) is Trouble.TOO_MANY_ROWS


def test_headings_in_any_order_in_either_language_below_a_title() -> None:
    headings = ("Room", "Name", " Class ", "Guardian Phone", "备注")
    roster = read(("101", "李小明", "701", "154", "x"), headings=headings)
    assert (roster.pupils, roster.unused[0]) == ([], "备注")  # a room needs a building
    english = ("Bed", "Building", "Room", "Name", "Class")
    titled = read(english, (1, "B1", 101, "李小明", 701), headings=("明湖学校住宿生名单",))
    one = titled.pupils[0]
    assert (one.row, one.building, one.room, one.bed, one.class_id) == (3, "B1", "101", "1", "701")


def test_a_plain_telephone_is_the_guardians_unless_another_column_says_so() -> None:
    alone = read(("李小明", "701", "154"), headings=("姓名", "班级", "电话"))
    assert (alone.pupils[0].phone, alone.unused) == ("154", [])
    both = read(("李小明", "701", "1", "154"), headings=("姓名", "班级", "电话", "监护人电话"))
    assert (both.pupils[0].phone, both.unused) == ("154", ["电话"])
    two = read(("李小明", "701", "1", "2"), headings=("姓名", "班级", "电话", "手机"))
    assert (two.pupils[0].phone, two.unused) == (None, ["电话", "手机"])


def test_spaces_and_full_width_signs_mean_nothing() -> None:
    row = (" ００１ ", " 李　小明 ", "七（１）班", "男 ", "一号楼", "１楼", "１０１", "２号床", "")
    one = read(row).pupils[0]
    assert (one.number, one.name, one.class_id) == ("001", "李小明", "七(1)班")
    assert (one.floor, one.room, one.bed) == ("1", "101", "2")


def test_numbers_are_read_as_they_are_shown() -> None:
    def padded(sheet: Any) -> None:
        sheet["A2"].number_format = "000000"

    assert read((42, *LI[1:]), change=padded).pupils[0].number == "000042"
    assert read((20260101.0, *LI[1:])).pupils[0].number == "20260101"


@pytest.mark.parametrize(
    ("place", "value", "trouble"),
    [
        (1, "", Trouble.NAME_MISSING),
        (1, "张三（示例）", Trouble.EXAMPLE),
        (1, "长" * 41, Trouble.TOO_LONG),
        (2, None, Trouble.CLASS_MISSING),
        (2, "七:1", Trouble.FORBIDDEN_SIGN),
        (2, "七：1", Trouble.FORBIDDEN_SIGN),
        (4, "一*楼", Trouble.FORBIDDEN_SIGN),
        (3, "不详", Trouble.SEX_UNKNOWN),
        (4, "", Trouble.ROOM_WITHOUT_BUILDING),
        (6, "", Trouble.ROOM_MISSING),
        (0, 123456789012345678, Trouble.ROUNDED),
        (7, date(2026, 3, 2), Trouble.DATE_IN_TEXT),
        (6, datetime(2026, 3, 2, 1), Trouble.DATE_IN_TEXT),
        (2, "#N/A", Trouble.ERROR_VALUE),
        (1, '=CONCATENATE("李","四")', Trouble.FORMULA),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_the_others_go_on(
    place: int, value: Any, trouble: Trouble
) -> None:
    row = [*LI]
    row[place] = value
    plan = planned(Known(), WANG, row, OUYANG)
    assert troubles(plan) == [(3, trouble)]
    assert [line.name for line in plan.added] == ["王思远", "欧阳若曦"]


def test_a_formula_counts_by_its_last_value() -> None:
    content = workbook([LI, ("2", "=B2", *WANG[2:])])
    text = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    shown = text.replace(b"<f>B2</f><v />", b"<f>B2</f><v>9</v>").replace(
        b"<f>B2</f><v></v>", b"<f>B2</f><v>9</v>"
    )
    assert shown != text
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.namelist():
            part = shown if member == "xl/worksheets/sheet1.xml" else old.read(member)
            new.writestr(member, part)
    roster = read_roster(read_workbook(stream.getvalue()))
    assert [one.name for one in roster.pupils] == ["李小明", "9"]


def test_merged_cells_count_for_all_their_rows_where_many_share_a_value() -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("E2:E3")
        sheet.merge_cells("G2:G3")

    assert [one.building for one in read(LI, WANG, change=merge).pupils] == ["一号楼", "一号楼"]


def test_merged_names_and_beds_are_named() -> None:
    plan = planned(Known(), LI, WANG, change=lambda sheet: sheet.merge_cells("H2:H3"))
    assert troubles(plan) == [(3, Trouble.MERGED)]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (date(2026, 9, 1), "2026-09-01"),
        ("2026-9-1", "2026-09-01"),
        ("2026年9月1日", "2026-09-01"),
        ("２０２６/０９/０１", "2026-09-01"),
        ("20260901", "2026-09-01"),
        ("", ""),
    ],
)
def test_a_day_may_be_a_date_or_a_text(value: Any, day: str) -> None:
    roster = read((*LI, value), headings=(*HEADINGS, "同意日期"))
    assert roster.pupils[0].consent_on == day


def test_a_day_that_is_none_is_named() -> None:
    for value in ("去年", "2026-13-01", "2026-02-30"):
        plan = planned(Known(), (*LI, value), headings=(*HEADINGS, "同意日期"))
        assert troubles(plan) == [(2, Trouble.NOT_A_DATE)]


def test_two_floors_for_one_room_and_too_many_beds() -> None:
    other = ("9", "钱", "701", "男", "一号楼", "2", "101", "3", "")
    assert troubles(planned(Known(), LI, other)) == [(3, Trouble.FLOORS_DIFFER)]
    crowd = [(str(n), f"生{n}", "701", "男", "楼", "", "101", str(n), "") for n in range(1, 33)]
    assert troubles(planned(Known(), *crowd)) == [
        (32, Trouble.ROOM_FULL),
        (33, Trouble.ROOM_FULL),
    ]


def test_one_slip_about_a_floor_moves_no_room_and_turns_no_other_pupil_away() -> None:
    first, second, third = (
        (str(n), name, "701", "男", "一号楼", "3", "301", str(n), "")
        for n, name in enumerate(("孙一", "钱二", "周三"), 1)
    )
    slip = ("9", "李四", "701", "男", "一号楼", "1", "301", "9", "")
    plan = planned(Known(), slip, first, second, third)
    assert troubles(plan) == [(2, Trouble.FLOORS_DIFFER)]
    assert plan.problems[0].values["row"] == 3
    (building,) = after(Known(), plan).buildings.values()
    assert [(room.id, room.floor) for room in building.rooms] == [("301", "3")]


def test_a_room_that_changes_its_floor_is_named() -> None:
    row = ("1", "孙一", "701", "男", "一号楼", "3", "301", "1", "")
    before = after(Known(), planned(Known(), row))
    (line,) = planned(before, (*row[:5], "4", *row[6:])).buildings
    assert line.details == (("floors", "", "301"),)


def test_the_template_is_read_and_its_examples_are_nobody() -> None:
    roster = read_roster(read_workbook(roster_template()))
    assert {one.trouble for one in roster.problems} == {Trouble.EXAMPLE}
    assert roster.pupils == [] and roster.staff == [] and roster.unused == []
