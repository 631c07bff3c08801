"""The workbook a school fills in: two sheets with examples, and what the columns mean."""

from typing import Final

from ledger.roster.columns import PUPILS, STAFF, Column
from ledger.roster.sheet import write_workbook

PUPIL_SHEET: Final = "学生"
STAFF_SHEET: Final = "教职工"
NOTES_SHEET: Final = "说明"
EXAMPLE: Final = {
    Column.NUMBER: "20260101",
    Column.NAME: "张三（示例，请删除本行）",
    Column.CLASS: "701",
    Column.SEX: "男",
    Column.BUILDING: "男生公寓",
    Column.FLOOR: "3",
    Column.ROOM: "302",
    Column.BED: "1",
    Column.TEACHER: "李老师（示例）",
    Column.GUARDIAN: "张先生",
    Column.PHONE: "15400000001",
    Column.CONSENT: "2026-1",
    Column.CONSENT_ON: "2026-09-01",
}
NOTES: Final = (
    "怎样填写",
    "1. “学生”表一行一名学生。姓名和班级必填；不住校的学生，宿舍楼、楼层、房间、床位留空。",
    "2. 学号用来认出同一名学生：再次导入时按学号对照；没有学号的，按姓名、班级、性别对照。",
    "3. 表里没有的学生会作为“转出”列出，确认后才生效。",
    "4. 床位不填时，按房间里空着的最小号安排。楼层不填时，按房间号推算（302 是 3 层）。",
    "5. 班主任写姓名，须在“教职工”表里或已在巡安里。",
    "6. 同意书、同意日期：未满 14 周岁学生的监护人同意书版本和签署日期。",
    "7. “教职工”表的角色：巡查教师、宿管、班主任、年级主任、带班领导、安全干事、校长；"
    "几个角色用顿号隔开。",
    "8. 班级、宿舍楼和房间的名称里不能有冒号和星号。不要使用公式；学号和电话保持“文本”格式。",
    "9. 本页不导入。",
)


def roster_template() -> bytes:
    """Its example row is no pupil: deleting it is the first thing its name asks for."""
    pupils = [[names[0] for names in PUPILS.values()], [EXAMPLE[column] for column in PUPILS]]
    staff = [
        [names[0] for names in STAFF.values()],
        ["李老师（示例）", "巡查教师、班主任", "15400000002", "", "701"],
        ["王阿姨（示例）", "宿管", "15400000003", "男生公寓", ""],
    ]
    widths = {"姓名": 26, "监护人电话": 16, "电话": 16, "角色": 22, "负责宿舍楼": 16, NOTES[0]: 90}
    return write_workbook(
        [(PUPIL_SHEET, pupils), (STAFF_SHEET, staff), (NOTES_SHEET, [[one] for one in NOTES])],
        widths,
    )
