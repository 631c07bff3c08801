"""Answers that have no end, unfold without end, or trickle are told from ours in time."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from client.gateway import answers
from client.gateway.errors import Cut, NotOurServer
from client.gateway.gateway import Gateway
from client.gateway.photos import PhotoLine
from client.gateway.tokens import MemoryTokens
from ledger.wire.accounts import Tokens
from ledger.wire.journal import Pull

PIECE = b" " * 16_384
Ask = Callable[[Gateway], Awaitable[object]]


async def listen(server: Gateway) -> None:
    async for _ in server.live():
        pass


ASKED: dict[str, Ask] = {
    "hello": lambda server: server.hello(),
    "pull": lambda server: server.pull(Pull()),
    "photo": lambda server: PhotoLine(server).fetch("0" * 64, thumbnail=False),
    "live": listen,
}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "ANSWER_LIMIT_BYTES", 10 * len(PIECE))


@pytest.fixture(params=sorted(ASKED))
def ask(request: pytest.FixtureRequest) -> Ask:
    return ASKED[request.param]


class Endless:
    """A stream that counts what was taken of it."""

    def __init__(self, piece: bytes = PIECE, pause_s: float = 0.0) -> None:
        self.piece = piece
        self.pause_s = pause_s
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.taken += 1
            yield self.piece
            await asyncio.sleep(self.pause_s)


def gateway(stream: object, status: int = 200, **headers: str) -> Gateway:
    told = {"content-type": "text/event-stream", **headers}

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers=told, content=stream)  # type: ignore[arg-type]

    tokens = MemoryTokens(Tokens(access_token="a", refresh_token="r", expires_in=600))
    transport = httpx.MockTransport(answer)
    return Gateway("http://d", tokens, app_version="1", transport=transport)


@pytest.mark.parametrize("status", [200, 404])
async def test_a_stream_without_end_is_not_ours(ask: Ask, status: int) -> None:
    stream = Endless()
    with pytest.raises(NotOurServer):
        await ask(gateway(stream, status))
    assert stream.taken < 20


async def test_a_gzip_that_unfolds_without_end_is_not_ours(ask: Ask) -> None:
    bomb = gzip.compress(PIECE * 1000)
    with pytest.raises(NotOurServer):
        await ask(gateway(bomb, **{"content-encoding": "gzip"}))  # type: ignore[arg-type]


async def test_an_answer_that_trickles_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "ANSWER_LIMIT_S", 0.1)
    with pytest.raises(Cut):
        await ASKED["pull"](gateway(Endless(b" ", pause_s=0.01)))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("at_once", [1, 7, 1000])
async def test_events_may_come_for_as_long_as_they_like(end: str, at_once: int) -> None:
    one = f'event: journal{end}data: {{"school":"S","seq":3}}{end}{end}'.encode()
    enough = 2 * answers.EVENT_LIMIT_BYTES // len(one)

    async def pieces() -> AsyncIterator[bytes]:
        said = one * enough
        for start in range(0, len(said), at_once):
            yield said[start : start + at_once]

    woken = 0
    async for _ in gateway(pieces()).live():
        woken += 1
    assert woken == enough


@pytest.mark.parametrize("offset", ["\u00b2", "9" * 5000, "-1", ""])
async def test_an_offset_that_is_no_number_is_none(offset: str) -> None:
    told = {"Upload-Offset": offset.encode("latin-1")}
    server = gateway(b"", **told)  # type: ignore[arg-type]
    assert await PhotoLine(server).offset("x") is None
