"""Labels of a school, some of them difficult."""

import random
from pathlib import Path

from client.labels import Label
from ledger.codes import new_token, point_code_text, school_code, typed_code
from ledger.rules.places import Risk

FONTS = Path(__file__).parents[3] / "assets" / "fonts"
REGULAR = FONTS / "NotoSansSC-Regular.ttf"
BOLD = FONTS / "NotoSansSC-Bold.ttf"

SCHOOL = "星河区第三实验小学"
LONG_SCHOOL = "江苏省南京市星河经济技术开发区第三实验小学附属幼儿园（东校区）"
PLACES = (
    (SCHOOL, "实验楼", "化学实验室药品柜", Risk.RED),
    (SCHOOL, "学生公寓 2 号楼", "三层东侧疏散楼梯与应急照明", Risk.ORANGE),
    (SCHOOL, "食堂", "后厨燃气阀门", Risk.YELLOW),
    (SCHOOL, "操场", "看台", Risk.BLUE),
    (
        SCHOOL,
        "教学楼 A 栋地下一层设备区",
        "地下水泵房、配电室及备用柴油发电机房（含灭火器箱、消火栓和应急灯）",
        Risk.RED,
    ),
    (LONG_SCHOOL, "校门", "B-12 gate post (north) 护学岗", Risk.BLUE),
)


def sample_labels() -> list[Label]:
    rng = random.Random(3)
    labels: list[Label] = []
    for school, area, name, risk in PLACES:
        token = new_token(rng)
        text = point_code_text(school_code(66), token)
        labels.append(Label(school, area, name, risk, text, typed_code(token), 1))
    return labels
