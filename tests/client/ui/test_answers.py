"""The page's answers reach whoever asked, even when what was asked has left the screen."""

import asyncio
from collections.abc import Callable

import flet as ft
import pytest
from flet.messaging.protocol import InvokeMethodRequestBody, Message
from flet.messaging.session import Session

from client.ui.answers import take_late_answers
from client.ui.guarded import guarded
from client.ui.redraw import redraw_where_shown
from tests.client.ui.flet_tree import Drawn, draw, settle

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def like_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    # Put back afterwards: flet's own way is what is replaced.
    for name in ("handle_invoke_method_results", "invoke_method"):
        monkeypatch.setattr(Session, name, getattr(Session, name))
    take_late_answers()


async def asked_and_left(
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[Drawn, int, str, "asyncio.Task[object]"]:
    """A part was asked for something and is gone before the page answers."""
    leave: list[Callable[[], None]] = []

    @guarded
    def screen() -> ft.Control:
        here, set_here = ft.use_state(True)
        leave.append(lambda: set_here(False))
        return ft.Column([ft.TextField(label="在这里")] if here else [])

    drawn = await draw(screen)
    field = next(drawn.controls(ft.TextField))
    sent: list[Message] = []
    monkeypatch.setattr(drawn.session.connection, "send_message", sent.append)
    asking = asyncio.ensure_future(drawn.session.invoke_method(field._i, "focus", {}))
    await settle()
    body = sent[-1].body
    assert isinstance(body, InvokeMethodRequestBody)
    id, call = field._i, body.call_id
    leave[-1]()
    await settle()
    assert id not in drawn.session.index
    return drawn, id, call, asking


async def test_a_late_answer_is_given_to_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, id, call, asking = await asked_and_left(monkeypatch)
    drawn.session.handle_invoke_method_results(id, call, "done", None)
    assert await asking == "done"
    assert id not in drawn.session.index, "what is gone stays gone"


async def test_a_late_refusal_is_an_error_of_the_call_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn, id, call, asking = await asked_and_left(monkeypatch)
    drawn.session.handle_invoke_method_results(id, call, None, "it was taken away")
    with pytest.raises(RuntimeError, match="taken away"):
        await asking


async def test_an_answer_nobody_waits_for_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, id, call, asking = await asked_and_left(monkeypatch)
    asking.cancel()
    drawn.session.handle_invoke_method_results(id, "another call", "done", None)
    drawn.session.handle_invoke_method_results(id, call, "done", None)


async def test_a_page_closed_for_good_gives_up_who_asked_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    drawn, _, _, asking = await asked_and_left(monkeypatch)
    drawn.session.close()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert caplog.records == []


async def test_a_page_closed_for_good_stops_nobody_elses_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its parts may still listen, held by work of theirs that has yet to end."""
    changes: list[Callable[[], None]] = []

    @guarded
    def screen() -> ft.Control:
        count, set_count = ft.use_state(0)
        changes.append(lambda: set_count(count + 1))
        return ft.Text(f"{count}")

    redraw_where_shown()
    drawn = await draw(screen)
    gone = property(lambda _: (_ for _ in ()).throw(RuntimeError("destroyed session")))
    monkeypatch.setattr(type(drawn.page), "session", gone)
    changes[-1]()
