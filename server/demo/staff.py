"""The thirty-five people of the demo school, none of them real."""

from typing import Final

from ledger.rules.rule import Role

T, D, S, P, L, H, G = (
    Role.TEACHER,
    Role.DORM_SUPERVISOR,
    Role.SAFETY_OFFICER,
    Role.PRINCIPAL,
    Role.DUTY_LEADER,
    Role.HOMEROOM_TEACHER,
    Role.GRADE_HEAD,
)

STAFF: Final[tuple[tuple[str, str, tuple[Role, ...]], ...]] = (
    ("s01", "林国华", (P,)),
    ("s02", "周安民", (S, L)),
    ("s03", "许文静", (L, T)),
    ("s04", "郑海涛", (L, T)),
    ("s05", "何秀兰", (D,)),
    ("s06", "孟庆山", (D,)),
    ("s07", "罗桂英", (D,)),
    ("s08", "王敏", (T, H, D)),
    ("s09", "陈志远", (T, H)),
    ("s10", "李雪梅", (T, H)),
    ("s11", "张立军", (T, H)),
    ("s12", "刘思雨", (T, H)),
    ("s13", "赵鹏飞", (T, H)),
    ("s14", "黄丽娟", (T, H)),
    ("s15", "吴建国", (T, H)),
    ("s16", "徐婷婷", (T, H)),
    ("s17", "孙浩然", (T, H)),
    ("s18", "马春燕", (T, H)),
    ("s19", "朱晓东", (T, H)),
    ("s20", "胡佳怡", (T, H)),
    ("s21", "郭永强", (T, H)),
    ("s22", "高雅琴", (T, H)),
    ("s23", "梁伟", (T, H)),
    ("s24", "宋欣", (T, H)),
    ("s25", "唐亮", (T, H)),
    ("s26", "韩雪", (T, G)),
    ("s27", "冯大勇", (T, G)),
    ("s28", "曹颖", (T, G)),
    ("s29", "彭程", (T,)),
    ("s30", "袁媛", (T,)),
    ("s31", "邓小川", (T,)),
    ("s32", "萧然", (T,)),
    ("s33", "傅清", (T,)),
    ("s34", "沈佩珊", (T,)),
    ("s35", "魏来", (T,)),
)

CLASSES: Final = tuple(f"{grade}{number:02d}" for grade in (7, 8, 9) for number in range(1, 7))
"""七年级 to 九年级, six classes each."""
HOMEROOM: Final = {f"s{8 + place:02d}": (class_id,) for place, class_id in enumerate(CLASSES)}
GRADE: Final = {f"s{26 + place}": CLASSES[6 * place : 6 * place + 6] for place in range(3)}
CLASSES_OF: Final = HOMEROOM | GRADE
BUILDINGS_OF: Final = {"s05": ("b1",), "s06": ("b2",), "s07": ("b1", "b2"), "s08": ("b1",)}
"""The dorm buildings they look after. s08, whose phone the demo shows, helps out in one."""


def phone(staff: str) -> str:
    """A number that nobody has: no network's begin with 154."""
    return f"15400099{int(staff[1:]):03d}"


ACCOUNTS: Final[tuple[tuple[str, str], ...]] = (
    ("xiaozhang", "s01"),
    ("anquan", "s02"),
    ("daiban", "s03"),
    ("suguan", "s05"),
    ("nianji", "s26"),
    ("wangmin", "s08"),
    ("chenzhiyuan", "s09"),
    ("lixuemei", "s10"),
    ("zhanglijun", "s11"),
)
"""User names of the demo; docs/operation.md says their password."""

DAY_WALKERS: Final = ("s08", "s09", "s10", "s11", "s03")
"""Who walks the teaching area, by window of the day."""
LIVING_WALKERS: Final = ("s12", "s08", "s13", "s05", "s06")
