"""Answers as they come in: no more of one, and no longer, than ours ever are.

Whoever answers in our server's place may do it with a stream that has no end, or with a gzip that
unfolds into more than a phone's memory.
"""

import asyncio
from collections.abc import AsyncIterator

import httpx

from client.gateway.errors import Cut, NotOurServer

ANSWER_LIMIT_BYTES = 64 * 1024 * 1024
"""Four times the largest that the server gives, unfolded."""
ANSWER_LIMIT_S = 600.0
"""The largest over a line of 256 kbit/s; one that trickles on for longer is cut."""
EVENT_LIMIT_BYTES = 64 * 1024
_OF_THE_WAY = frozenset({"content-encoding", "content-length", "transfer-encoding"})


async def whole(answer: httpx.Response) -> httpx.Response:
    """The answer with all of its content. Raises `NotOurServer` and `Cut`; closing it is left to
    whoever asked."""
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(ANSWER_LIMIT_S):
            async for part in answer.aiter_bytes():
                size += len(part)
                if size > ANSWER_LIMIT_BYTES:
                    raise NotOurServer("an answer without end")
                parts.append(part)
    except TimeoutError as error:
        raise Cut("an answer that takes too long") from error
    headers = [(name, value) for name, value in answer.headers.items() if name not in _OF_THE_WAY]
    content = b"".join(parts)
    return httpx.Response(
        answer.status_code, headers=headers, content=content, request=answer.request
    )


def events(answer: httpx.Response) -> httpx.Response:
    """The same stream of events, which ends by `NotOurServer` where one of them does not end."""
    headers = [(name, value) for name, value in answer.headers.items() if name not in _OF_THE_WAY]
    return httpx.Response(
        answer.status_code,
        headers=headers,
        content=_short_ones(answer.aiter_bytes()),
        request=answer.request,
    )


async def _short_ones(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    unended, last = 0, b""
    async for part in parts:
        text = last + part.replace(b"\r", b"")  # lines end in either way
        _, blank, rest = text.rpartition(b"\n\n")
        unended = len(rest) if blank else unended + len(part)
        if unended > EVENT_LIMIT_BYTES:
            raise NotOurServer("an event without end")
        last = text[-1:]
        yield part
