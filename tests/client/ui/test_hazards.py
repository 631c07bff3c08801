"""Hazard screens: filled in for the person, decided with few keys, every number with its list."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import flet as ft
import pytest

from client.actions.decide_hazard import Assignment, HazardDone
from client.device.camera import CameraTrouble
from client.device.flet_camera import FletCamera
from client.state.views import (
    HazardColumn,
    HazardDraft,
    HazardFilter,
    Picture,
    PointState,
    RectifyDraft,
    Shown,
)
from client.ui.hazards.amounts import amount_of, amount_text
from client.ui.hazards.assigning import assign_form
from client.ui.hazards.conditions import condition_picker, matching
from client.ui.hazards.detail import hazard_detail
from client.ui.hazards.inbox import inbox_screen
from client.ui.hazards.ledger import ledger_screen
from client.ui.hazards.list import hazards_screen
from client.ui.hazards.rectify import rectify_view
from client.ui.hazards.report import near_point, report_view
from client.ui.hazards.steps import Step, steps_of
from client.ui.hazards.table import USUAL, as_text, cell_text, column_word
from client.ui.layout import Layout
from client.ui.today import today_screen
from ledger.rules.hazards.bodies import Category, HazardGrade
from ledger.rules.hazards.conditions import national_list
from ledger.rules.hazards.overdue import Climbed
from ledger.rules.hazards.states import HazardState
from ledger.rules.rule import Role
from tests.client.ui.flet_tree import Drawn
from tests.client.ui.hand_made import LONG, NOW, HandMade, point, round_, show, show_view, stop
from tests.client.ui.hand_made_hazards import in_figures, line, listed, opened, photo

pytestmark = pytest.mark.asyncio

BATTERY = next(one for one in national_list() if one.id == "fire-e-bikes")


def principal(**then: Any) -> HandMade:
    client = HandMade()
    client.state.hazards.conditions = national_list()
    client.calls.then = {"accept": lambda *_: HazardDone((("h1", "e9"),)), **then}
    return client


def chip(drawn: Drawn, label: str) -> ft.Chip:
    return next(one for one in drawn.controls(ft.Chip) if one.label == label)


def form_button(drawn: Drawn, label: str) -> ft.FilledButton:
    """The one of the form on top: what it covers may have a button of that name, too."""
    return [one for one in drawn.controls(ft.FilledButton) if one.content == label][-1]


# Reporting.


def reporting(draft: HazardDraft) -> HandMade:
    picture = Picture("a-picture")
    draft = replace(draft, pictures=(picture,))
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
    field = next(f for f in drawn.controls(ft.TextField) if "有什么问题" in str(f.label))
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


# Assigning.


def assigning(client: HandMade, answers: list[Assignment], **changes: Any) -> Any:
    async def assign(wanted: Assignment) -> None:
        answers.append(wanted)

    detail = opened(line(state=HazardState.REGISTERED), "graded", **changes)
    people, today = client.state.desk.people, NOW.date()
    return partial(
        assign_form, detail, people, national_list(), today, "", False, assign, lambda: None
    )


async def test_assigning_takes_unit_funds_and_the_condition() -> None:
    client, answers = principal(), list[Assignment]()
    drawn = await show(client, assigning(client, answers))
    await drawn.press("对照重大隐患清单")
    await drawn.press(BATTERY.text)
    await drawn.write("临时防护措施（重大隐患必填）", "停用")
    await drawn.write("责任单位", "后勤处")
    await drawn.write("资金（元）", "1,500.50")
    await drawn.press("交办")
    (wanted,) = answers
    assert (wanted.condition, wanted.grade) == (BATTERY.id, HazardGrade.MAJOR)
    assert (wanted.unit, wanted.funds, wanted.protection) == ("后勤处", 1500.5, "停用")


@pytest.mark.parametrize("said", ["很多", "-3", "1e12", "12..5"])
async def test_what_is_no_amount_is_told_and_nothing_is_sent(said: str) -> None:
    client, answers = principal(), list[Assignment]()
    drawn = await show(client, assigning(client, answers))
    await drawn.write("资金（元）", said)
    await drawn.press("交办")
    assert answers == [] and "金额请写数字" in drawn.words()


@pytest.mark.parametrize(
    ("said", "yuan"),
    [("", 0.0), ("1200", 1200.0), ("1,200.5", 1200.5), ("¥80", 80.0), ("３００元", 300.0)],
)
async def test_amounts_are_read_as_people_write_them(said: str, yuan: float) -> None:
    assert amount_of(said) == yuan
    assert amount_of(amount_text(yuan)) == yuan


async def test_a_major_hazard_asks_for_protection_before_anything_else() -> None:
    major = line(state=HazardState.GRADED, grade=HazardGrade.MAJOR)
    detail = opened(major, "assigned", "protected", "commented", needs_protection=True)
    assert steps_of(detail)[0] is Step.PROTECT
    assert Step.PROTECT not in steps_of(replace(detail, needs_protection=False))


async def test_rectifying_says_what_it_cost_and_why_it_is_late() -> None:
    # Without a router around it the route names no hazard.
    late = line("", state=HazardState.ASSIGNED, overdue=True, days_left=-2, funds=0.0)
    draft = RectifyDraft(pictures=(Picture("after-picture"),))
    client = principal(
        rectify_draft=lambda *_: draft, rectify=lambda *_: HazardDone((("h1", "e1"),))
    )
    client.state.hazards.opened = opened(late, "rectified", needs_reason=True)
    drawn = await show_view(client, rectify_view)
    assert "已经逾期，请说明原因和临时防护" in drawn.words()
    await drawn.write("做了什么整改", "换了阀门")
    await drawn.write("逾期原因", "等配件")
    await drawn.write("临时防护措施", "关总阀")
    await drawn.write("花费（元，可不写）", "八十")
    await drawn.send(form_button(drawn, "上报整改"), "click")
    assert client.calls.of("rectify") == [] and "金额请写数字" in drawn.words()
    await drawn.write("花费（元，可不写）", "80")
    await drawn.send(form_button(drawn, "上报整改"), "click")
    (_, sent) = client.calls.of("rectify")[0]
    assert (sent.done, sent.funds, sent.overdue_because) == ("换了阀门", 80.0, "等配件")
    assert sent.protection == "关总阀"


# The desk.


def inbox(*lines: Any, may: tuple[str, ...] = ("accepted", "returned")) -> HandMade:
    client = principal()
    client.state.hazards.inbox = listed(*lines)
    client.state.hazards.opened = opened(lines[0], *may)
    return client


async def test_the_photos_have_a_pane_of_their_own_on_a_wide_desk() -> None:
    client = inbox(line("h1"))
    wide = await show(client, inbox_screen, Layout.WIDE)
    narrow = await show(client, inbox_screen, Layout.DESKTOP)
    for drawn in (wide, narrow):
        # Once, beside the detail or in it: side by side, each to zoom.
        assert drawn.words().count("整改前") == drawn.words().count("整改后") == 1
        assert len(list(drawn.controls(ft.VerticalDivider))) == (2 if drawn is wide else 1)


async def test_j_and_k_move_and_the_detail_follows() -> None:
    client = inbox(line("h1"), line("h2"))
    drawn = await show(client, inbox_screen)
    assert client.calls.of("open_hazard") == [("h1",)]
    await drawn.key("J")
    await drawn.key("J")
    await drawn.key("K")
    assert client.calls.of("open_hazard")[1:] == [("h2",), ("h2",), ("h1",)]


async def test_several_are_accepted_with_one_confirmation() -> None:
    client = inbox(line("h1"), line("h2"), line("h3", state=HazardState.REGISTERED))
    drawn = await show(client, inbox_screen)
    for step in ("X", "J", "X", "J", "X"):
        await drawn.key(step)
    assert "已选 3 条" in drawn.words()
    await drawn.key("A")
    words = drawn.words()
    assert "共 2 条隐患，一起处理" in words and "1 条现在还不能这样办，先留下" in words
    await drawn.send(form_button(drawn, "验收并销号"), "click")
    (ids, _note) = client.calls.of("accept")[0]
    assert ids == ["h1", "h2"]
    assert "已选" not in drawn.words() and "已验收并销号" in drawn.words()


async def test_a_decision_is_undone_with_one_tap() -> None:
    client = inbox(line("h1"))
    drawn = await show(client, inbox_screen)
    await drawn.key("A")
    await drawn.send(form_button(drawn, "验收并销号"), "click")
    snack = next(iter(drawn.controls(ft.SnackBar)))
    assert isinstance(snack.action, ft.SnackBarAction)
    await drawn.send(snack.action, "click")
    assert client.calls.of("undo") == [(HazardDone((("h1", "e9"),)),)]


async def test_enter_opens_what_is_to_be_done_and_escape_closes_it() -> None:
    client = inbox(line("h1", state=HazardState.REGISTERED), may=("graded", "commented"))
    drawn = await show(client, inbox_screen)
    await drawn.key("Enter")
    assert "交办整改" in drawn.words()
    await drawn.key("A")
    assert client.calls.of("accept") == [], "letters go into the form's fields"
    await drawn.key("Escape")
    assert "交办整改" not in drawn.words()


async def test_a_question_mark_explains_the_keys() -> None:
    drawn = await show(inbox(line("h1")), inbox_screen)
    await drawn.key("?")
    assert "选上这一条；选了几条，A 和 R 一次办完" in drawn.words()
    await drawn.key("Escape")
    assert "选上这一条" not in drawn.words()


async def test_a_key_that_does_not_fit_now_says_so() -> None:
    client = inbox(line("h1", state=HazardState.REGISTERED), may=("graded",))
    drawn = await show(client, inbox_screen)
    await drawn.key("A")
    assert "现在还不能验收" in drawn.words() and client.calls.of("accept") == []


# The ledger.


def ledger(*lines: Any) -> HandMade:
    client = principal(hazard_ledger=lambda *_: b"a workbook")
    client.state.hazards.page = listed(*lines)
    client.state.hazards.wanted = HazardFilter(shown=Shown.ALL, school_year=2025)
    client.state.hazards.figures = in_figures()
    return client


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("整改率", HazardFilter(shown=Shown.DONE, school_year=2025)),
        ("过了整改期限", HazardFilter(shown=Shown.OVERDUE, school_year=2025)),
        ("还没有销号", HazardFilter(shown=Shown.OPEN, school_year=2025)),
        ("等校长或安全干事", HazardFilter(shown=Shown.DECIDE, school_year=2025)),
    ],
)
async def test_every_figure_opens_its_list(name: str, wanted: HazardFilter) -> None:
    client = ledger(line())
    drawn = await show(client, ledger_screen)
    await drawn.press(name)
    assert client.calls.of("show_hazards")[-1] == (wanted, 0)


async def test_every_bar_opens_its_list() -> None:
    client = ledger()
    drawn = await show(client, ledger_screen)
    bars = {s.label: s.content for s in drawn.controls(ft.Semantics) if "项" in str(s.label or "")}
    for label, wanted in (
        ("重大：1 项", HazardFilter(school_year=2025, grade=HazardGrade.MAJOR)),
        ("食品：2 项", HazardFilter(school_year=2025, category=Category.FOOD)),
    ):
        bar = bars[label]
        assert isinstance(bar, ft.Container)
        await drawn.send(bar, "click")
        assert client.calls.of("show_hazards")[-1] == (wanted, 0)


async def test_a_column_sorts_up_then_down_then_as_before() -> None:
    client = ledger(line("h1"), line("h2"))
    drawn = await show(client, ledger_screen)
    client.calls.done.clear()
    for order, down in (
        (HazardColumn.DEADLINE, False),
        (HazardColumn.DEADLINE, True),
        (None, False),
    ):
        await drawn.press("整改期限")
        (wanted, number) = client.calls.of("show_hazards")[-1]
        assert (wanted.order, wanted.descending, number) == (order, down, 0)
        client.state.hazards.wanted = wanted
        await drawn.settle()


async def test_columns_are_chosen_and_kept() -> None:
    client = ledger(line(measure="更换阀门和管道"))
    drawn = await show(client, ledger_screen)
    assert "更换阀门和管道" not in drawn.words()
    await drawn.press("选列")
    await drawn.send(chip(drawn, "整改措施"), "select", True)
    (name, kept) = client.calls.of("choose")[-1]
    assert name == "ledger_columns"
    assert kept.split() == [
        one.value for one in HazardColumn if one in USUAL or one is HazardColumn.MEASURE
    ]
    client.state.hazards.columns = tuple(HazardColumn(one) for one in kept.split())
    await drawn.settle()
    assert "更换阀门和管道" in drawn.words()


async def test_exported_is_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[bytes] = []

    async def save_file(_self: ft.FilePicker, **told: Any) -> None:
        saved.append(told["src_bytes"])

    monkeypatch.setattr(ft.FilePicker, "save_file", save_file)
    client = ledger(line())
    client.state.hazards.wanted = HazardFilter(
        shown=Shown.OPEN, school_year=2025, category=Category.FIRE, order=HazardColumn.PLACE
    )
    client.state.hazards.columns = (HazardColumn.NUMBER, HazardColumn.PHOTOS)
    drawn = await show(client, ledger_screen)
    client.state.hazards.wanted = replace(client.state.hazards.wanted)
    await drawn.press("导出 Excel")
    wanted, columns, ending = client.calls.of("hazard_ledger")[0]
    assert wanted == client.state.hazards.wanted and ending == "xlsx"
    assert columns == client.state.hazards.columns
    assert saved == [b"a workbook"]


async def test_a_table_is_copied_as_cells() -> None:
    text = as_text((line(content="两行\n文字\t列"),), (HazardColumn.NUMBER, HazardColumn.CONTENT))
    assert text == "编号\t隐患内容\n2026-0012\t两行 文字 列"


async def test_every_column_has_its_word_and_says_something() -> None:
    full = line(
        basis="《指南》",
        protection="围挡",
        done_at=NOW,
        accepted_by_name="林静",
        closed_at=NOW,
        photos=2,
    )
    for column in HazardColumn:
        assert column_word(column) and cell_text(full, column), column
        empty = cell_text(replace(full, funds=0.0, deadline=None), column)
        assert "None" not in empty


# Everywhere.


async def test_a_phone_reads_the_whole_hazard() -> None:
    shown = line(content=LONG, overdue=True, days_left=-3, climbed=Climbed.PRINCIPAL)
    detail = opened(shown, condition=BATTERY, basis="GB 50016", other=(photo("c" * 64),))
    drawn = await show(principal(), partial(hazard_detail, detail), Layout.PHONE)
    words = drawn.words()
    for said in (
        LONG,
        BATTERY.text,
        BATTERY.basis,
        "GB 50016",
        "逾期 3 天",
        "校长督促",
        "总务处",
        "1200",
    ):
        assert said in words, said


async def test_the_day_shows_what_one_has_to_rectify() -> None:
    client = HandMade(Role.TEACHER)
    client.state.patrol.rounds = ()
    mine = line(state=HazardState.RETURNED, responsible="s1", content="我的那处")
    others = line("h2", state=HazardState.ASSIGNED, responsible="t9", content="别人的那处")
    client.state.hazards.mine = listed(mine, others)
    drawn = await show(client, today_screen, Layout.PHONE)
    assert "我的整改" in drawn.words() and "我的那处" in drawn.words()
    assert "别人的那处" not in drawn.words()


@pytest.mark.parametrize("shown", [Shown.MINE, Shown.OPEN, Shown.OVERDUE, Shown.DONE])
async def test_an_empty_list_says_what_will_be_there(shown: Shown) -> None:
    client = principal()
    client.state.hazards.page = listed()
    client.state.hazards.wanted = HazardFilter(shown=shown)
    drawn = await show(client, hazards_screen, Layout.PHONE)
    assert "隐患" in drawn.words() and "随手拍" in drawn.words()
