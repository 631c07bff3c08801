"""Points and labels: what can be found, printed and replaced, and by whom."""

import flet as ft
import pytest

from client.device.scanner import scanner_for_platform
from client.state.views import LabelView
from client.ui.desk.label_symbol import symbol_picture
from client.ui.desk.points import Shown, points_screen
from client.ui.layout import Layout
from ledger.codes import point_code_text
from ledger.rules.rule import Role
from tests.client.ui.hand_made import HandMade, point, show

OLD = LabelView("AAAAAAAAA1", "12345674", 1, True)
NEW = LabelView("AAAAAAAAA2", "87654321", 2, False)


def officer() -> HandMade:
    client = HandMade(Role.SAFETY_OFFICER)
    client.state.points.points = (
        point("p1", labels=(OLD, NEW)),
        point("p2", name="宿舍楼消火栓", area="dorm", area_name="宿舍楼"),
    )
    return client


def test_a_point_is_found_by_name_area_and_digits() -> None:
    one = point(labels=(OLD, NEW))
    for text in ("保安", "校门", "8765 4321", "1234"):
        assert Shown(search=text).lets_in(one)
    assert not Shown(search="宿舍").lets_in(one)
    assert not Shown(area="dorm").lets_in(one)


def test_the_symbol_on_the_screen_reads_as_the_label() -> None:
    text = point_code_text("SY01", NEW.token)
    assert scanner_for_platform().read_still(symbol_picture(text)) == text


@pytest.mark.asyncio
@pytest.mark.parametrize("layout", Layout)
async def test_the_detail_shows_label_and_checklist(layout: Layout) -> None:
    drawn = await show(officer(), points_screen, layout)
    await drawn.press("南门保安室")
    words = drawn.words()
    for said in ("第 2 版", "8765 4321", "门体牢固", "每日检查", "作废"):
        assert said in words


@pytest.mark.asyncio
async def test_replacing_a_label_warns_and_asks_for_the_reason() -> None:
    client = officer()
    drawn = await show(client, points_screen)
    await drawn.press("南门保安室")
    await drawn.press("更换标签")
    assert "原来的标签随即作废" in drawn.words()
    await drawn.press("丢失")
    await drawn.press("更换，旧标签作废")
    ((place, because),) = client.calls.of("issue_label")
    assert (place.id, because) == ("p1", "丢失")
    assert not any(dialog.open for dialog in drawn.controls(ft.AlertDialog))


@pytest.mark.asyncio
async def test_who_may_not_issue_labels_is_not_offered_it() -> None:
    client = HandMade(Role.TEACHER)
    client.state.points.points = (point(),)
    drawn = await show(client, points_screen)
    await drawn.press("南门保安室")
    assert "更换标签" not in drawn.words()
