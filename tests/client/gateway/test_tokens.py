"""Tokens: renewed once however many find them stale, kept before they are used, never shown."""

import asyncio
import gzip
import json
import logging

import httpx
import pytest

from client.gateway.errors import Refused, Unreachable
from client.gateway.gateway import COMPRESS_FROM_BYTES, Gateway
from client.gateway.tokens import MemoryTokens
from ledger.wire.accounts import Tokens
from ledger.wire.journal import Pull, Pulled
from ledger.wire.problems import Problem, ProblemCode

PULLED = Pulled(
    entries=[], heads=[], cursors={}, more=False, receipts=[], number=0, hash="", time="t"
)


def tokens(number: int) -> Tokens:
    return Tokens(
        access_token=f"access-{number}", refresh_token=f"refresh-{number}", expires_in=600
    )


def problem(code: ProblemCode, status: int = 401) -> httpx.Response:
    return httpx.Response(status, content=Problem(code=code).model_dump_json())


class Server:
    """Takes only its newest access token, and each refresh token once."""

    def __init__(self) -> None:
        self.newest = 2
        self.renewals: list[str] = []
        self.requests: list[httpx.Request] = []
        self.refuse_renewal = False
        self.always_stale = False

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        await asyncio.sleep(0.01)
        if request.url.path == "/v1/token":
            used = dict(part.split("=") for part in request.content.decode().split("&"))
            self.renewals.append(used["refresh_token"])
            if self.refuse_renewal:
                return problem(ProblemCode.SIGN_IN_AGAIN)
            return httpx.Response(200, content=tokens(self.newest).model_dump_json())
        given = request.headers["Authorization"]
        if self.always_stale or given != f"Bearer access-{self.newest}":
            return problem(ProblemCode.SIGN_IN_AGAIN)
        return httpx.Response(200, content=PULLED.model_dump_json())


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def kept() -> MemoryTokens:
    return MemoryTokens(tokens(1))


@pytest.fixture
def gateway(server: Server, kept: MemoryTokens) -> Gateway:
    transport = httpx.MockTransport(server)
    return Gateway("http://district", kept, app_version="1", transport=transport)


async def test_a_stale_token_is_renewed_and_the_request_made_again(
    gateway: Gateway, server: Server, kept: MemoryTokens
) -> None:
    assert await gateway.pull(Pull()) == PULLED
    assert server.renewals == ["refresh-1"]
    assert await kept.load() == tokens(2)


async def test_of_many_who_find_it_stale_one_renews(gateway: Gateway, server: Server) -> None:
    answers = await asyncio.gather(*(gateway.pull(Pull()) for _ in range(20)))
    assert answers == [PULLED] * 20
    assert server.renewals == ["refresh-1"]


async def test_a_good_token_is_left_alone(
    gateway: Gateway, server: Server, kept: MemoryTokens
) -> None:
    await kept.save(tokens(2))
    await gateway.pull(Pull())
    assert server.renewals == []


async def test_a_server_that_finds_every_token_stale_is_asked_twice(
    gateway: Gateway, server: Server
) -> None:
    server.always_stale = True
    with pytest.raises(Refused) as caught:
        await gateway.pull(Pull())
    assert caught.value.code is ProblemCode.SIGN_IN_AGAIN
    assert len(server.renewals) == 1
    assert len(server.requests) == 3


async def test_a_refused_renewal_leaves_the_tokens_as_they_were(
    gateway: Gateway, server: Server, kept: MemoryTokens
) -> None:
    server.refuse_renewal = True
    with pytest.raises(Refused):
        await gateway.pull(Pull())
    assert await kept.load() == tokens(1)


async def test_the_new_tokens_are_kept_before_they_are_used(server: Server) -> None:
    """A refresh token works once: a crash between using and keeping would sign the device out."""

    class Full(MemoryTokens):
        async def save(self, tokens: Tokens | None) -> None:
            raise OSError("no room")

    transport = httpx.MockTransport(server)
    gateway = Gateway("http://d", Full(tokens(1)), app_version="1", transport=transport)
    with pytest.raises(OSError, match="no room"):
        await gateway.pull(Pull())
    used = [one.headers.get("Authorization") for one in server.requests]
    assert "Bearer access-2" not in used


async def test_the_network_lost_while_renewing_is_no_sign_out(
    server: Server, kept: MemoryTokens
) -> None:
    async def broken(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/token":
            raise httpx.ReadTimeout("")
        return await server(request)

    transport = httpx.MockTransport(broken)
    gateway = Gateway("http://d", kept, app_version="1", transport=transport)
    with pytest.raises(Unreachable):
        await gateway.pull(Pull())
    assert await kept.load() == tokens(1)


async def test_without_tokens_the_server_is_asked_once(server: Server) -> None:
    transport = httpx.MockTransport(server)
    gateway = Gateway("http://d", MemoryTokens(), app_version="1", transport=transport)
    with pytest.raises(Refused):
        await gateway.pull(Pull())
    assert server.renewals == []


async def test_signing_in_keeps_the_tokens(
    gateway: Gateway, server: Server, kept: MemoryTokens
) -> None:
    server.newest = 7

    async def token(request: httpx.Request) -> httpx.Response:
        assert b"password=p%40ss+word" in request.content
        return httpx.Response(200, content=tokens(7).model_dump_json())

    gateway = Gateway("http://d", kept, app_version="1", transport=httpx.MockTransport(token))
    assert await gateway.sign_in("t1", "p@ss word") == tokens(7)
    assert await kept.load() == tokens(7)


async def test_no_token_and_no_password_is_logged(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await gateway.pull(Pull())
    for secret in ("access-1", "access-2", "refresh-1"):
        assert secret not in caplog.text
    assert "access-1" not in repr(gateway)


@pytest.mark.parametrize("many", [0, 200])
async def test_what_is_long_travels_compressed(
    gateway: Gateway, server: Server, kept: MemoryTokens, many: int
) -> None:
    await kept.save(tokens(2))
    waiting = [f"{number:036}" for number in range(many)]
    await gateway.pull(Pull(waiting=waiting))
    (request,) = server.requests
    content = request.content
    if many:
        assert request.headers["Content-Encoding"] == "gzip"
        assert len(content) < COMPRESS_FROM_BYTES * 2
        content = gzip.decompress(content)
    else:
        assert "Content-Encoding" not in request.headers
    assert json.loads(content)["waiting"] == waiting
