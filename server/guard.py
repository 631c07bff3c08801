"""What every request passes first: does this client still speak our protocol?

And what every answer carries: headers that keep a browser from doing anything with it.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.wire.problems import ProblemCode
from ledger.wire.protocol import PROTOCOL, PROTOCOL_HEADER
from server.problems import Refusal

OPEN_TO_ALL = frozenset({"/v1/hello"})
"""Where anyone may ask which protocol we speak."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Guard:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        path = scope["path"]
        if path.startswith("/v1/") and path not in OPEN_TO_ALL and not _speaks_ours(scope):
            problem = Refusal(ProblemCode.OUTDATED, f"this server speaks protocol {PROTOCOL}")
            await problem.response()(scope, receive, send_guarded)
            return
        await self.app(scope, receive, send_guarded)


def _speaks_ours(scope: Scope) -> bool:
    return Headers(scope=scope).get(PROTOCOL_HEADER.lower(), "") == str(PROTOCOL)
