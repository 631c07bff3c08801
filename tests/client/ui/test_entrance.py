"""Entering: what is secret stays hidden until the person wants to see it."""

import flet as ft
import pytest

from client.ui.entrance.frame import secret_box
from client.ui.guarded import guarded
from client.ui.kit.fields import use_field
from tests.client.ui.flet_tree import draw

pytestmark = pytest.mark.asyncio


async def test_the_eye_has_a_name_and_shows_what_is_typed_already() -> None:
    @guarded
    def part() -> ft.Control:
        return secret_box("密码", use_field(), lambda: None)

    drawn = await draw(part)
    await drawn.write("密码", "correct horse")
    (field,) = drawn.controls(ft.TextField)
    assert field.password and not field.can_reveal_password
    await drawn.press("显示输入的内容")
    (field,) = drawn.controls(ft.TextField)
    assert not field.password and field.value == "correct horse"
    await drawn.press("隐藏输入的内容")
    assert next(drawn.controls(ft.TextField)).password
