"""At 200 % text nothing is cut off and everything can be reached: what gives way, and how.

What it looks like is for the eye (tests/browser draws the parts at 200 %); these hold the rules.
"""

import flet as ft
import pytest

from client import words
from client.state.views import BedView
from client.ui import theme
from client.ui.dorms.status_sheet import status_sheet
from client.ui.guarded import guarded
from client.ui.kit.badges import badge
from client.ui.kit.rows import list_row
from client.ui.kit.toggles import switch_row, tick_row
from ledger.rules.dorms.statuses import Status
from tests.client.ui.flet_tree import draw
from tests.client.ui.hand_made import HandMade, show

pytestmark = pytest.mark.asyncio
LONG = "实验楼三层东侧化学实验室危险化学品储藏柜及废液回收间双人双锁监控报警与通风"


async def test_a_rows_badge_goes_below_the_words_it_leaves_no_room() -> None:
    sign = badge(ft.Icons.SHIELD, "重大风险", theme.RED)
    drawn = await draw(guarded(lambda: list_row(LONG, "校门", trailing=sign)))
    (around,) = [row for row in drawn.controls(ft.Row) if sign in row.controls]
    assert around.wrap and around.expand


@pytest.mark.parametrize("sign", [ft.Icon(ft.Icons.CHEVRON_RIGHT), ft.Text("0 / 18")])
async def test_a_rows_arrow_or_figure_stays_at_its_edge(sign: ft.Control) -> None:
    arrow = sign
    drawn = await draw(guarded(lambda: list_row(LONG, trailing=arrow)))
    (around,) = [row for row in drawn.controls(ft.Row) if arrow in row.controls]
    assert not around.wrap


async def test_a_badge_too_long_for_its_place_wraps() -> None:
    drawn = await draw(guarded(lambda: badge(ft.Icons.SHIELD, LONG, theme.RED)))
    (said,) = drawn.controls(ft.Text)
    assert said.expand and said.expand_loose and said.max_lines is None


@pytest.mark.parametrize("part", [switch_row, tick_row])
async def test_a_toggles_words_wrap_and_can_be_pressed_too(part) -> None:
    said: list[bool] = []
    drawn = await draw(guarded(lambda: part(LONG, False, said.append)))
    (text,) = drawn.controls(ft.Text)
    (around,) = [one for one in drawn.controls(ft.Container) if one.content is text]
    assert around.expand and text.max_lines is None
    await drawn.press(LONG)
    toggle = next(drawn.controls(ft.Switch | ft.Checkbox))  # pyright: ignore[reportArgumentType]
    await drawn.send(toggle, "change", True)
    assert said[0] is True


async def test_a_switch_that_is_off_limits_hears_nothing() -> None:
    said: list[bool] = []
    drawn = await draw(guarded(lambda: switch_row("仅无线", True, said.append, disabled=True)))
    with pytest.raises(AssertionError):
        await drawn.press("仅无线")
    assert not said


@pytest.mark.parametrize(
    ("language", "scale", "rowed"),
    [("zh_CN", 1.0, False), ("zh_CN", 2.0, False), ("en", 1.0, False), ("en", 2.0, True)],
)
async def test_statuses_have_rows_of_their_own_where_a_word_would_break(
    language: str, scale: float, rowed: bool
) -> None:
    client = HandMade()
    client.state.app.text_scale = scale
    bed = BedView("1", "s1", "孙慧乐", status=Status.PRESENT)
    words.use(language)
    try:

        async def choose(*_: object) -> None: ...

        def sheet() -> ft.Control:
            return status_sheet(bed, False, "", choose, lambda: None)

        drawn = await show(client, guarded(sheet))
        shares = {
            one.col["xs"] for one in drawn.controls(ft.Container) if isinstance(one.col, dict)
        }
        assert shares == ({12} if rowed else {6, 12})
    finally:
        words.use("zh_CN")
