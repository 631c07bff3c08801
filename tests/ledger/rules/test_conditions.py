"""What makes a hazard major: the national list, and a district's own words for its schools."""

import re

import pytest

from ledger.rules.hazards.bodies import Category, HazardGrade, HazardGraded, HazardReported
from ledger.rules.hazards.conditions import (
    ConditionSet,
    conditions,
    grounds,
    national_list,
)
from ledger.rules.hazards.suggesting import suggested_category
from ledger.rules.registry import BY_KIND
from ledger.rules.rule import Role
from ledger.verdicts import Reason
from tests.ledger.rules.telling import Story, reason

HEADINGS = {
    Category.FIRE,
    Category.BUILDING,
    Category.FOOD,
    Category.LABORATORY,
    Category.TRANSPORT,
    Category.CROWDING,
    Category.SPECIAL_EQUIPMENT,
    Category.UTILITIES,
}


def test_the_list_has_conditions_under_every_heading_of_the_guide() -> None:
    found = national_list()
    assert {one.category for one in found} == HEADINGS
    assert all(sum(one.category is heading for one in found) >= 5 for heading in HEADINGS)
    assert len({one.id for one in found}) == len({one.text for one in found}) == len(found)
    assert all(re.fullmatch(r"[a-z][a-z-]{2,39}", one.id) for one in found)
    assert all("教发厅函〔2024〕20号" in one.basis and not one.retired for one in found)


@pytest.mark.parametrize(
    ("words", "category"),
    [
        ("地下室", Category.FIRE),
        ("电动自行车", Category.FIRE),
        ("铁栅栏", Category.FIRE),
        ("联网的独立式烟感", Category.FIRE),
        ("校车使用许可", Category.TRANSPORT),
        ("亚硝酸盐", Category.FOOD),
        ("双人双锁", Category.LABORATORY),
    ],
)
def test_what_everybody_knows_of_it_is_there(words: str, category: Category) -> None:
    assert [one.category for one in national_list() if words in one.text][:1] == [category]


def test_a_district_adds_rewords_and_retires() -> None:
    first, second = national_list()[:2]
    told = conditions(
        [
            ("local-1", {"name": "充电柜进楼", "category": "fire", "basis": "区里要求"}),
            (first.id, {"name": "区里的说法", "category": "fire"}),
            (second.id, {"name": second.text, "category": "fire", "retired": True}),
        ]
    )
    assert len(told) == len(national_list()) + 1
    assert told["local-1"].sentence == "区里要求：充电柜进楼"
    assert (told[first.id].text, told[first.id].basis) == ("区里的说法", first.basis)
    assert told[second.id].retired


def test_grounds_name_the_condition_and_what_was_written_besides() -> None:
    known = conditions([])
    one = national_list()[0]
    assert grounds(known, one.id, "") == one.sentence
    assert grounds(known, one.id, "GB 50016") == f"{one.sentence}；GB 50016"
    assert grounds(known, "from-a-newer-app", "") == "from-a-newer-app"
    assert grounds(known, "", "") == ""


def test_a_condition_is_the_districts_hand_alone() -> None:
    rule, body = BY_KIND["condition.set"]
    assert rule.writers["condition.set"] == {Role.SERVER}
    story = Story("condition:local-1")
    assert story.tell("condition.set", ConditionSet(name="充电柜进楼", basis="区里要求")) is None
    (row,) = story.records("condition")
    assert (row["id"], row["name"]) == ("local-1", "充电柜进楼")
    assert body.model_validate(row["detail"]).model_fields_set >= {"name", "basis"}


def test_what_meets_a_condition_is_major() -> None:
    story = Story("hazard:h1")
    body = HazardReported(content="电动车进楼", condition="fire-e-bikes")
    assert reason(story.tell("hazard.reported", body)) is Reason.RULE_BROKEN
    body = body.model_copy(update={"grade": HazardGrade.MAJOR, "protection": "已断电、拉线"})
    assert story.tell("hazard.reported", body) is None
    (row,) = story.records("hazard")
    assert row["detail"]["condition"] == "fire-e-bikes"
    assert row["detail"]["protection"] == "已断电、拉线"
    general = HazardGraded(
        grade=HazardGrade.GENERAL, category=Category.FIRE, condition="fire-e-bikes"
    )
    said = story.tell("hazard.graded", general, actor="principal", seen=1)
    assert said is not None and said.detail == {"rule": "condition"}


@pytest.mark.parametrize(
    ("said", "category"),
    [
        (("消火栓漏水",), Category.FIRE),
        (("门轴松动", "食堂燃气表间", "食堂"), Category.FOOD),
        (("", "教学楼 A 座西楼梯", "教学楼"), Category.CROWDING),
        (("插座松动",), Category.UTILITIES),
        (("实验室药品柜未锁",), Category.LABORATORY),
        (("电梯异响",), Category.SPECIAL_EQUIPMENT),
        (("什么也没说",), Category.OTHER),
        ((), Category.OTHER),
    ],
)
def test_the_first_text_that_tells_proposes_the_category(
    said: tuple[str, ...], category: Category
) -> None:
    assert suggested_category(*said) is category
