"""Serves the app to a browser on this machine: for demos, tests, and where no window opens."""

import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import flet as ft

_log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
FAREWELL_S = 3
"""How long open pages may take to end when the serving stops."""

# The browser client brings along a part that would load code from a foreign host at every
# start. Nothing of ours may depend on the public internet, so the browser is told to refuse.
CONTENT_POLICY = (
    "default-src 'self' blob: data:; "
    "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; "
    "connect-src 'self' ws: wss: blob: data:; "
    "object-src 'none'"
)

# Where a page is isolated, the browser client draws in a second thread. Now and then the two wait
# for each other for ever: the page stands still, or a text keeps the shape of another size.
ISOLATION = frozenset({b"cross-origin-opener-policy", b"cross-origin-embedder-policy"})
# The app's own page asks for its own files alone. Any other page open in the browser isn't to read
# them.
FOR_OTHER_PAGES = frozenset({b"access-control-allow-origin"})
UNSAID = ISOLATION | FOR_OTHER_PAGES


async def serve(
    main: Callable[[ft.Page], Awaitable[None]],
    assets: Path,
    on_ready: Callable[[str], None],
    port: int = 0,
) -> None:
    """Serve until cancelled. Port 0 takes any free one; `on_ready` gets the address.

    `assets` is an absolute path.
    """
    import flet_web.fastapi
    import uvicorn

    # A page that lost its connection is drawn anew, where it was. flet would send it everything it
    # shows already, and the page would compare the two for minutes without drawing or answering:
    # that takes twice as long with every part that stands in another (dart-lang/core#645).
    flet_web.fastapi.app_manager.get_session = _no_session
    flet_web.fastapi.FletApp._FletApp__send_loop = _send_until_gone  # type: ignore[attr-defined]

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                on_ready(address)

    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        address = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        # flet's own FastAPI: its lifespan starts what keeps the sessions.
        app = flet_web.fastapi.FastAPI()
        pages = flet_web.fastapi.app(
            main, assets_dir=str(assets), no_cdn=True, session_timeout_seconds=0
        )
        app.mount("/", pages)
        config = uvicorn.Config(
            _with_policy(app),
            log_level="warning",
            ws="websockets-sansio",
            lifespan="on",
            timeout_graceful_shutdown=FAREWELL_S,
        )
        await Server(config).serve(sockets=[listener])


async def _no_session(session_id: str) -> None:
    """None of those before is gone on with."""


async def _send_until_gone(page: Any) -> None:
    """Hand on what is for a page until its connection ends.

    A tab that goes away while something is sent to it is no fault. flet raises it, and forgets to
    end the page's session: its parts would live and be drawn for nobody until the app is closed.
    And what is said between the end of the line and that of the session is for nobody, either:
    flet has put the queue away by then, and stumbles.
    """
    from starlette.websockets import WebSocketDisconnect

    queue, socket = page._FletApp__send_queue, page._FletApp__websocket
    with suppress(WebSocketDisconnect):
        while (packet := await queue.get()) is not None:
            await socket.send_bytes(packet)


def _with_policy(app):
    async def wrapped(scope, receive, send):
        async def send_with_policy(message):
            if message["type"] == "http.response.start":
                policy = (b"content-security-policy", CONTENT_POLICY.encode())
                kept = [one for one in message.get("headers", []) if one[0].lower() not in UNSAID]
                message = {**message, "headers": [*kept, policy]}
            await send(message)

        await app(scope, receive, send_with_policy)

    return wrapped
