"""Reporting: filled in for the person, written once, and the photo taken again."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import flet as ft
import pytest

from client.actions.decide_hazard import HazardDone
from client.actions.errors import ActionFailed
from client.device.camera import CameraTrouble
from client.device.flet_camera import FletCamera
from client.state.views import HazardDraft, Picture, PointState
from client.ui.hazards.conditions import condition_picker, matching
from client.ui.hazards.report import near_point, report_view
from ledger.rules.hazards.bodies import Category, HazardGrade
from ledger.rules.hazards.conditions import national_list
from tests.client.ui.flet_tree import label_of
from tests.client.ui.hand_made import NOW, HandMade, point, round_, show, show_view, stop
from tests.client.ui.hand_made_hazards import BATTERY, chip, form_button, principal

pytestmark = pytest.mark.asyncio


def with_picture(draft: HazardDraft) -> HazardDraft:
    return replace(draft, pictures=(Picture("a-picture"),))


def reporting(draft: HazardDraft) -> HandMade:
    draft = with_picture(draft)
    return principal(report_draft=lambda: draft, report=lambda *_: HazardDone((("h1", "e1"),)))


async def test_where_the_person_is_fills_in_area_point_and_category() -> None:
    client = principal(point=lambda _id: point(name="食堂燃气表间", area="dorm"))
    here = stop("p1", PointState.DONE, at=NOW - timedelta(minutes=3), by="陈晓")
    client.state.patrol.rounds = (round_(here),)
    drawn = await show_view(client, report_view)
    # Without a live camera here: the person goes on without a photo.
    await drawn.press("不拍照")
    words = drawn.words()
    assert "食堂燃气表间" in words
    assert chip(drawn, "食品").selected
    await drawn.press("保存")
    (draft,) = client.calls.of("report")[0]
    assert (draft.point, draft.area, draft.category) == ("p1", "dorm", Category.FOOD)


async def test_a_check_in_of_an_hour_ago_or_of_somebody_else_tells_nothing() -> None:
    client = principal()
    old = stop("p1", PointState.DONE, at=NOW - timedelta(hours=1), by="陈晓")
    others = stop("p2", PointState.DONE, at=NOW, by="王敏")
    assert near_point((round_(old, others),), client.state.app) is None


async def test_one_sentence_proposes_the_category_until_somebody_chooses() -> None:
    client = reporting(HazardDraft())
    drawn = await show_view(client, report_view)
    await drawn.write("哪里有什么问题（可不写）", "消火栓漏水")
    field = next(f for f in drawn.controls(ft.TextField) if "有什么问题" in label_of(f))
    await drawn.send(field, "blur")
    assert chip(drawn, "消防").selected
    await drawn.press("食品")
    await drawn.send(field, "blur")
    assert chip(drawn, "食品").selected


async def test_a_condition_of_the_list_makes_it_major_and_asks_for_protection() -> None:
    client = reporting(HazardDraft(content="楼道里有电动车"))
    drawn = await show_view(client, report_view)
    assert "临时防护措施" not in drawn.words()
    await drawn.press("对照重大隐患清单")
    await drawn.press(BATTERY.text)
    assert chip(drawn, "重大").selected and chip(drawn, "消防").selected
    assert BATTERY.basis in drawn.words()
    await drawn.write("临时防护措施", "已断电，拉警戒线")
    await drawn.press("保存")
    (draft,) = client.calls.of("report")[0]
    assert (draft.grade, draft.condition) == (HazardGrade.MAJOR, BATTERY.id)
    assert (draft.protection, draft.content) == ("已断电，拉警戒线", "楼道里有电动车")


async def test_a_general_hazard_lets_go_of_the_condition() -> None:
    client = reporting(HazardDraft(grade=HazardGrade.MAJOR, condition=BATTERY.id))
    drawn = await show_view(client, report_view)
    assert BATTERY.text in drawn.words()
    await drawn.press("一般")
    assert BATTERY.text not in drawn.words()
    await drawn.press("保存")
    assert client.calls.of("report")[0][0].condition == ""


async def test_a_camera_that_does_not_answer_can_be_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = [CameraTrouble.BROKEN, None]
    asked: list[FletCamera] = []

    async def start(camera: FletCamera) -> CameraTrouble | None:
        asked.append(camera)
        return answers[len(asked) - 1]

    async def stop(_camera: FletCamera) -> None: ...

    monkeypatch.setattr(FletCamera, "start", start)
    monkeypatch.setattr(FletCamera, "stop", stop)
    drawn = await show_view(principal(), report_view)
    assert "从相册选" in drawn.words()
    await drawn.press("再试相机")
    await drawn.settle()
    assert len(asked) == 2 and asked[0] is not asked[1]
    assert "再试相机" not in drawn.words()
    assert any(one is asked[1].preview for one in drawn.controls(ft.BaseControl))


async def test_a_second_tap_writes_nothing_twice() -> None:
    client = reporting(HazardDraft(content="楼梯扶手松"))
    drawn = await show_view(client, report_view)
    button = form_button(drawn, "保存")
    await drawn.send(button, "click")
    await drawn.send(button, "click")
    assert len(client.calls.of("report")) == 1


async def test_a_picture_can_be_taken_again() -> None:
    client = reporting(HazardDraft())
    drawn = await show_view(client, report_view)
    retake = next(
        one
        for one in drawn.controls(ft.IconButton)
        if isinstance(one.icon, ft.Icon) and one.icon.semantics_label == "重拍"
    )
    await drawn.send(retake, "click")
    assert [pictures[0].name for (pictures,) in client.calls.of("drop_pictures")] == ["a-picture"]
    assert "对准隐患拍一张" in drawn.words()


async def test_the_list_is_searched_and_begins_with_the_hazards_category() -> None:
    chosen: list[str] = []
    picker = partial(
        condition_picker,
        national_list(),
        Category.FOOD,
        lambda one: chosen.append(one.id),
        lambda: None,
    )
    drawn = await show(principal(), picker)
    assert "亚硝酸盐" in drawn.words() and "电动自行车" not in drawn.words()
    await drawn.press("全部")
    await drawn.write("搜：宿舍、燃气、楼梯……", "宿舍 烟感")
    await drawn.settle()
    assert matching(national_list(), None, "宿舍 烟感")[0].id == "fire-dorm-alarm"
    assert matching(national_list(), Category.FOOD, "宿舍") == ()
    assert matching(national_list(), None, "没有这种事") == ()


async def test_a_photo_that_was_taken_is_counted_before_the_next() -> None:
    client = reporting(HazardDraft())
    drawn = await show_view(client, report_view)
    await drawn.press("再拍一张")
    assert "已拍 1 张" in drawn.words()


async def test_what_a_field_says_after_the_form_was_saved_is_no_draft_any_more() -> None:
    client = reporting(HazardDraft())
    drawn = await show_view(client, report_view)
    await drawn.write("哪里有什么问题（可不写）", "消火栓漏水")
    field = next(f for f in drawn.controls(ft.TextField) if "有什么问题" in label_of(f))
    await drawn.press("保存")
    kept = len(client.calls.of("keep_report_draft"))
    await drawn.send(field, "blur")
    assert len(client.calls.of("keep_report_draft")) == kept


async def test_a_form_that_could_not_be_saved_is_kept_with_its_last_words() -> None:
    def fail(*_: object) -> HazardDone:
        raise ActionFailed("hazards.say_an_amount")

    client = principal(report_draft=lambda: with_picture(HazardDraft()), report=fail)
    drawn = await show_view(client, report_view)
    await drawn.write("哪里有什么问题（可不写）", "消火栓漏水")
    field = next(f for f in drawn.controls(ft.TextField) if "有什么问题" in label_of(f))
    await drawn.send(field, "blur")
    await drawn.press("保存")
    (last, (kept, *_)) = client.calls.done[-1]
    assert (last, kept.content) == ("keep_report_draft", "消火栓漏水")
    await drawn.press("保存")
    assert len(client.calls.of("report")) == 2, "it can be tried again"
