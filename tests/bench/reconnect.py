"""Two hundred devices of one school come back in the same second: each renews its token, sends
what it wrote offline, and fetches what the others wrote, at a server with one process."""

import asyncio
import gzip
import statistics
import tempfile
import time
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from pydantic_core import from_json

from ledger.codes import new_token
from ledger.permissions import school_scope
from ledger.rules.places import LabelIssued
from ledger.wire.journal import Pull, Pulled, Pushed
from ledger.wire.protocol import PROTOCOL, PROTOCOL_HEADER
from server.district import District
from server.journal.own_hand import Fact, write_as_server
from server.settings import Settings
from tests.bench.cpu import cpu_s
from tests.devices import TestDevice
from tests.server.running import run_server
from tests.server.school import SCHOOL, TEACHER, TOKENS, admit, found_school, label, point

DEVICES = 200
ENTRIES_EACH = 5
DAYS = 4
POINTS = 90
"""A thousand in all: what a school of ninety points writes in four days. Every device fetches
nearly all."""
WITHIN_S = 1.0
REQUEST_LIMIT_S = 60.0
BUFFER_BYTES = 1024 * 1024


def run(database_url: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="xunan-bench-") as folder:
        settings = Settings(database_url=database_url, data=folder)
        district = District(settings)
        found_school(district)
        with district.journal.append(SCHOOL) as work:
            write_as_server(work, _more_points())
        phones = [_offline(district, number) for number in range(DEVICES)]
        newest = district.journal.newest(SCHOOL)
        district.close()
        server = run_server(settings)
        try:
            before = cpu_s(server.process.pid)
            found = asyncio.run(_come_back(server.address, phones, newest))
            return found | {"server_cpu_s": round(cpu_s(server.process.pid) - before, 2)}
        finally:
            server.stop()


def _more_points() -> list[Fact]:
    known = range(len(TOKENS) + 1, POINTS + 1)
    return [
        fact
        for number in known
        for fact in (
            Fact("point.set", f"point:p{number}", point(number)),
            Fact("label.issued", f"point:p{number}", LabelIssued(label=label(new_token()))),
        )
    ]


def _offline(district: District, number: int) -> tuple[TestDevice, str, bytes]:
    """A phone with its refresh token and the batch it will send."""
    device, tokens = admit(district, TEACHER)
    device.now = datetime.now(UTC).astimezone() - timedelta(days=number % DAYS)
    for place in range(ENTRIES_EACH):
        device.check_in(f"p{(number * ENTRIES_EACH + place) % POINTS + 1}")
    body = gzip.compress(device.push_of().model_dump_json().encode(), 6)
    return device, tokens.refresh_token, body


async def _come_back(
    address: str, phones: list[tuple[TestDevice, str, bytes]], newest: int
) -> dict[str, Any]:
    took: list[float] = []
    fetched: list[bytes] = []

    async def one(number: int, refresh: str, body: bytes) -> None:
        await asyncio.sleep(number * WITHIN_S / DEVICES)
        line = await Line.open(address, took)
        try:
            form = urlencode({"grant_type": "refresh_token", "refresh_token": refresh}).encode()
            form_type = "application/x-www-form-urlencoded"
            tokens = from_json(await line.ask("/v1/token", form, {"Content-Type": form_type}))
            headers = {
                "Authorization": f"Bearer {tokens['access_token']}",
                "Content-Type": "application/json",
            }
            answer = await line.ask("/v1/push", body, headers | {"Content-Encoding": "gzip"})
            if len(Pushed.model_validate_json(answer).receipts) != ENTRIES_EACH:
                raise AssertionError("not every entry was answered for")
            ask_for, more = Pull(cursors={school_scope(SCHOOL): newest}, limit=1000), True
            while more:
                asked = ask_for.model_dump_json().encode()
                answer = await line.ask("/v1/pull", asked, headers)
                fetched.append(answer)
                rest = from_json(b'{"heads":' + answer.rpartition(b'],"heads":')[2])
                ask_for, more = (
                    ask_for.model_copy(update={"cursors": rest["cursors"]}),
                    rest["more"],
                )
        finally:
            line.close()

    started = time.perf_counter()
    done = await asyncio.gather(
        *(one(number, refresh, body) for number, (_, refresh, body) in enumerate(phones)),
        return_exceptions=True,
    )
    seconds = time.perf_counter() - started
    for failed in {repr(one) for one in done if isinstance(one, BaseException)}:
        print(f"a device failed: {failed}", flush=True)
    pulled = [len(Pulled.model_validate_json(answer).entries) for answer in fetched]
    return {
        "devices": DEVICES,
        "errors": sum(isinstance(one, BaseException) for one in done),
        "seconds": round(seconds, 2),
        "requests": len(took),
        "p50_s": round(statistics.median(took), 3),
        "p99_s": round(statistics.quantiles(took, n=100)[-1], 3),
        "entries_per_s": round(DEVICES * ENTRIES_EACH / seconds),
        "entries_pulled": sum(pulled),
    }


class Line:
    """A kept-alive connection that asks one thing after the other, and hardly costs anything.

    Two hundred of the app's own clients would take more of the one machine that plays all of them
    than the server does (measured: 12 s of 13), and the clock would show how long they waited for
    each other.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, took: list[float]
    ) -> None:
        self._reader, self._writer, self._took = reader, writer, took

    @classmethod
    async def open(cls, address: str, took: list[float]) -> "Line":
        url = urlsplit(address)
        reader, writer = await asyncio.open_connection(url.hostname, url.port, limit=BUFFER_BYTES)
        return cls(reader, writer, took)

    async def ask(self, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        """The answer's plain text; how long it took until its last byte was here is noted."""
        lines = [
            f"POST {path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Accept-Encoding: gzip",
            f"{PROTOCOL_HEADER}: {PROTOCOL}",
            f"Content-Length: {len(body)}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        started = time.perf_counter()
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        async with asyncio.timeout(REQUEST_LIMIT_S):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            said = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:-2])
            answer = await self._reader.readexactly(int(said["content-length"]))
        self._took.append(time.perf_counter() - started)
        if said.get("content-encoding") == "gzip":
            answer = zlib.decompress(answer, zlib.MAX_WBITS | 16)
        status = head.split(" ", 2)[1]
        if status != "200":
            raise AssertionError(f"{path} answered {status}: {answer[:200]!r}")
        return answer

    def close(self) -> None:
        self._writer.close()
