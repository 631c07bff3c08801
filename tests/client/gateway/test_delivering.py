"""A bundle goes out piece by piece, and whoever waits is told how much of it has left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from client.gateway.errors import Unreachable
from client.gateway.gateway import DELIVERY_PIECE_BYTES, Gateway
from client.gateway.tokens import MemoryTokens
from ledger.wire.accounts import Tokens
from ledger.wire.bundles import BundleTaken

PIECES = 3
TOKENS = Tokens(access_token="a", refresh_token="r", expires_in=600)


class Watch:
    def __init__(self) -> None:
        self.said: list[tuple[int, int] | str] = []

    @contextmanager
    def under_way(self) -> Iterator[Callable[[int, int], None]]:
        self.said.append("begun")
        try:
            yield lambda done, total: self.said.append((done, total))
        finally:
            self.said.append("ended")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "records.xunan"
    path.write_bytes(bytes(PIECES * DELIVERY_PIECE_BYTES - 1))
    return path


def gateway(watch: Watch, answer: Callable[[httpx.Request], httpx.Response]) -> Gateway:
    return Gateway(
        "http://d",
        MemoryTokens(TOKENS),
        app_version="1",
        transport=httpx.MockTransport(answer),
        delivering=watch.under_way,
    )


async def test_every_piece_is_told_of(bundle: Path) -> None:
    taken, watch = BundleTaken(id="b1", entries=2, accepted=2, held=0, refused=0, photos=0), Watch()

    def answer(request: httpx.Request) -> httpx.Response:
        assert len(request.content) == bundle.stat().st_size
        return httpx.Response(200, content=taken.model_dump_json())

    assert await gateway(watch, answer).deliver(bundle) == taken
    total = bundle.stat().st_size
    steps = [(min(n * DELIVERY_PIECE_BYTES, total), total) for n in range(1, PIECES + 1)]
    assert watch.said == ["begun", *steps, "ended"]


async def test_a_line_that_breaks_ends_it(bundle: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("gone")

    watch = Watch()
    with pytest.raises(Unreachable):
        await gateway(watch, answer).deliver(bundle)
    assert watch.said[0] == "begun" and watch.said[-1] == "ended"
