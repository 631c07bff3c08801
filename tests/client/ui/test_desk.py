"""The desk: what it asks for, what it shows, and that it hides nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import flet as ft
import pytest

from client.state.views import CheckInFilter, DayFigures, PointState, RecordReach, RoundStanding
from client.ui.desk.days import Span, days_of, span_of
from client.ui.desk.patrol import patrol_screen
from client.ui.layout import Layout
from client.ui.overview import overview_screen
from ledger.rules.checkins import Result
from ledger.rules.evidence import Doubt, Grade
from ledger.verdicts import Verdict
from tests.client.ui.flet_tree import within
from tests.client.ui.hand_made import (
    LONG,
    NOW,
    TODAY,
    HandMade,
    check_in,
    detail,
    page,
    round_,
    show,
    stop,
)
from tests.client.ui.hand_made_hazards import line as hazard_line

pytestmark = pytest.mark.asyncio


async def test_the_desk_begins_with_today() -> None:
    client = HandMade()
    drawn = await show(client, patrol_screen)
    assert client.calls.of("filter") == [(TODAY,)]
    assert any(s.label == "正在加载" for s in drawn.controls(ft.Semantics))


async def test_a_new_check_in_appears_by_itself_on_top() -> None:
    client = HandMade()
    client.state.desk.wanted = TODAY
    client.state.desk.page = page(check_in("c1"))
    drawn = await show(client, patrol_screen)
    assert "西门" not in drawn.words()
    client.state.desk.page = page(check_in("c2", point_name="西门值守点"), check_in("c1"))
    await drawn.settle()
    words = drawn.words()
    assert words.index("西门值守点") < words.index("南门保安室")


@pytest.mark.parametrize("layout", Layout)
async def test_every_state_of_a_check_in_is_said(layout: Layout) -> None:
    client = HandMade()
    client.state.desk.page = page(
        check_in("c1", result=Result.ABNORMAL, late=True, grade=Grade.C),
        check_in("c2", withdrawn=True),
    )
    words = (await show(client, patrol_screen, layout)).words()
    for said in ("异常", "迟到", "证据 C", "已撤回"):
        assert said in words


async def test_filters_change_one_thing_each() -> None:
    client = HandMade()
    client.state.desk.wanted, client.state.desk.page = TODAY, page(check_in())
    drawn = await show(client, patrol_screen)
    chips = {chip.label: chip for chip in drawn.controls(ft.Chip)}
    changes: dict[str, dict[str, Any]] = {
        "异常": {"result": Result.ABNORMAL},
        "迟到": {"late": True},
        "证据 B": {"grade": Grade.B},
        "不含已撤回": {"withdrawn": False},
    }
    for label, wanted in changes.items():
        await drawn.send(chips[label], "select", True)
        assert client.calls.of("filter")[-1] == (replace(TODAY, **wanted), 0)
    await drawn.press("昨天")
    yesterday = (NOW - timedelta(days=1)).date().isoformat()
    assert client.calls.of("filter")[-1][0].day_from == yesterday


async def test_nothing_found_is_told_from_nothing_there() -> None:
    client = HandMade()
    client.state.desk.wanted, client.state.desk.page = TODAY, page()
    assert "还没有打卡" in (await show(client, patrol_screen)).words()
    client.state.desk.wanted = CheckInFilter(grade=Grade.C)
    drawn = await show(client, patrol_screen)
    assert "没有符合条件的打卡" in drawn.words()
    await drawn.press("清除筛选")
    assert client.calls.of("filter")[-1] == (CheckInFilter(), 0)


async def test_pages_are_turned_at_the_store() -> None:
    client = HandMade()
    rows = tuple(check_in(f"c{number}") for number in range(50))
    client.state.desk.page = page(*rows, total=159)
    drawn = await show(client, patrol_screen)
    assert "第 1 / 4 页，共 159 条" in drawn.words()
    await drawn.press("下一页")
    assert client.calls.of("filter")[-1][1] == 1


async def test_the_detail_explains_everything() -> None:
    client = HandMade()
    line = check_in(point_name=LONG, grade=Grade.C, verdict=Verdict.PENDING)
    client.state.desk.page = page(line)
    client.state.desk.opened = detail(
        line,
        device_at=NOW - timedelta(hours=2),
        doubts=(Doubt.TOO_FAST, Doubt.CLOCK_WRONG),
        note="铰链松动，已告知后勤",
        withdrawn_because="扫错了门",
        reach=RecordReach.ONLY_HERE,
    )
    drawn = await show(client, patrol_screen)
    words = drawn.words()
    for said in (
        LONG,
        "校正",
        "正常走不到",
        "超过 5 分钟",
        "铰链松动",
        "扫错了门",
        "仅本机",
        "现场扫码",
    ):
        assert said in words
    assert "abababab" not in words
    await drawn.press("技术信息")
    assert "abababab" in drawn.words()
    await drawn.press("关闭")
    assert client.calls.of("open") == [("",)]


async def test_a_check_in_leads_to_the_hazard_it_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[str] = []
    monkeypatch.setattr(ft.Page, "navigate", lambda _page, route: went.append(route))
    client = HandMade()
    line = check_in(result=Result.ABNORMAL)
    client.state.desk.page = page(line)
    client.state.desk.opened = detail(line, hazards=(hazard_line("h7", content="合页松动"),))
    drawn = await show(client, patrol_screen)
    assert "上报的隐患" in drawn.words()
    await drawn.press("合页松动")
    assert went == ["/hazards/h7"]


async def test_keys_move_and_open_but_not_while_typing() -> None:
    client = HandMade()
    client.state.desk.page = page(check_in("c1"), check_in("c2"))
    drawn = await show(client, patrol_screen)
    await drawn.key("J")
    await drawn.key("J")
    await drawn.key("Enter")
    assert client.calls.of("open") == [("c2",)]
    search = next(iter(drawn.controls(ft.TextField)))
    await drawn.send(search, "focus")
    await drawn.key("K")
    await drawn.key("Enter")
    assert client.calls.of("open") == [("c2",)]


async def test_spans_have_names_again() -> None:
    today = NOW.date()
    for span in (Span.TODAY, Span.YESTERDAY, Span.WEEK, Span.EVER):
        first, last = days_of(span, today)
        assert span_of(CheckInFilter(day_from=first, day_to=last), today) is span
    assert span_of(CheckInFilter(day_from="2026-01-01", day_to="2026-01-01"), today) is Span.ONE_DAY


def a_day() -> HandMade:
    client = HandMade()
    client.state.desk.figures = DayFigures(12, 1, 2, 3, 4)
    client.state.desk.rounds = (
        round_(stop("p1", PointState.DONE, abnormal=True), stop("p2", PointState.OPEN)),
        round_(
            stop("p3", PointState.LATE),
            stop("p4", PointState.MISSED, because="正在施工"),
            subject="round:daily:2026-11-22:1",
            name="午间",
            standing=RoundStanding.INCOMPLETE,
        ),
    )
    return client


@pytest.mark.parametrize(
    ("tile", "wanted"),
    [
        ("打卡\n12", {}),
        ("异常", {"result": Result.ABNORMAL}),
        ("迟到", {"late": True}),
        ("证据 B", {"grade": Grade.B}),
        ("证据 C", {"grade": Grade.C}),
    ],
)
async def test_every_figure_opens_what_it_counted(tile: str, wanted: dict) -> None:
    client = a_day()
    drawn = await show(client, overview_screen)
    await drawn.press(tile)
    day = NOW.date().isoformat()
    expected = CheckInFilter(day_from=day, day_to=day, withdrawn=False, **wanted)
    assert client.calls.of("filter") == [(expected,)]


async def test_missed_points_are_named_with_their_reasons() -> None:
    drawn = await show(a_day(), overview_screen)
    assert "正在施工" not in drawn.words()
    await drawn.press("漏检\n1\n轮次已结束")
    words = drawn.words()
    assert "p4 号点" in words
    assert "原因：正在施工" in words
    assert "p3 号点" not in words


async def test_a_round_opens_its_points_and_a_point_its_check_in() -> None:
    client = a_day()
    drawn = await show(client, overview_screen)
    await drawn.press("晨间")
    assert "p1 号点" in drawn.words()
    await drawn.press("p1 号点")
    assert client.calls.of("open")[-1] == ("c-p1",)


async def test_another_day_is_a_step_away_but_never_tomorrow() -> None:
    client = a_day()
    drawn = await show(client, overview_screen)
    with pytest.raises(AssertionError, match="后一天"):
        drawn.tappable("后一天")
    await drawn.press("前一天")
    yesterday = (NOW - timedelta(days=1)).date().isoformat()
    assert client.calls.of("show_day")[-1] == (yesterday,)


@pytest.mark.parametrize(("scale", "scrolls"), [(1.0, False), (2.0, True)])
async def test_enlarged_filters_scroll_with_the_list_and_leave_it_room(
    scale: float, scrolls: bool
) -> None:
    client = HandMade()
    client.state.app.text_scale = scale
    drawn = await show(client, patrol_screen, Layout.DESKTOP)
    (listing,) = drawn.controls(ft.ListView)
    inside = [one for one in within(listing) if isinstance(one, ft.TextField)]
    assert bool(inside) is scrolls
