"""Draws screens without a display and looks around in what they drew.

    screen = draw(today_screen, view)
    assert "12 / 18" in screen.words()
    await screen.press("扫码打卡")

A drawn tree is a real flet session whose client is missing: components render, state changes
re-render, effects run; only the picture is not there.
"""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import flet as ft
import msgpack
from flet.components.public_utils import unwrap_component
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    Message,
    MessageAction,
    RegisterClientResponseBody,
    configure_encode_object_for_msgpack,
)
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

ControlT = TypeVar("ControlT", bound=ft.BaseControl)

QUIET_TURNS = 20


class _NobodyWatches(Connection):
    """A connection whose other end never answers."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.pubsubhub = PubSubHub()
        self.sent: list[Any] = []

    def send_message(self, message: Any) -> None:
        # Packing is part of drawing: what can't be packed would not arrive.
        msgpack.packb(
            [message.action, message.body],
            default=configure_encode_object_for_msgpack(ft.BaseControl),
        )
        self.sent.append(message.action)


class Drawn:
    """A screen that was drawn, and everything in it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.page = session.page

    def controls(self, kind: type[ControlT] = ft.BaseControl) -> Iterator[ControlT]:
        """All of a kind, in drawing order, dialogs last."""
        yield from (c for c in _walk(self.page.views, set()) if isinstance(c, kind))
        yield from (c for c in _walk(self.page._dialogs.controls, set()) if isinstance(c, kind))

    def words(self) -> str:
        """Everything one could read, one text a line."""
        return "\n".join(text for control in self.controls() for text in _texts(control))

    def tappable(self, name: str) -> ft.BaseControl:
        """The innermost thing with these words that can be pressed."""
        found = [
            control
            for control in self.controls()
            if getattr(control, "on_click", None) and name in _name(control)
        ]
        if not found:
            raise AssertionError(f"nothing called {name!r} can be pressed in:\n{self.words()}")
        return min(found, key=lambda control: len(_name(control)))

    async def press(self, name: str) -> None:
        control = self.tappable(name)
        assert not getattr(control, "disabled", False), f"{name!r} is disabled"
        await self.send(control, "click")

    async def write(self, label: str, value: str) -> None:
        field = next(f for f in self.controls(ft.TextField) if label_of(f) == label)
        # As a client tells it: a field that is drawn can't be set otherwise.
        self.session.apply_patch(field._i, {"value": value})
        await self.send(field, "change", value)

    async def key(self, name: str) -> None:
        """Press a key on the keyboard."""
        data = {"key": name, "shift": False, "ctrl": False, "alt": False, "meta": False}
        await self.send(self.page, "keyboard_event", data)

    async def settle(self) -> None:
        await settle()

    async def send(self, control: ft.BaseControl, event: str, data: Any = None) -> None:
        await self.session.dispatch_event(control._i, event, data)
        await settle()


async def draw(
    component: Callable[..., Any], *args: Any, width: float = 390, route: str = "/", **kwargs: Any
) -> Drawn:
    """Draw one component on a page; one that makes views gets the whole page."""
    session = Session(_NobodyWatches())
    page = session.page
    page.width, page.height, page.route, page.web = width, 844.0, route, True
    # What a client is told when it registers; from here on flet sends differences.
    hello = RegisterClientResponseBody(session.id, session.get_page_patch(), error="")
    session.connection.send_message(Message(MessageAction.REGISTER_CLIENT, hello))
    _context_page.set(page)  # pyright: ignore[reportArgumentType]
    makes_views = inspect.signature(component).return_annotation is ft.View
    if makes_views:
        page.render_views(lambda: [component(*args, **kwargs)])
    else:
        page.render(component, *args, **kwargs)
    await settle()
    return Drawn(session)


async def settle() -> None:
    """Let everything that is ready to run, run."""
    for _ in range(QUIET_TURNS):
        await asyncio.sleep(0)


def within(control: ft.BaseControl) -> Iterator[ft.BaseControl]:
    """The control and everything in it."""
    return _walk(control, set())


def _walk(value: Any, seen: set[int]) -> Iterator[ft.BaseControl]:
    value = unwrap_component(value)
    if isinstance(value, list | tuple):
        for item in value:
            yield from _walk(item, seen)
    elif isinstance(value, ft.BaseControl) and id(value) not in seen:
        seen.add(id(value))
        if getattr(value, "visible", True):
            yield value
            for part in fields(value) if is_dataclass(value) else ():
                if not part.name.startswith("_") and part.name not in ("parent", "page"):
                    yield from _walk(getattr(value, part.name, None), seen)


_TEXT_FIELDS = ("value", "label", "content", "title", "text", "semantics_label", "tooltip", "error")


def _texts(control: ft.BaseControl) -> list[str]:
    values = (getattr(control, field, None) for field in _TEXT_FIELDS)
    return [value for value in values if isinstance(value, str) and value]


def label_of(field: ft.TextField) -> str:
    return field.label.value if isinstance(field.label, ft.Text) else str(field.label or "")


def _name(control: ft.BaseControl) -> str:
    return "\n".join(text for part in _walk(control, set()) for text in _texts(part))
