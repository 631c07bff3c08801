"""The server's figures: check-ins pushed and served over loopback, beside the machine's floor.

The floor takes its turn after every batch: a machine that is shared is twice as fast in one second
as in the next, and a ratio means something only when both had the same seconds.
"""

import argparse
import gzip
import http.client
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from client.sync.plan import PUSH_ENTRIES
from ledger.codes import enrolment_code_text
from ledger.entry import Entry
from ledger.permissions import school_scope
from ledger.rules.plans import PlanSet, Window, rounds_on, school_zone
from ledger.wire.journal import Pull, Pulled, Push, Pushed
from ledger.wire.protocol import PROTOCOL, PROTOCOL_HEADER
from server.accounts.enrolment import enrol_by_code, make_code
from server.demo import SCHOOL, seed
from server.demo.reference import make_reference
from server.demo.walks import Walker, walk_round
from server.district import District
from server.settings import Settings
from tests.bench.cpu import cpu_s
from tests.devices import TestDevice, sent
from tests.server.running import run_server

ENTRIES = 10_000
BATCH = PUSH_ENTRIES
"""As a device sends and fetches them."""
FLOOR_BATCH = 500
POINTS_IN_A_ROUND = 40
WALKER, READER = "s08", "s01"
FLOOR_LIMIT_S = 20.0
DEVICE_LIMIT_S = 240.0


@dataclass(frozen=True, slots=True)
class Batch:
    entries: Sequence[Entry]
    body: bytes


def run(database_url: str, entries: int = ENTRIES) -> dict[str, Any]:
    """Measure a real server process on this empty database; entries per second."""
    with tempfile.TemporaryDirectory(prefix="xunan-bench-") as folder:
        settings = Settings(database_url=database_url, data=folder)
        seed(database_url, datetime.now(UTC), days=0, with_accounts=False)
        district = District(settings)
        phone, phone_token = _admit(district, WALKER)
        _, desk_token = _admit(district, READER)
        batches = _batches(phone, entries)
        district.close()
        server = run_server(settings)
        try:
            with Floor.running(Path(folder) / "floor.sqlite3") as floor:
                connection = _connect(server.address)
                began = cpu_s(server.process.pid)
                pushed_s = _push(connection, phone_token, batches, floor)
                pushed = cpu_s(server.process.pid)
                served_s, served, size = _pull(connection, desk_token, floor)
                pulled = cpu_s(server.process.pid)
                connection.close()
                served_for = floor.serve()
                fresh = _device("pull", settings, server.address)
                served_for = (served_for + floor.serve()) / 2
                sending = _device("push", settings, server.address)
        finally:
            server.stop()
    total = sum(len(batch.entries) for batch in batches)
    check_ins = sum(
        entry.header.kind == "checkin.recorded" for batch in batches for entry in batch.entries
    )
    if fresh["check_ins"] < check_ins:
        raise AssertionError(f"pulled {fresh['check_ins']} check-ins of {check_ins}")
    return {
        "entries": total,
        "pushed_per_s": round(total / pushed_s),
        "push_cpu_us": round((pushed - began) / total * 1e6),
        "served_per_s": round(served / served_s),
        "serve_cpu_us": round((pulled - pushed) / served * 1e6),
        "served_bytes_per_entry": round(size / served),
        "floor_pushed_per_s": round(total / floor.pushed_s),
        "floor_served_per_s": round(floor.served / floor.served_s),
        "pushed_to_floor": round(floor.pushed_s / pushed_s, 3),
        "served_to_floor": round(floor.served_s / floor.served / (served_s / served), 3),
        "device_pulled": fresh["entries"],
        "device_pulled_per_s": round(fresh["entries"] / fresh["seconds"]),
        "device_pull_cpu_us": round(fresh["cpu_s"] / fresh["entries"] * 1e6),
        "device_pulled_to_floor": round(
            served_for / total / (fresh["seconds"] / fresh["entries"]), 3
        ),
        "device_pull_peak_mb": fresh["peak_mb"],
        "device_pushed_per_s": round(entries / sending["seconds"]),
        "device_push_cpu_us": round(sending["cpu_s"] / entries * 1e6),
        "device_push_peak_mb": sending["peak_mb"],
    }


def _device(mode: str, settings: Settings, address: str) -> dict[str, Any]:
    """A real client in a process of its own, against the same server."""
    district = District(settings)
    with district.database.write() as connection:
        code = make_code(connection, SCHOOL, WALKER, district.now(), timedelta(hours=1))
    district.close()
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.bench.fresh_device",
            mode,
            enrolment_code_text(code, address),
        ],
        capture_output=True,
        text=True,
        timeout=DEVICE_LIMIT_S,
        check=True,
    )
    return json.loads(done.stdout)


def _admit(district: District, actor: str) -> tuple[TestDevice, str]:
    device = TestDevice(SCHOOL, actor)
    with district.database.write() as connection:
        code = make_code(connection, SCHOOL, actor, district.now(), timedelta(hours=1))
    enrolled = enrol_by_code(
        district.journal, district.mint, code, device.introduction(), "127.0.0.1"
    )
    device.id = enrolled.device
    return device, enrolled.tokens.access_token


def _batches(phone: TestDevice, wanted: int) -> list[Batch]:
    """Rounds of a plan with many points, day after day, as one busy phone walks them."""
    rng = random.Random(7)
    stops = make_reference(random.Random(1)).stops
    windows = (
        Window(name="晨间", opens="05:30", closes="11:30"),
        Window(name="下午", opens="12:00", closes="18:30"),
    )
    plan = PlanSet(name="大巡查", windows=windows, points=tuple(stops)[:POINTS_IN_A_ROUND])
    now = datetime.now(UTC)
    day = now.date() - timedelta(days=400)
    walker = Walker(phone.school, phone.actor, phone.id, phone.key, now - timedelta(days=401), 0.5)
    entries: list[Entry] = []
    while len(entries) < wanted:
        fields = plan.model_dump(mode="json")
        for planned in rounds_on(day, [("bench", fields)], school_zone(480)):
            entries += walk_round(rng, walker, planned, stops, now)
        day += timedelta(days=1)
    return [_batch(phone, entries[at : at + BATCH]) for at in range(0, wanted, BATCH)]


def _batch(phone: TestDevice, entries: Sequence[Entry]) -> Batch:
    last = entries[-1]
    head = phone.key.sign_head(phone.id, last.header.number, last.hash, last.header.at)
    push = Push(head=head, entries=[sent(entry) for entry in entries])
    return Batch(entries, gzip.compress(push.model_dump_json().encode(), 1))


def _push(
    connection: http.client.HTTPConnection, token: str, batches: Sequence[Batch], floor: "Floor"
) -> float:
    headers = _headers(token) | {"Content-Encoding": "gzip"}
    answers: list[bytes] = []
    seconds = 0.0
    for batch in batches:
        started = time.perf_counter()
        answers.append(_post(connection, "/v1/push", batch.body, headers))
        seconds += time.perf_counter() - started
        floor.push(batch.entries)
    for batch, answer in zip(batches, answers, strict=True):
        pushed = Pushed.model_validate_json(gzip.decompress(answer))
        assert [one.verdict for one in pushed.receipts] == ["accepted"] * len(batch.entries)
    return seconds


def _pull(
    connection: http.client.HTTPConnection, token: str, floor: "Floor"
) -> tuple[float, int, int]:
    """Serve a fresh device: seconds, entries, bytes on the wire."""
    headers = _headers(token)
    seconds, served, size = 0.0, 0, 0
    cursors: dict[str, int] = {school_scope(SCHOOL): 0}
    more = True
    while more:
        body = Pull(cursors=cursors, limit=BATCH).model_dump_json().encode()
        started = time.perf_counter()
        answer = _post(connection, "/v1/pull", body, headers)
        seconds += time.perf_counter() - started
        pulled = Pulled.model_validate_json(gzip.decompress(answer))
        served, size = served + len(pulled.entries), size + len(answer)
        cursors, more = pulled.cursors, pulled.more
        floor.serve_some(len(pulled.entries))
    return seconds, served, size


class Floor:
    """The floor's process, and the seconds it took for what was asked of it so far."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self.pushed, self.pushed_s = 0, 0.0
        self.served, self.served_s = 0, 0.0
        self._connection = connection

    @classmethod
    @contextmanager
    def running(cls, path: Path) -> Iterator["Floor"]:
        command = [sys.executable, "-m", "tests.bench.floor", str(path)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdin is not None and process.stdout is not None
        try:
            connection = _connect(f"http://127.0.0.1:{process.stdout.readline().strip()}")
            yield cls(connection)
            connection.close()
        finally:
            process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                process.wait(FLOOR_LIMIT_S)
            if process.poll() is None:
                process.kill()

    def push(self, entries: Sequence[Entry]) -> None:
        for at in range(0, len(entries), FLOOR_BATCH):
            body = json.dumps([_plain(entry) for entry in entries[at : at + FLOOR_BATCH]]).encode()
            self.pushed_s += self._post("/push", body)
        self.pushed += len(entries)

    def serve_some(self, wanted: int) -> None:
        """As many rows as were just served by ours, from wherever it stands."""
        goal = self.served + wanted
        while self.served < goal:
            cursor = self.served % self.pushed
            limit = min(FLOOR_BATCH, goal - self.served, self.pushed - cursor)
            ask = json.dumps({"cursor": cursor, "limit": limit}).encode()
            self.served_s += self._post("/pull", ask)
            self.served += limit

    def serve(self) -> float:
        """Everything from the beginning; the seconds it took."""
        asks = [
            json.dumps({"cursor": at, "limit": FLOOR_BATCH}).encode()
            for at in range(0, self.pushed, FLOOR_BATCH)
        ]
        return sum(self._post("/pull", ask) for ask in asks)

    def _post(self, path: str, body: bytes) -> float:
        started = time.perf_counter()
        _post(self._connection, path, body, {})
        return time.perf_counter() - started


def _plain(entry: Entry) -> list[Any]:
    header = entry.header
    texts = (entry.header_bytes.decode(), (entry.body_bytes or b"").decode())
    return [
        header.id, header.device, header.number, header.subject, header.actor, header.at, *texts
    ]  # fmt: skip


def _connect(address: str) -> http.client.HTTPConnection:
    host, _, port = address.removeprefix("http://").partition(":")
    return http.client.HTTPConnection(host, int(port), timeout=60)


def _headers(token: str) -> dict[str, str]:
    return {
        PROTOCOL_HEADER: str(PROTOCOL),
        "Authorization": f"Bearer {token}",
        "Accept-Encoding": "gzip",
        "Content-Type": "application/json",
    }


def _post(
    connection: http.client.HTTPConnection, path: str, body: bytes, headers: dict[str, str]
) -> bytes:
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    data = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}: {data[:300]!r}")
    return data


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database_url")
    print(json.dumps(run(parser.parse_args().database_url), indent=2))
