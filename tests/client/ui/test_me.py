"""The person's own page: choices are kept, and signing out warns of what would stay behind."""

import flet as ft
import pytest

from client.state.views import Moving, ProgressView
from client.ui.layout import Layout
from client.ui.me import me_screen
from tests.client.ui.flet_tree import Drawn
from tests.client.ui.hand_made import HandMade, show, sync

pytestmark = pytest.mark.asyncio


async def answer(drawn: Drawn, name: str) -> None:
    dialog = next(dialog for dialog in drawn.controls(ft.AlertDialog) if dialog.open)
    button = next(one for one in dialog.actions if getattr(one, "content", None) == name)
    await drawn.send(button, "click")


@pytest.mark.parametrize("layout", Layout)
async def test_it_says_who_and_where(layout: Layout) -> None:
    words = (await show(HandMade(), me_screen, layout)).words()
    for said in (
        "陈晓",
        "校长",
        "实验学校",
        "示范区教育局",
        "办公室电脑",
        "https://xunan.example",
        "没有网络时",
    ):
        assert said in words


@pytest.mark.parametrize(
    ("label", "choice"),
    [
        ("English", ("language", "en")),
        ("深色", ("theme", "dark")),
        ("跟随系统", ("theme", "system")),
        ("150%", ("text_scale", "1.5")),
    ],
)
async def test_choices_are_kept(label: str, choice: tuple[str, str]) -> None:
    client = HandMade()
    drawn = await show(client, me_screen)
    await drawn.press(label)
    assert client.calls.of("choose") == [choice]


async def test_signing_out_warns_of_unsent_records() -> None:
    client = HandMade()
    client.state.app.sync = sync(pending=3)
    drawn = await show(client, me_screen, Layout.PHONE)
    await drawn.press("退出登录")
    assert "还有 3 条记录没有上传" in drawn.words()
    await answer(drawn, "取消")
    assert not client.calls.of("sign_out")
    await drawn.press("退出登录")
    await answer(drawn, "仍要退出")
    assert client.calls.of("sign_out")


async def test_signing_out_warns_of_photos_that_follow_their_records() -> None:
    client = HandMade()
    client.state.app.sync = sync(photos=2)
    drawn = await show(client, me_screen, Layout.PHONE)
    await drawn.press("退出登录")
    assert "还有 2 张照片没有传完" in drawn.words()


async def test_a_read_only_database_cannot_be_left() -> None:
    client = HandMade()
    client.state.app.read_only = True
    drawn = await show(client, me_screen)
    with pytest.raises(AssertionError, match="退出登录"):
        drawn.tappable("退出登录")


async def test_the_row_for_bundles_says_that_one_is_under_way() -> None:
    client = HandMade()
    client.state.app.bundle = ProgressView(Moving.TAKEN_IN, 1, 9)
    words = (await show(client, me_screen)).words()
    assert "正在导入记录包" in words
    assert "导出未上传记录" not in words
