"""Takes an answer of the page even when the part it was asked of has gone meanwhile.

flet calls this an error, and an error in what a page sends ends its connection: the browser has
to come back, and what was to be drawn in between is lost; a window never hears of the page again.
Whoever leaves the camera while it takes a picture would live this as an app that hangs.

And gives up what a page that was closed for good will never answer: flet raises that as a fault of
whoever asked, who is gone as well.
"""

import asyncio
from typing import Any

from flet.messaging.session import Session

CLOSED = "Session closed"
"""What flet says then."""
_deliver = Session.handle_invoke_method_results
_ask = Session.invoke_method


def take_late_answers() -> None:
    """Call once per process, before anything is drawn."""
    Session.handle_invoke_method_results = _handle_invoke_method_results
    Session.invoke_method = _invoke_method


async def _invoke_method(self: Session, *asked: Any, **more: Any) -> Any:
    try:
        return await _ask(self, *asked, **more)
    except RuntimeError as error:
        if str(error) == CLOSED:
            raise asyncio.CancelledError(CLOSED) from error
        raise


def _handle_invoke_method_results(
    self: Session, control_id: int, call_id: str, result: Any, error: str | None
) -> None:
    if control_id in self.index:
        return _deliver(self, control_id, call_id, result, error)
    # flet looks up the control only to refuse: whoever asked still waits, and by the call alone.
    self.index[control_id] = self.page
    try:
        _deliver(self, control_id, call_id, result, error)
    finally:
        self.index.pop(control_id, None)
    return None
