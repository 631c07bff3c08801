"""The district server as the client sees it: one method per request, our types in and out.

The only module that knows HTTP. One httpx client is kept alive for all requests. An access token
that has run out is renewed once per request; tokens never appear in a log or an address.
"""

import asyncio
import gzip
import ssl
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import httpx
from httpx_sse import EventSource
from pydantic import BaseModel

from client.gateway.answers import events, whole
from client.gateway.errors import GatewayError, NotOurServer, Refused, refusal, translated
from client.gateway.tokens import TokenKeeper
from client.gateway.traffic import Traffic
from ledger.wire.accounts import EnrolByCode, EnrolByPassword, Enrolled, Successor, Tokens
from ledger.wire.bundles import BundleTaken
from ledger.wire.journal import Open, Opened, OwnAsked, OwnHeld, Pull, Pulled, Push, Pushed, Woken
from ledger.wire.photos import PhotosAsked, PhotosHeld
from ledger.wire.problems import ProblemCode
from ledger.wire.protocol import APP_HEADER, PROTOCOL, PROTOCOL_HEADER, Hello

M = TypeVar("M", bound=BaseModel)
Note = Callable[[int, int], None]
TIMEOUT = httpx.Timeout(20.0, connect=8.0)
LIMITS = httpx.Limits(max_connections=8, max_keepalive_connections=4, keepalive_expiry=60.0)
"""Kept open between requests: on a slow link a new connection costs as much as fifty entries."""
DELIVERY_TIMEOUT = httpx.Timeout(300.0, connect=8.0)
DELIVERY_PIECE_BYTES = 64 * 1024
"""Two seconds of a bad link: its bar moves."""
LIVE_SILENCE_S = 45.0
"""The server says something every 15 s; three missed and the line is dead."""
COMPRESS_FROM_BYTES = 1400
"""Below one packet compression gains nothing."""
COMPRESS_LEVEL = 6
"""A third off a batch of check-ins against level 1, for a fifth of a millisecond an entry."""
PIECE_BYTES = 16 * 1024
"""A body goes out in such pieces: time limits and progress are of one piece, however slow the
link."""


class Gateway:
    def __init__(
        self,
        server: str,
        tokens: TokenKeeper,
        *,
        app_version: str,
        transport: httpx.AsyncBaseTransport | None = None,
        delivering: Callable[[], AbstractContextManager[Note]] = lambda: nullcontext(_no_note),
    ) -> None:
        """`delivering` surrounds every delivery of a bundle; what it gives is told how many bytes
        of how many have left."""
        self.server = server
        self._delivering = delivering
        self._tokens = tokens
        self._renewing = asyncio.Lock()
        self.traffic = Traffic()
        with translated():
            self._http = httpx.AsyncClient(
                base_url=server,
                timeout=TIMEOUT,
                limits=LIMITS,
                transport=transport,
                verify=_trust() if server.lower().startswith("https") else True,
                headers={
                    PROTOCOL_HEADER: str(PROTOCOL),
                    APP_HEADER: app_version,
                    "Accept-Encoding": "gzip",
                },
                follow_redirects=False,
            )

    async def close(self) -> None:
        await self._http.aclose()

    async def hello(self) -> Hello:
        """Who is there? Raises `NotOurServer` when it isn't a Xun'an server."""
        answer = await self._exchange("GET", "/v1/hello")
        hello = _read(answer, Hello)
        if hello.product != "xunan":
            raise NotOurServer(hello.product)
        return hello

    async def sign_in(self, username: str, password: str) -> Tokens:
        """Exchange a password for tokens and keep them."""
        form = {"grant_type": "password", "username": username, "password": password}
        tokens = _read(await self._exchange("POST", "/v1/token", data=form), Tokens)
        await self._tokens.save(tokens)
        return tokens

    async def enrol_by_code(self, request: EnrolByCode) -> Enrolled:
        return await self._enrolled(
            await self._exchange("POST", "/v1/enrol", json=request.model_dump())
        )

    async def enrol_device(self, request: EnrolByPassword) -> Enrolled:
        return await self._enrolled(await self._post("/v1/devices", request))

    async def photos_held(self, hashes: Sequence[str]) -> set[str]:
        """Which of these (at most 500) the server has whole."""
        answer = await self._post("/v1/photos/held", PhotosAsked(hashes=tuple(hashes)))
        return set(_read(answer, PhotosHeld).held)

    async def push(self, batch: Push) -> Pushed:
        return _read(await self._post("/v1/push", batch), Pushed)

    async def pull(self, request: Pull) -> Pulled:
        return _read(await self._post("/v1/pull", request), Pulled)

    async def open(self, request: Open) -> Opened:
        return _read(await self._post("/v1/open", request), Opened)

    async def own(self, request: OwnAsked) -> OwnHeld:
        """This device's own entries as the server holds them."""
        return _read(await self._post("/v1/own", request), OwnHeld)

    async def succeed(self, request: Successor) -> Enrolled:
        """Go on under a new key. The tokens that come with it are not kept here: they are the
        new device's."""
        return _read(await self._post("/v1/devices/successor", request), Enrolled)

    async def deliver(self, bundle: Path) -> BundleTaken:
        """Hand over a bundle as it is, read from the disk piece by piece. A large one takes its
        time."""
        headers = {"Content-Type": "application/octet-stream"}
        total = (await asyncio.to_thread(bundle.stat)).st_size
        headers["Content-Length"] = str(total)
        for attempt in (1, 2):
            authorization = await self._authorization()
            with self._delivering() as note:
                answer = await self._exchange(
                    "POST",
                    "/v1/bundles",
                    content=self._counted(_pieces_of(bundle, lambda done: note(done, total))),
                    headers={**headers, **authorization},
                    timeout=DELIVERY_TIMEOUT,
                )
            if answer.is_success:
                return _read(answer, BundleTaken)
            error = refusal(answer)
            if attempt == 2 or not _is_stale(error):
                raise error
            await self._renew(authorization["Authorization"])
        raise AssertionError("unreachable")

    async def live(self) -> AsyncIterator[Woken]:
        """Yield a value whenever there is something to pull; ends by raising `GatewayError`."""
        timeout = httpx.Timeout(LIVE_SILENCE_S, connect=8.0)
        with translated():
            headers = {**await self._authorization(), "Accept": "text/event-stream"}
            async with self._http.stream(
                "GET", "/v1/live", headers=headers, timeout=timeout
            ) as answer:
                if answer.status_code != 200:
                    error = refusal(await whole(answer))
                    if _is_stale(error):
                        await self._renew(headers["Authorization"])
                    raise error
                counted = 0
                async for event in EventSource(events(answer)).aiter_sse():
                    self.traffic.answered(answer, counted)
                    counted = answer.num_bytes_downloaded
                    if event.event == "journal":
                        yield Woken.model_validate_json(event.data)

    async def _enrolled(self, answer: httpx.Response) -> Enrolled:
        enrolled = _read(answer, Enrolled)
        await self._tokens.save(enrolled.tokens)
        return enrolled

    async def _post(self, path: str, message: BaseModel) -> httpx.Response:
        content = message.model_dump_json().encode()
        headers = {"Content-Type": "application/json"}
        if len(content) > COMPRESS_FROM_BYTES:
            content = await asyncio.to_thread(gzip.compress, content, COMPRESS_LEVEL)
            headers["Content-Encoding"] = "gzip"
        return await self.request("POST", path, headers, content)

    async def request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        content: bytes = b"",
        sent: Callable[[int], None] = lambda bytes: None,
    ) -> httpx.Response:
        """One signed-in request; anything but a success is raised as `GatewayError`. `sent` is
        told how many bytes of the content have left."""
        for attempt in (1, 2):
            authorization = await self._authorization()
            answer = await self._exchange(
                method,
                path,
                # A length of our own keeps httpx from announcing pieces without one.
                headers={**headers, **authorization, "Content-Length": str(len(content))},
                content=self._in_pieces(content, sent),
            )
            if answer.is_success:
                return answer
            error = refusal(answer)
            if attempt == 2 or not _is_stale(error):
                raise error
            await self._renew(authorization["Authorization"])
        raise AssertionError("unreachable")

    async def _exchange(self, method: str, path: str, **parts: Any) -> httpx.Response:
        """One request and the whole of its answer, counted as far as it came."""
        with translated():
            request = self._http.build_request(method, path, **parts)
            self.traffic.asked(request)
            answer = await self._http.send(request, stream=True)
            try:
                return await whole(answer)
            finally:
                self.traffic.answered(answer)
                await answer.aclose()

    async def _in_pieces(self, content: bytes, sent: Callable[[int], None]) -> AsyncIterator[bytes]:
        for start in range(0, len(content), PIECE_BYTES):
            piece = content[start : start + PIECE_BYTES]
            yield piece
            self.traffic.sent += len(piece)
            sent(start + len(piece))

    async def _counted(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for piece in pieces:
            yield piece
            self.traffic.sent += len(piece)

    async def _authorization(self) -> dict[str, str]:
        tokens = await self._tokens.load()
        return {"Authorization": f"Bearer {tokens.access_token if tokens else ''}"}

    async def _renew(self, stale: str) -> None:
        """Get a new access token; of several who find it stale only the first asks."""
        async with self._renewing:
            tokens = await self._tokens.load()
            if tokens is None or f"Bearer {tokens.access_token}" != stale:
                return
            form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh_token}
            answer = await self._exchange("POST", "/v1/token", data=form)
            await self._tokens.save(_read(answer, Tokens))


async def _pieces_of(path: Path, sent: Callable[[int], None]) -> AsyncIterator[bytes]:
    """`sent` is told of every piece once the next is asked for: then it has left."""
    done = 0
    with path.open("rb") as file:
        while some := await asyncio.to_thread(file.read, DELIVERY_PIECE_BYTES):
            yield some
            done += len(some)
            sent(done)


def _no_note(done: int, total: int) -> None:
    pass


def _read(answer: httpx.Response, model: type[M]) -> M:
    if not answer.is_success:
        raise refusal(answer)
    with translated():
        return model.model_validate_json(answer.content)


def _is_stale(error: GatewayError) -> bool:
    return isinstance(error, Refused) and error.code is ProblemCode.SIGN_IN_AGAIN


def _trust() -> ssl.SSLContext:
    """The authorities the system trusts; phones bring none that Python can ask."""
    if sys.platform in ("android", "ios"):
        return httpx.create_ssl_context()
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
