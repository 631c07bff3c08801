"""Single keys that do something on a screen, for people who work with a keyboard."""

from collections.abc import Awaitable, Callable, Mapping
from typing import cast

import flet as ft

from client.ui.guarded import use_latest

Stroke = Callable[[], None] | Callable[[], Awaitable[None]]


def use_keys(strokes: Mapping[str, Stroke], *, typing: Callable[[], bool] | None = None) -> None:
    """A hook: while this part is shown, a key without modifiers calls its stroke.

    While `typing` says that letters go into a field, only Escape is heard.
    """

    async def pressed(e: ft.KeyboardEvent) -> None:
        if e.ctrl or e.alt or e.meta or (typing is not None and typing() and e.key != "Escape"):
            return
        stroke = strokes.get(e.key)
        if stroke is not None and (going := stroke()) is not None:
            await going

    latest = use_latest(pressed)
    ours = ft.use_ref(cast(object, None))

    def listen() -> None:
        page = ft.context.page

        async def heard(e: ft.KeyboardEvent) -> None:
            await latest(e)

        ours.current = heard
        page.on_keyboard_event = heard

    def leave() -> None:
        page = ft.context.page
        # The next screen may have put its own keys there already.
        if page.on_keyboard_event is ours.current:
            page.on_keyboard_event = None

    ft.use_effect(listen, [], cleanup=leave)
