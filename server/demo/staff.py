"""The thirty-five people of the demo school, none of them real."""

from typing import Final

from ledger.rules.rule import Role

T, D, S, P, L = (
    Role.TEACHER,
    Role.DORM_SUPERVISOR,
    Role.SAFETY_OFFICER,
    Role.PRINCIPAL,
    Role.DUTY_LEADER,
)

STAFF: Final[tuple[tuple[str, str, tuple[Role, ...]], ...]] = (
    ("s01", "林国华", (P,)),
    ("s02", "周安民", (S, L)),
    ("s03", "许文静", (L, T)),
    ("s04", "郑海涛", (L, T)),
    ("s05", "何秀兰", (D,)),
    ("s06", "孟庆山", (D,)),
    ("s07", "罗桂英", (D,)),
    ("s08", "王敏", (T,)),
    ("s09", "陈志远", (T,)),
    ("s10", "李雪梅", (T,)),
    ("s11", "张立军", (T,)),
    ("s12", "刘思雨", (T,)),
    ("s13", "赵鹏飞", (T,)),
    ("s14", "黄丽娟", (T,)),
    ("s15", "吴建国", (T,)),
    ("s16", "徐婷婷", (T,)),
    ("s17", "孙浩然", (T,)),
    ("s18", "马春燕", (T,)),
    ("s19", "朱晓东", (T,)),
    ("s20", "胡佳怡", (T,)),
    ("s21", "郭永强", (T,)),
    ("s22", "高雅琴", (T,)),
    ("s23", "梁伟", (T,)),
    ("s24", "宋欣", (T,)),
    ("s25", "唐亮", (T,)),
    ("s26", "韩雪", (T,)),
    ("s27", "冯大勇", (T,)),
    ("s28", "曹颖", (T,)),
    ("s29", "彭程", (T,)),
    ("s30", "袁媛", (T,)),
    ("s31", "邓小川", (T,)),
    ("s32", "萧然", (T,)),
    ("s33", "傅清", (T,)),
    ("s34", "沈佩珊", (T,)),
    ("s35", "魏来", (T,)),
)

ACCOUNTS: Final[tuple[tuple[str, str], ...]] = (
    ("xiaozhang", "s01"),
    ("anquan", "s02"),
    ("daiban", "s03"),
    ("suguan", "s05"),
    ("wangmin", "s08"),
    ("chenzhiyuan", "s09"),
    ("lixuemei", "s10"),
    ("zhanglijun", "s11"),
)
"""User names of the demo; docs/operation.md says their password."""

DAY_WALKERS: Final = ("s08", "s09", "s10", "s11", "s03")
"""Who walks the teaching area, by window of the day."""
LIVING_WALKERS: Final = ("s12", "s08", "s13", "s05", "s06")
