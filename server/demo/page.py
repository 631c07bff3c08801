"""The demo's own page: phone and desktop side by side, and the switch of the phone's network."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.demo.relay import Relay
from server.demo.samples import Sample, picture

FILES = Path(__file__).with_name("files")
FONTS = Path(__file__).parents[2] / "assets" / "fonts"
"""The app's own: not every machine has one with Chinese."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; frame-src http://127.0.0.1:*; "
    "frame-ancestors 'none'; form-action 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cache-control": b"no-store",
}
SHEET_LIMIT_S = 60.0
NetworkChanged = Callable[[], Awaitable[None]]


class DemoPage:
    """Answers for the page; `about` is what it shows, and what `--info-file` says."""

    def __init__(
        self,
        about: Callable[[], dict[str, Any]],
        samples: Sequence[Sample],
        relay: Relay,
        network_changed: Callable[[], None],
        print_labels: Sequence[str],
        sheet: Path,
    ) -> None:
        """`print_labels`: the command that writes the labels to `sheet`."""
        self._about = about
        self._samples = samples
        self._relay = relay
        self._network_changed = network_changed
        self._print_labels = print_labels
        self._sheet = sheet
        self._printing = asyncio.Lock()

    def app(self) -> Starlette:
        files = {"/": "index.html", "/demo.css": "demo.css", "/demo.js": "demo.js"}
        return Starlette(
            routes=[
                *(Route(path, _file(FILES / name)) for path, name in files.items()),
                *(Route(f"/fonts/{one.name}", _file(one)) for one in FONTS.glob("*.woff2")),
                Route("/demo.json", self._tell),
                Route("/network", self._network),
                Route("/network", self._switch, methods=["POST"]),
                Route("/labels/{number:int}.png", self._label),
                Route("/labels.pdf", self._labels),
            ],
            middleware=[
                # Not even another site's scripts, under a name that leads here, may ask.
                Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"]),
                Middleware(_WithHeaders),
            ],
        )

    async def _tell(self, _request: Request) -> Response:
        return JSONResponse(self._about())

    async def _network(self, _request: Request) -> Response:
        return JSONResponse({"connected": self._relay.connected})

    async def _switch(self, request: Request) -> Response:
        # Browsers ask before they send JSON to another site, and we never say yes.
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            return JSONResponse({"error": "send JSON"}, 415)
        try:
            wanted = (await request.json())["connected"]
        except (ValueError, KeyError, TypeError):
            wanted = None
        if not isinstance(wanted, bool):
            return JSONResponse({"error": 'send {"connected": true} or false'}, 400)
        try:
            if wanted:
                await self._relay.restore()
            else:
                self._relay.cut()
        except OSError as error:
            return JSONResponse({"connected": False, "error": str(error)}, 503)
        self._network_changed()
        return await self._network(request)

    async def _label(self, request: Request) -> Response:
        number = request.path_params["number"]
        if number >= len(self._samples):
            return Response(status_code=404)
        return Response(picture(self._samples[number].text), media_type="image/png")

    async def _labels(self, _request: Request) -> Response:
        """All labels, as the school prints them: drawn anew, a label may have been reissued."""
        async with self._printing:
            problem = await self._draw_sheet()
            if problem:
                return Response(problem, 500, media_type="text/plain")
            content = self._sheet.read_bytes()
        headers = {"Content-Disposition": 'inline; filename="labels.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    async def _draw_sheet(self) -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *self._print_labels,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await asyncio.wait_for(process.communicate(), SHEET_LIMIT_S)
        except TimeoutError:
            return "the labels took too long"
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        return said.decode("utf-8", "replace") if process.returncode else ""


def _file(path: Path) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_request: Request) -> Response:
        return FileResponse(path)

    return answer


class _WithHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *HEADERS.items()]}
            await send(message)

        await self.app(scope, receive, send_with_headers)
