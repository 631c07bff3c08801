"""The columns of a roster, known by their headings: Chinese or English, in any order."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Column(StrEnum):
    NUMBER = "number"
    NAME = "name"
    CLASS = "class_id"
    SEX = "sex"
    BUILDING = "building"
    FLOOR = "floor"
    ROOM = "room"
    BED = "bed"
    TEACHER = "teacher"
    GUARDIAN = "guardian"
    PHONE = "phone"
    CONSENT = "consent"
    CONSENT_ON = "consent_on"
    ROLES = "roles"
    BUILDINGS = "buildings"
    CLASSES = "classes"


PUPILS: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.NUMBER: ("学号", "学籍号", "student number", "student no", "number"),
    Column.NAME: ("姓名", "学生姓名", "name", "student"),
    Column.CLASS: ("班级", "所在班级", "class"),
    Column.SEX: ("性别", "sex", "gender"),
    Column.BUILDING: ("宿舍楼", "楼栋", "公寓", "宿舍楼栋", "building", "dorm"),
    Column.FLOOR: ("楼层", "层", "floor"),
    Column.ROOM: ("房间", "房间号", "宿舍", "宿舍号", "寝室", "寝室号", "room"),
    Column.BED: ("床位", "床号", "床位号", "bed"),
    Column.TEACHER: ("班主任", "homeroom teacher", "teacher"),
    Column.GUARDIAN: ("监护人", "监护人姓名", "家长", "家长姓名", "guardian", "parent"),
    Column.PHONE: (
        "监护人电话",
        "监护人手机",
        "家长电话",
        "家长手机",
        "联系电话",
        "guardian phone",
        "phone",
    ),
    Column.CONSENT: ("同意书", "同意书版本", "监护人同意书", "consent"),
    Column.CONSENT_ON: ("同意日期", "签署日期", "consent date", "consent on"),
}
"""The first heading of each is the template's."""
PERHAPS: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.PHONE: ("电话", "手机", "手机号", "手机号码", "联系方式", "tel"),
}
"""What means a pupils' column only where no heading says it better."""
STAFF: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.NAME: ("姓名", "教师姓名", "name"),
    Column.ROLES: ("角色", "职务", "岗位", "roles", "role"),
    Column.PHONE: ("电话", "手机", "手机号", "联系电话", "phone"),
    Column.BUILDINGS: ("负责宿舍楼", "宿舍楼", "buildings", "building"),
    Column.CLASSES: ("班级", "负责班级", "任教班级", "classes", "class"),
}
NEEDED: Final = (Column.NAME, Column.CLASS)
STAFF_NEEDED: Final = (Column.NAME, Column.ROLES)


def heading(text: str) -> str:
    """A heading as it is compared: "监护人 电话*" and "监护人电话" are one."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in plain if one.isalnum())


def known_headings(table: Mapping[Column, tuple[str, ...]]) -> dict[str, Column]:
    return {heading(name): column for column, names in table.items() for name in names}
