"""A fresh device of a school with a year of data, in a process of its own: how soon its person can
begin, when all of it is there, what that takes in memory, and what a quiet sync costs after it."""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from client.app import OBJECTS_BETWEEN_COLLECTIONS
from client.device.clock import DeviceClock
from client.gateway.gateway import Gateway
from client.store.identity import write_setting
from client.store.retention import FIRST_DAYS, day_before, kept_from
from client.store.rounds import rounds_now
from client.store.store import Store
from client.sync.enrol import DeviceFacts, enrol_with_code
from client.sync.pull import pull_all, pull_open
from client.sync.run import run_once
from ledger.codes import EnrolmentCode, enrolment_code_text, parse_code
from ledger.collector import calm_collector
from ledger.rules.hazards.bodies import HazardReported
from ledger.rules.plans import PlanSet, Window, rounds_on, school_zone
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from server.accounts.enrolment import make_code
from server.demo import SCHOOL, seed
from server.demo.reference import make_reference
from server.demo.walks import Walker, walk_round
from server.district import District
from server.journal.append import Sender
from server.journal.push import push
from server.settings import Settings
from tests.bench.fresh_device import MemoryVault, peak_memory_mb
from tests.bench.push_pull import READER, WALKER, _admit
from tests.server.running import run_server

ENTRIES, OPEN = 50_000, 400
POINTS, WINDOWS = 48, 5
QUIET_RUNS = 20


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="xunan-bench-") as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/district.sqlite3", data=folder)
        seed(settings.database_url, datetime.now(UTC), days=0, with_accounts=False)
        district = District(settings)
        fill(district)
        codes = []
        for _ in range(2):
            with district.database.write() as connection:
                codes.append(
                    make_code(connection, SCHOOL, READER, district.now(), timedelta(hours=1))
                )
        district.close()
        server = run_server(settings)
        try:
            year = _device(enrolment_code_text(codes[0], server.address), 0)
            sixty = _device(enrolment_code_text(codes[1], server.address), 60)
        finally:
            server.stop()
    return {
        **year,
        "sixty_days_complete_s": sixty["complete_s"],
        "sixty_days_entries": sixty["entries"],
    }


def fill(district: District, entries: int = ENTRIES, open_hazards: int = OPEN) -> None:
    """A year of rounds up to yesterday, and hazards that nobody has looked at."""
    phone, _ = _admit(district, WALKER)
    rng = random.Random(7)
    stops = make_reference(random.Random(1)).stops
    windows = tuple(
        Window(name=f"{n}", opens=f"{5 + 3 * n:02}:30", closes=f"{8 + 3 * n:02}:00")
        for n in range(WINDOWS)
    )
    plan = PlanSet(name="大巡查", windows=windows, points=tuple(stops)[:POINTS])
    now = datetime.now(UTC)
    days = -(-entries // (POINTS * WINDOWS))
    walker = Walker(SCHOOL, phone.actor, phone.id, phone.key, now - timedelta(days=401), 0.5)
    sender, made = Sender(SCHOOL, phone.id, phone.actor), 0
    for day in range(days, 0, -1):
        some = []
        fields = plan.model_dump(mode="json")
        for planned in rounds_on(
            (now - timedelta(days=day)).date(), [("bench", fields)], school_zone(480)
        ):
            some += walk_round(rng, walker, planned, stops, now)
        made += len(some)
        push(district.journal, sender, phone.push_of(some))
    reporter, _ = _admit(district, WALKER)
    reporter.now = now - timedelta(days=200)
    for number in range(open_hazards):
        body = HazardReported(content=f"隐患 {number}", area="gate")
        reporter.write("hazard.reported", f"hazard:bench-{number:04}", body)
    push(district.journal, Sender(SCHOOL, reporter.id, WALKER), reporter.push_of())


def _device(enrolment: str, days: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.year_device", enrolment, "--days", str(days)],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    return json.loads(done.stdout)


async def measure(text: str, days: int, folder: Path) -> dict[str, Any]:
    code = parse_code(text)
    assert isinstance(code, EnrolmentCode)
    store, vault, clock = Store.open(folder / "device.db"), MemoryVault(), DeviceClock()
    facts = DeviceFacts(name="bench", platform="linux", app_version="bench")
    identity = await enrol_with_code(store, vault, clock, facts, code.server, code.code)
    await store.write(lambda c: write_setting(c, "choice.keep_days", str(days)))
    gateway = Gateway(code.server, vault, app_version="bench")
    key = await vault.device_key()
    assert key is not None
    now = clock.true_now()
    first = await store.read(lambda c: day_before(c, identity.school, now, FIRST_DAYS))
    kept = await store.read(lambda c: kept_from(c, identity.school, now))
    started, cpu = time.perf_counter(), time.process_time()
    await pull_open(store, gateway, identity, first)
    usable, usable_cpu = time.perf_counter() - started, time.process_time() - cpu
    _, today = await store.read(lambda c: rounds_now(c, identity.school, now, identity.actor))
    hazard = RECORDS["hazard"]
    hazards = await store.read(lambda c: c.scalar(select(func.count()).select_from(hazard)))
    assert today
    assert today[0].points
    assert hazards is not None
    assert hazards >= OPEN
    await pull_all(store, gateway, identity, kept)
    complete, complete_cpu = time.perf_counter() - started, time.process_time() - cpu
    entries = await store.read(lambda c: c.scalar(select(func.count()).select_from(ENTRY)))
    requests = [0]

    async def count(_request: object) -> None:
        requests[0] += 1

    await run_once(store, gateway, identity, key, clock, lambda time: None)
    gateway._http.event_hooks = {"request": [count]}
    cpu = time.process_time()
    for _ in range(QUIET_RUNS):
        await run_once(store, gateway, identity, key, clock, lambda time: None)
    quiet_cpu = (time.process_time() - cpu) / QUIET_RUNS
    await gateway.close()
    store.close()
    return {
        "entries": entries,
        "usable_s": round(usable, 2),
        "usable_cpu_s": round(usable_cpu, 2),
        "complete_s": round(complete, 2),
        "complete_cpu_s": round(complete_cpu, 2),
        "peak_mb": round(peak_memory_mb(), 1),
        "quiet_requests": requests[0] / QUIET_RUNS,
        "quiet_cpu_ms": round(quiet_cpu * 1000, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("code")
    parser.add_argument("--days", type=int, default=0)
    arguments = parser.parse_args()
    calm_collector(OBJECTS_BETWEEN_COLLECTIONS)
    with tempfile.TemporaryDirectory(prefix="xunan-device-") as folder:
        result = asyncio.run(measure(arguments.code, arguments.days, Path(folder)))
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
