"""The desk's inbox: decided with few keys, undone with one tap."""

from typing import Any

import flet as ft
import pytest

from client.actions.decide_hazard import HazardDone
from client.ui.hazards.inbox import inbox_screen
from client.ui.layout import Layout
from ledger.rules.hazards.states import HazardState
from tests.client.ui.hand_made import HandMade, show
from tests.client.ui.hand_made_hazards import form_button, line, listed, opened, principal

pytestmark = pytest.mark.asyncio


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
