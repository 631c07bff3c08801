"""A cut network is a real one: connections end, new ones are refused, and it comes back."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from server.demo.relay import HOST, Relay

STEP_S = 5.0


@pytest.fixture
async def echo() -> AsyncIterator[int]:
    """A server that says everything back."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(100):
            writer.write(piece)
        writer.close()

    server = await asyncio.start_server(answer, HOST, 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.fixture
async def relay(echo: int) -> AsyncIterator[Relay]:
    relay = Relay(echo)
    await relay.restore()
    yield relay
    relay.cut()


async def _say(relay: Relay, words: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(HOST, relay.port)
    writer.write(words)
    writer.write_eof()
    return await asyncio.wait_for(reader.read(), STEP_S)


async def _rest(reader: asyncio.StreamReader) -> bytes:
    """What still comes until the connection ends, politely or not."""
    try:
        return await asyncio.wait_for(reader.read(), STEP_S)
    except ConnectionError:
        return b""


async def test_bytes_pass_both_ways(relay: Relay) -> None:
    words = bytes(range(256)) * 2000
    assert await _say(relay, words) == words


async def test_a_cut_ends_what_is_open_and_refuses_what_is_new(relay: Relay) -> None:
    reader, writer = await asyncio.open_connection(HOST, relay.port)
    writer.write(b"one")
    assert await asyncio.wait_for(reader.read(3), STEP_S) == b"one"
    relay.cut()
    assert not relay.connected
    assert await _rest(reader) == b""
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(HOST, relay.port)


async def test_it_comes_back_at_the_same_address(relay: Relay) -> None:
    port = relay.port
    for _ in range(3):
        relay.cut()
        relay.cut()
        await relay.restore()
        await relay.restore()
        assert await _say(relay, b"again") == b"again"
    assert relay.port == port


async def test_a_server_that_is_gone_ends_the_connection(relay: Relay) -> None:
    relay.target = 1
    reader, writer = await asyncio.open_connection(HOST, relay.port)
    writer.write(b"anybody?")
    assert await _rest(reader) == b""


async def test_a_port_that_somebody_took_is_an_error_and_can_be_tried_again(relay: Relay) -> None:
    relay.cut()
    async with await asyncio.start_server(lambda _r, w: w.close(), HOST, relay.port):
        with pytest.raises(OSError, match="in use"):
            await relay.restore()
    assert not relay.connected
    await relay.restore()
    assert await _say(relay, b"mine") == b"mine"
