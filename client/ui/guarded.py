"""Keeps one broken part from taking the app down with it.

Left alone, flet answers an exception while drawing by never drawing again, an exception in a
handler with a red screen, and an exception in an asynchronous effect with silence. Here all
three are logged, said in plain words, and survived. This module and the schedule of the sync
hold the only broad `except`s of the app.
"""

import asyncio
import logging
import weakref
from collections.abc import Awaitable, Callable, Sequence
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

import flet as ft

from client.ui.failure import failure_card, failure_view, tell_of_failure

P = ParamSpec("P")
R = TypeVar("R")

CHECK_SECONDS = 0.5

_log = logging.getLogger(__name__)


def guarded(draw: Callable[P, R]) -> Callable[P, R]:
    """A component that shows a card instead of breaking; 'try again' starts it afresh.

    A component whose return type is `ft.View` gets a whole view with the card when it fails.
    """
    draws_view = draw.__annotations__.get("return") is ft.View

    def attempt(route: str, failed: Callable[[], None], again: Callable[[], None], call: Any):
        args, kwargs = call
        try:
            return draw(*args, **kwargs)  # pyright: ignore[reportCallIssue]
        except Exception:  # noqa: BLE001
            _log.exception("could not draw %s", draw.__qualname__)
            failed()
            return failure_view(route, again) if draws_view else failure_card(again)

    # After a failure the hooks are half made and flet would mix them up, so every further
    # attempt is a component of its own, with hooks of its own.
    @ft.component
    def afresh(route: str, failed: Callable[[], None], again: Callable[[], None], call: Any):
        return attempt(route, failed, again, call)

    @ft.component
    @wraps(draw)
    def part(*args: P.args, **kwargs: P.kwargs):
        failures = ft.use_ref(0)
        _, redraw = ft.use_state(0)
        route = (ft.use_view_path() or "/") if draws_view else ""

        def failed() -> None:
            failures.current = (failures.current or 0) + 1

        def again() -> None:
            redraw(lambda count: count + 1)

        if failures.current:
            return keyed(f"{failures.current}", afresh, route, failed, again, (args, kwargs))
        return attempt(route, failed, again, (args, kwargs))

    return part  # pyright: ignore[reportReturnType]


def keyed(key: str, part: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The part with an identity that survives moving within a list, and ends with its key."""
    return part(*args, key=key, **kwargs)  # pyright: ignore[reportCallIssue]


def use_task(work: Callable[[], Awaitable[None]], dependencies: Sequence[object] = ()) -> None:
    """Run something asynchronous while this part is shown; cancelled when it goes away.

    By default once, when the part appears; again whenever one of the dependencies changes.
    """

    async def run() -> None:
        page = ft.context.page
        try:
            await work()
        except Exception:  # noqa: BLE001
            _log.exception("failed in the background")
            tell_of_failure(page)

    # A cleanup, even an empty one, is what makes flet cancel the task.
    ft.use_effect(run, dependencies, cleanup=lambda: None)


def use_start() -> Callable[..., None]:
    """`start(work, *arguments)`: for what a part reports to by calling, and that takes a while."""
    page = ft.context.page

    def start(work: Callable[..., Awaitable[None]], *arguments: object) -> None:
        async def run() -> None:
            try:
                await work(*arguments)
            except Exception:  # noqa: BLE001
                _log.exception("failed in the background")
                tell_of_failure(page)

        page.run_task(run)

    return start


def use_latest(handler: Callable[P, R]) -> Callable[P, R]:
    """A handler that stays the same object between renders, so that memoised rows stay still."""
    box, _ = ft.use_state(lambda: _Latest(handler))
    box.handler = handler
    return box.call


class _Latest(Generic[P, R]):
    def __init__(self, handler: Callable[P, R]) -> None:
        self.handler = handler
        # Bound once: a method fetched anew is equal, yet another object.
        self.call = self._call

    def _call(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.handler(*args, **kwargs)


def watch_over(page: ft.Page) -> None:
    """Call once per page, before drawing: survive failing handlers and a stopped renderer."""

    def error(message: str) -> None:
        # flet has logged the traceback already; its own answer would be the red screen.
        tell_of_failure(page)

    page.session.error = error
    task = asyncio.get_running_loop().create_task(_keep_drawing(weakref.ref(page.session)))
    _watches.add(task)
    task.add_done_callback(_watches.discard)


async def _keep_drawing(session_ref: weakref.ref) -> None:
    """The renderer's loop dies of an exception between two components; start it again."""
    while (session := session_ref()) is not None:
        if session.components_mode:
            session.start_updates_scheduler()
        del session
        await asyncio.sleep(CHECK_SECONDS)


# asyncio itself holds tasks only weakly.
_watches: set[asyncio.Task[None]] = set()
