"""A network that may do anything to a request, straight into the server's application.

Every request meets the next fault of a list, and a clean way once the list is used up. Nothing
here knows what is sent: a fault is one of bytes and of time.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpx

App = Callable[[Any, Any, Any], Any]
PIECE_BYTES = 1500


class Way(StrEnum):
    """What becomes of one request."""

    CLEAN = "clean"
    LOST = "lost"
    """It never arrives."""
    UNANSWERED = "unanswered"
    """It is served, and the answer is lost."""
    CUT_REQUEST = "cut_request"
    """The line breaks while it is sent."""
    CUT_ANSWER = "cut_answer"
    """The line breaks while the answer comes."""
    SHORT_ANSWER = "short_answer"
    """A middlebox ends the answer too early and says that this was all."""
    TWICE = "twice"
    """It is served twice, one after the other."""
    TWICE_AT_ONCE = "twice_at_once"
    LATE = "late"
    """The device gives up; the request arrives later, after others."""
    SLOW = "slow"
    """Whatever else is under way overtakes it."""
    PROXY = "proxy"
    """Somebody in between answers in the server's place."""


@dataclass(frozen=True, slots=True)
class Fault:
    way: Way
    part: float = 0.5
    """Where a cut falls, from 0 (the first byte) to 1."""


@dataclass(frozen=True, slots=True)
class Sent:
    method: str
    path: str
    query: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Wire(httpx.AsyncBaseTransport):
    """`app` is asked for at every request: a restarted server is another one, a stopped none."""

    def __init__(self, app: Callable[[], App | None]) -> None:
        self._app = app
        self.faults: deque[Fault] = deque()
        self.late: deque[Sent] = deque()
        self.broken: list[str] = []
        """Requests that made the server stumble: there must be none."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = Sent(
            request.method,
            request.url.path,
            request.url.query,
            [(name.lower(), value) for name, value in request.headers.raw],
            await request.aread(),
        )
        fault = self.faults.popleft() if self.faults else Fault(Way.CLEAN)
        answer = await self._go(sent, fault)
        return _response(answer, fault)

    async def deliver_late(self, which: int) -> None:
        """Let one of the requests arrive that their devices have given up."""
        if self.late:
            self.late.rotate(which)
            await self._serve(self.late.popleft())

    async def _go(self, sent: Sent, fault: Fault) -> Answer:
        match fault.way:
            case Way.LOST:
                raise httpx.ConnectError("lost on the way")
            case Way.LATE:
                self.late.append(sent)
                raise httpx.ReadTimeout("no answer in time")
            case Way.PROXY:
                return Answer(502, [(b"content-type", b"text/html")], b"<h1>Bad Gateway</h1>")
            case Way.CUT_REQUEST:
                await self._serve(sent, cut=int(len(sent.body) * fault.part))
                raise httpx.WriteError("the line broke")
            case Way.TWICE:
                await self._serve(sent)
            case Way.TWICE_AT_ONCE:
                return (await asyncio.gather(self._serve(sent), self._serve(sent)))[1]
            case Way.SLOW:
                for _ in range(1 + int(fault.part * 40)):
                    await asyncio.sleep(0.001)
        answer = await self._serve(sent)
        if fault.way is Way.UNANSWERED:
            raise httpx.ReadError("the answer was lost")
        return answer

    async def _serve(self, sent: Sent, cut: int | None = None) -> Answer:
        app = self._app()
        if app is None:
            raise httpx.ConnectError("nobody is there")
        answer = await call(app, sent, cut)
        if answer is None:
            if cut is None:
                self.broken.append(f"{sent.method} {sent.path}: no answer")
            raise httpx.ReadError("no answer")
        if answer.status >= 500 and cut is None:
            self.broken.append(f"{sent.method} {sent.path}: {answer.status}")
        return answer


async def call(app: App, sent: Sent, cut: int | None = None) -> Answer | None:
    """Serve one request; with `cut` the line breaks after so many bytes of its body."""
    body = sent.body if cut is None else sent.body[:cut]
    pieces = [body[start : start + PIECE_BYTES] for start in range(0, len(body), PIECE_BYTES)]
    incoming: deque[dict[str, Any]] = deque(
        {"type": "http.request", "body": piece, "more_body": True} for piece in pieces
    )
    if cut is None:
        incoming.append({"type": "http.request", "body": b"", "more_body": False})
    status, headers, out, done = 0, [], bytearray(), asyncio.Event()

    async def receive() -> dict[str, Any]:
        if incoming:
            return incoming.popleft()
        if cut is None:
            await done.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            out.extend(message.get("body", b""))
            if not message.get("more_body"):
                done.set()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": sent.method,
        "scheme": "http",
        "path": sent.path,
        "raw_path": sent.path.encode(),
        "query_string": sent.query,
        "root_path": "",
        "headers": sent.headers,
        "client": ("127.0.0.1", 4),
        "server": ("district", 80),
    }
    try:
        await app(scope, receive, send)
    except Exception:  # noqa: BLE001
        # Starlette answers first and raises then; without an answer the line just ends.
        if not done.is_set():
            return None
    return Answer(status, headers, bytes(out)) if done.is_set() else None


def _response(answer: Answer, fault: Fault) -> httpx.Response:
    body = answer.body
    if fault.way is Way.SHORT_ANSWER:
        body = body[: int(len(body) * fault.part)]
        headers = [(name, value) for name, value in answer.headers if name != b"content-length"]
        return httpx.Response(answer.status, headers=headers, stream=_Stream(body))
    if fault.way is Way.CUT_ANSWER:
        body = body[: int(len(body) * fault.part)]
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(body, breaks=True)
        )
    return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(body))


class _Stream(httpx.AsyncByteStream):
    def __init__(self, body: bytes, *, breaks: bool = False) -> None:
        self._body = body
        self._breaks = breaks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._body:
            yield self._body
        if self._breaks:
            raise httpx.RemoteProtocolError("the line broke in the answer")
