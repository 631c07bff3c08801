"""Two hundred devices of one school come back in the same second: each renews its token, sends
what it wrote offline, and fetches what the others wrote, at a server with one process."""

import asyncio
import gzip
import statistics
import tempfile
import time
from datetime import UTC, datetime
from typing import Any

import httpx

from ledger.permissions import school_scope
from ledger.wire import PROTOCOL, PROTOCOL_HEADER, Pull, Pushed
from server.district import District
from server.settings import Settings
from tests.bench.cpu import cpu_s
from tests.devices import TestDevice
from tests.server.running import run_server
from tests.server.school import SCHOOL, TEACHER, admit, found_school

DEVICES = 200
ENTRIES_EACH = 5
"""A thousand in all: what such a school writes in four days. Every device fetches nearly all."""
WITHIN_S = 1.0
REQUEST_LIMIT_S = 60.0


def run(database_url: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="xunan-bench-") as folder:
        settings = Settings(database_url=database_url, data=folder)
        district = District(settings)
        found_school(district)
        phones = [_offline(district) for _ in range(DEVICES)]
        newest = district.journal.newest(SCHOOL)
        district.close()
        server = run_server(settings)
        try:
            before = cpu_s(server.process.pid)
            found = asyncio.run(_come_back(server.address, phones, newest))
            return found | {"server_cpu_s": round(cpu_s(server.process.pid) - before, 2)}
        finally:
            server.stop()


def _offline(district: District) -> tuple[TestDevice, str, bytes]:
    """A phone with its refresh token and the batch it will send."""
    device, tokens = admit(district, TEACHER)
    device.now = datetime.now(UTC).astimezone()
    for number in range(ENTRIES_EACH):
        device.check_in(f"p{number % 3 + 1}")
    body = gzip.compress(device.push_of().model_dump_json().encode(), 6)
    return device, tokens.refresh_token, body


async def _come_back(
    address: str, phones: list[tuple[TestDevice, str, bytes]], newest: int
) -> dict[str, Any]:
    took: list[float] = []
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=REQUEST_LIMIT_S) as line:

        async def ask(path: str, **parts: Any) -> httpx.Response:
            started = time.perf_counter()
            answer = await line.post(path, **parts)
            took.append(time.perf_counter() - started)
            answer.raise_for_status()
            return answer

        async def one(number: int, refresh: str, body: bytes) -> None:
            await asyncio.sleep(number * WITHIN_S / DEVICES)
            plain = {PROTOCOL_HEADER: str(PROTOCOL)}
            form = {"grant_type": "refresh_token", "refresh_token": refresh}
            tokens = (await ask("/v1/token", data=form, headers=plain)).json()
            headers = plain | {
                "Authorization": f"Bearer {tokens['access_token']}",
                "Content-Type": "application/json",
            }
            answer = await ask(
                "/v1/push", content=body, headers=headers | {"Content-Encoding": "gzip"}
            )
            pushed = Pushed.model_validate_json(answer.content)
            if len(pushed.receipts) != ENTRIES_EACH:
                raise AssertionError("not every entry was answered for")
            cursors, more = {school_scope(SCHOOL): newest}, True
            while more:
                ask_for = Pull(cursors=cursors, limit=1000).model_dump_json()
                answer = await ask("/v1/pull", content=ask_for, headers=headers)
                pulled = answer.json()
                cursors, more = pulled["cursors"], pulled["more"]

        started = time.perf_counter()
        done = await asyncio.gather(
            *(one(number, refresh, body) for number, (_, refresh, body) in enumerate(phones)),
            return_exceptions=True,
        )
        seconds = time.perf_counter() - started
    for failed in {repr(one) for one in done if isinstance(one, BaseException)}:
        print(f"a device failed: {failed}", flush=True)
    return {
        "devices": DEVICES,
        "errors": sum(isinstance(one, BaseException) for one in done),
        "seconds": round(seconds, 2),
        "requests": len(took),
        "p50_s": round(statistics.median(took), 3),
        "p99_s": round(statistics.quantiles(took, n=100)[-1], 3),
        "entries_per_s": round(DEVICES * ENTRIES_EACH / seconds),
    }
