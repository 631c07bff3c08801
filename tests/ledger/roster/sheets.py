"""Rosters made up for tests."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ledger.roster.known import Known, KnownPupil
from ledger.roster.plan import Plan
from ledger.roster.planning import plan_import
from ledger.roster.problems import Trouble, UnusableRoster
from ledger.roster.roster import Roster
from ledger.roster.rows import read_roster
from ledger.roster.sheet import read_workbook
from ledger.roster.steps import Step
from ledger.rules.dorms.buildings import BuildingSet
from ledger.rules.dorms.students import StudentLeft, StudentSet
from ledger.rules.people import StaffSet

TODAY = "2026-11-25"
HEADINGS = ("学号", "姓名", "班级", "性别", "宿舍楼", "楼层", "房间", "床位", "监护人电话")
LI = ("1", "李小明", "701", "男", "一号楼", "1", "101", "1", "15400000001")
WANG = ("2", "王思远", "701", "男", "一号楼", "1", "101", "2", "15400000002")
OUYANG = ("3", "欧阳若曦", "702", "女", "二号楼", "2", "202", "1", "15400000003")


def workbook(
    rows: Sequence[Sequence[Any]],
    headings: Sequence[Any] = HEADINGS,
    change: Callable[[Worksheet], None] = lambda sheet: None,
    staff: Sequence[Sequence[Any]] = (),
) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "学生"
    for row in (headings, *rows):
        sheet.append(list(row))
    change(sheet)
    if staff:
        other = book.create_sheet("教职工")
        for row in (("姓名", "角色", "电话", "负责宿舍楼", "班级"), *staff):
            other.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(*rows: Sequence[Any], **more: Any) -> Roster:
    return read_roster(read_workbook(workbook(rows, **more)))


def unusable(content: bytes) -> Trouble:
    """Why nothing of the file can be imported."""
    try:
        read_roster(read_workbook(content))
    except UnusableRoster as error:
        return error.problem.trouble
    raise AssertionError("it can be read")


def troubles(plan: Plan) -> list[tuple[int, Trouble]]:
    return [(one.row, one.trouble) for one in plan.problems]


def planned(known: Known, *rows: Sequence[Any], keep_missing: bool = False, **more: Any) -> Plan:
    return plan_import(read(*rows, **more), known, TODAY, keep_missing=keep_missing)


def after(known: Known, plan: Plan) -> Known:
    """What is known once a plan has been carried out."""
    pupils, buildings, staff = dict(known.pupils), dict(known.buildings), dict(known.staff)
    for step in (one for group in plan.groups for one in group):
        _carry_out(step, pupils, buildings, staff)
    return Known(pupils, buildings, staff)


def _carry_out(
    step: Step,
    pupils: dict[str, KnownPupil],
    buildings: dict[str, BuildingSet],
    staff: dict[str, StaffSet],
) -> None:
    id = step.subject.partition(":")[2]
    match step.body:
        case StudentSet() as body:
            pupils[id] = KnownPupil(body, left=False)
        case StudentLeft():
            pupils[id] = KnownPupil(pupils[id].body, left=True)
        case BuildingSet() as body:
            buildings[id] = body
        case StaffSet() as body:
            staff[id] = body
