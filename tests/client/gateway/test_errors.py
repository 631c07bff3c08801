"""Whatever the network, a proxy or a stranger does, it becomes one of four errors with words."""

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from client.gateway.errors import (
    BadCertificate,
    GatewayError,
    NotOurServer,
    Refused,
    TooMuchForProxy,
    Unreachable,
)
from client.gateway.gateway import Gateway
from client.gateway.tokens import MemoryTokens
from ledger.wire.accounts import Tokens
from ledger.wire.journal import Pull
from ledger.wire.problems import Problem, ProblemCode
from ledger.wire.protocol import APP_HEADER, PROTOCOL_HEADER

Handler = Callable[[httpx.Request], httpx.Response]
TOKENS = Tokens(access_token="access-1", refresh_token="refresh-1", expires_in=600)


def gateway(handler: Handler, tokens: Tokens | None = TOKENS) -> Gateway:
    return Gateway(
        "http://district",
        MemoryTokens(tokens),
        app_version="1",
        transport=httpx.MockTransport(handler),
    )


def raising(error: Exception) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        raise error

    return handler


def answering(status: int, content: bytes = b"", **headers: str) -> Handler:
    return lambda request: httpx.Response(status, content=content, headers=headers)


async def live(server: Gateway) -> None:
    async for _ in server.live():
        pass


REQUESTS = {
    "hello": lambda server: server.hello(),
    "sign in": lambda server: server.sign_in("t1", "password"),
    "pull": lambda server: server.pull(Pull()),
    "live": live,
}


@pytest.fixture(params=sorted(REQUESTS))
def ask(request: pytest.FixtureRequest):
    """Each kind of request."""
    return REQUESTS[request.param]


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("Connection refused"),
        httpx.ConnectError("[Errno -2] Name or service not known"),
        httpx.ConnectTimeout(""),
        httpx.ReadTimeout(""),
        httpx.WriteTimeout(""),
        httpx.PoolTimeout(""),
        httpx.ReadError(""),
        httpx.WriteError(""),
        httpx.CloseError(""),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
        httpx.ProxyError("502"),
    ],
)
async def test_no_network_is_a_normal_state(ask, error: Exception) -> None:
    with pytest.raises(Unreachable) as caught:
        await ask(gateway(raising(error)))
    assert caught.value.word == "problems.unreachable"


@pytest.mark.parametrize(
    "error",
    [
        httpx.UnsupportedProtocol("ftp"),
        httpx.InvalidURL("x"),
        httpx.TooManyRedirects("x"),
        httpx.DecodingError("not gzip"),
    ],
)
async def test_what_speaks_otherwise_is_not_our_server(ask, error: Exception) -> None:
    with pytest.raises(NotOurServer):
        await ask(gateway(raising(error)))


@pytest.mark.parametrize("wrapped", [True, False])
async def test_a_bad_certificate_is_said(ask, wrapped: bool) -> None:
    error = httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate")
    if wrapped:
        error = httpx.ConnectError("")
        error.__cause__ = ssl.SSLCertVerificationError("untrusted")
    with pytest.raises(BadCertificate):
        await ask(gateway(raising(error)))


PORTAL = b"<html><title>Wi-Fi</title></html>"


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (200, PORTAL),
        (200, b""),
        (200, b"null"),
        (200, b"[]"),
        (200, b"{"),
        (200, b"\xff\xfe\x00"),
        (200, b'{"product": "other", "district": "x", "time": "x"}'),
        (201, b"{}"),
        (204, b""),
        (302, b""),
        (304, b""),
        (404, b"Not Found"),
        (404, b'{"detail": "Not Found"}'),
        (405, b""),
        (418, b'{"code": "teapot"}'),
        (429, b'{"code": "slow_down", "retry_after_seconds": NaN}'),
        (429, b'{"code": "slow_down", "retry_after_seconds": 1e300}'),
        (429, b'{"code": "slow_down", "retry_after_seconds": -5}'),
        (500, b"Internal Server Error"),
        (511, PORTAL),
    ],
)
async def test_an_answer_that_is_not_ours(ask, status: int, content: bytes) -> None:
    with pytest.raises(NotOurServer):
        await ask(gateway(answering(status, content, location="http://portal.example/")))


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_proxy_whose_server_is_down_is_no_network(ask, status: int) -> None:
    """A district's server that restarts behind its proxy must not look like a stranger."""
    with pytest.raises(Unreachable):
        await ask(gateway(answering(status, b"<html>Bad Gateway</html>")))


async def test_what_a_proxy_finds_too_large_is_told_apart(ask) -> None:
    with pytest.raises(TooMuchForProxy):
        await ask(gateway(answering(413, b"<html>Request Entity Too Large</html>")))


@pytest.mark.parametrize(
    "code", [one for one in ProblemCode if one is not ProblemCode.SIGN_IN_AGAIN]
)
async def test_a_refusal_carries_its_code(ask, code: ProblemCode) -> None:
    problem = Problem(code=code, message="for logs", retry_after_seconds=3)
    with pytest.raises(Refused) as caught:
        await ask(gateway(answering(503, problem.model_dump_json().encode())))
    assert caught.value.code is code
    assert caught.value.problem.retry_after_seconds == 3
    assert caught.value.word == f"problems.{code.value}"


async def test_content_that_is_not_what_its_header_says(ask) -> None:
    handler = answering(200, b"not gzip", **{"content-encoding": "gzip"})
    with pytest.raises(NotOurServer):
        await ask(gateway(handler))


async def test_a_live_line_that_speaks_nonsense() -> None:
    events = b"event: journal\ndata: nonsense\n\n"
    handler = answering(200, events, **{"content-type": "text/event-stream"})
    with pytest.raises(NotOurServer):
        await live(gateway(handler))


async def test_a_live_line_wakes_by_the_journal_alone() -> None:
    events = b': hello\n\nevent: other\ndata: x\n\nevent: journal\ndata: {"school":"S","seq":3}\n\n'
    server = gateway(answering(200, events, **{"content-type": "text/event-stream"}))
    assert [woken.seq async for woken in server.live()] == [3]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "district",
        "ftp://district",
        "http://",
        "https://[::1",
        "http://a b",
        "http://district:99999",
        "http://district:port",
        "http://\n",
        "http://区..cn",
        "http://" + "a" * 64 + ".example",
        "http://" + "a." * 200,
        "http://🏫.example:1",
        "javascript:alert(1)",
    ],
)
async def test_an_address_nobody_could_reach_is_an_error_of_ours(address: str) -> None:
    with pytest.raises(GatewayError):
        server = Gateway(address, MemoryTokens(), app_version="1")
        await server.hello()


async def test_a_token_no_header_can_carry_is_an_error_of_ours() -> None:
    tokens = Tokens(access_token="密钥\n", refresh_token="r", expires_in=1)
    with pytest.raises(GatewayError):
        await gateway(answering(200), tokens).pull(Pull())


async def test_every_request_says_which_protocol_and_app_it_speaks() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(404)

    for request in REQUESTS.values():
        with pytest.raises(NotOurServer):
            await request(gateway(handler))
    assert len(seen) == len(REQUESTS)
    for one in seen:
        assert one.headers[PROTOCOL_HEADER] == "1"
        assert one.headers[APP_HEADER] == "1"
        assert "access-1" not in str(one.url)


def self_signed(folder: Path, host: str) -> ssl.SSLContext:
    """The certificate of somebody nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.fixture
async def untrusted(tmp_path: Path) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A real TLS server on loopback; it notes what it is told."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(1000))
        writer.close()

    server = await asyncio.start_server(
        serve, "127.0.0.1", 0, ssl=self_signed(tmp_path, "127.0.0.1")
    )
    yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard
    server.close()
    await server.wait_closed()


async def test_a_certificate_nobody_vouches_for_stops_before_a_word_is_said(
    untrusted: tuple[str, list[bytes]],
) -> None:
    address, heard = untrusted
    server = Gateway(address, MemoryTokens(TOKENS), app_version="1")
    for ask in (server.hello(), server.sign_in("t1", "s3cret"), server.pull(Pull()), live(server)):
        with pytest.raises(BadCertificate):
            await ask
    await server.close()
    assert heard == []


async def test_a_server_without_tls_where_tls_was_asked_for(unused_tcp_port: int) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    plain = await asyncio.start_server(serve, "127.0.0.1", unused_tcp_port)
    server = Gateway(f"https://127.0.0.1:{unused_tcp_port}", MemoryTokens(), app_version="1")
    with pytest.raises(GatewayError):
        await server.hello()
    await server.close()
    plain.close()


async def test_a_port_where_nobody_listens(unused_tcp_port: int) -> None:
    server = Gateway(f"http://127.0.0.1:{unused_tcp_port}", MemoryTokens(), app_version="1")
    with pytest.raises(Unreachable):
        await server.hello()
    await server.close()
