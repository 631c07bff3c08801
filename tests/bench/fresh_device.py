"""A device in a process of its own: what it pulls, pushes and takes in memory.

`pull` enrols a fresh device and fetches, verifies and projects everything. `push` has a device
write check-ins offline and then sends them, keeping every receipt.
"""

import argparse
import asyncio
import json
import re
import resource
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from client.app import OBJECTS_BETWEEN_COLLECTIONS
from client.device.clock import DeviceClock
from client.gateway.gateway import Gateway
from client.gateway.tokens import MemoryTokens
from client.store.identity import Identity, write_setting
from client.store.journal import append
from client.store.places import points
from client.store.round_views import RoundView
from client.store.rounds import rounds_on_day
from client.store.store import Store
from client.sync.enrol import DeviceFacts, enrol_with_code
from client.sync.pull import pull_all
from client.sync.run import run_once
from ledger.clock import Stamp
from ledger.codes import EnrolmentCode, parse_code
from ledger.collector import calm_collector
from ledger.entry import Clock
from ledger.keys import DeviceKey
from ledger.rules.checkins import (
    CheckInRecorded,
    ItemResult,
    LabelRead,
    Method,
    Result,
)
from ledger.rules.plans import round_subject
from ledger.wire.accounts import Tokens


class MemoryVault(MemoryTokens):
    """The device's secrets for as long as the measurement takes."""

    def __init__(self) -> None:
        super().__init__()
        self._key: DeviceKey | None = None

    async def device_key(self) -> DeviceKey | None:
        return self._key

    async def keep_device_key(self, key: DeviceKey | None) -> None:
        self._key = key

    async def tokens(self) -> Tokens | None:
        return await self.load()

    async def keep_tokens(self, tokens: Tokens | None) -> None:
        await self.save(tokens)


async def measure(mode: str, text: str, entries: int, folder: Path) -> dict[str, float]:
    code = parse_code(text)
    if not isinstance(code, EnrolmentCode):
        raise SystemExit("not an enrolment code")
    store, vault, clock = Store.open(folder / "device.db"), MemoryVault(), DeviceClock()
    facts = DeviceFacts(name="bench", platform="linux", app_version="bench")
    identity = await enrol_with_code(store, vault, clock, facts, code.server, code.code)
    # The rounds measured are from long ago: with the usual choice they would not come at all.
    await store.write(lambda c: write_setting(c, "choice.keep_days", "0"))
    gateway = Gateway(code.server, vault, app_version="bench")
    key = await vault.device_key()
    assert key is not None
    if mode == "push":
        await pull_all(store, gateway, identity)
        await write_offline(store, identity, entries)
    started, cpu = time.perf_counter(), time.process_time()
    await run_once(store, gateway, identity, key, clock, lambda time: None)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    counts = await store.read(
        lambda c: {
            "entries": c.exec_driver_sql("SELECT count(*) FROM entry").scalar_one(),
            "accepted": c.exec_driver_sql(
                "SELECT count(*) FROM entry WHERE verdict = 'accepted'"
            ).scalar_one(),
            "check_ins": c.exec_driver_sql("SELECT count(*) FROM checkin").scalar_one(),
        }
    )
    await gateway.close()
    store.close()
    peak_mb = peak_memory_mb()
    return {
        **counts,
        "seconds": round(seconds, 3),
        "cpu_s": round(cpu, 3),
        "peak_mb": round(peak_mb, 1),
    }


def peak_memory_mb() -> float:
    """This process's own high-water mark. (getrusage would start from its parent's.)"""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if found:
            return int(found.group(1)) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def write_offline(store: Store, identity: Identity, entries: int) -> None:
    """Rounds of many days, written while there was no network."""
    places = await store.read(lambda c: points(c, identity.school))
    first = datetime.now().astimezone() - timedelta(days=200)
    made = day = 0
    while made < entries:
        today = (first + timedelta(days=day)).date().isoformat()
        day += 1
        rounds = await store.read(
            lambda c, today=today: rounds_on_day(c, identity.school, today, first, identity.actor)
        )
        for one in rounds:
            wanted = [place for place in one.points][: entries - made]
            made += len(wanted)
            known = {place.id: place for place in places}

            def work(
                connection: Connection,
                one: RoundView = one,
                wanted: Any = wanted,
                known: Any = known,
            ) -> None:
                for n, point in enumerate(wanted):
                    place = known[point.point]
                    at = one.opens + timedelta(seconds=60 + 70 * n)
                    append(
                        connection,
                        identity,
                        Stamp(
                            at.isoformat(timespec="milliseconds"),
                            Clock(uptime=at.timestamp(), boot="b", offset=0.0),
                        ),
                        kind="checkin.recorded",
                        subject=round_subject(one.plan, one.day, one.slot),
                        body=CheckInRecorded(
                            label=LabelRead(
                                method=Method.SCAN,
                                token=place.label.token if place.label else "",
                            ),
                            point=place.id,
                            point_seen=place.seen,
                            area=place.area,
                            items=tuple(
                                ItemResult(item=item.id, result=Result.NORMAL)
                                for item in place.items
                            ),
                        ),
                    )

            await store.write(work)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=("pull", "push"))
    parser.add_argument("code")
    parser.add_argument("--entries", type=int, default=10_000)
    arguments = parser.parse_args()
    calm_collector(OBJECTS_BETWEEN_COLLECTIONS)
    with tempfile.TemporaryDirectory(prefix="xunan-device-") as folder:
        result = asyncio.run(
            measure(arguments.mode, arguments.code, arguments.entries, Path(folder))
        )
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
