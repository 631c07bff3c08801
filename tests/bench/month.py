"""A month offline over 256 kbit/s with 400 ms latency and 5 % loss: how long the entries take.

The wall clock is what is measured, since the line is the bottleneck: 7,260 entries of about 190
bytes leave no room for a slow machine to hide in. The month's photos follow over a good line.
"""

import asyncio
import random
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from client.device.clock import DeviceClock
from client.gateway.errors import Cut, Unreachable
from client.gateway.gateway import Gateway
from client.store.photos import PhotoCounts, photo_counts
from client.store.queue import own_entries
from client.store.store import Store
from client.sync.enrol import DeviceFacts, enrol_with_code
from client.sync.photos import PhotoLane
from client.sync.plan import PUSH_ENTRIES, after_cut
from client.sync.pull import pull_all
from client.sync.run import run_once
from ledger.codes import EnrolmentCode, parse_code
from server.district import District
from server.settings import Settings
from tests.bench.fresh_device import MemoryVault
from tests.server.running import run_server
from tests.server.school import found_school
from tests.two_devices.conftest import enrolment_for
from tests.two_devices.month import Files, Month, write_month
from tests.two_devices.slow_link import Line, SlowLink

MONTH = Month(check_ins=30 * 240, hazards=60, photos=150)
BREAKS = 0.02
"""Of the lost packets end their connection: about one break in a thousand packets."""


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="xunan-bench-") as folder:
        return asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> dict[str, Any]:
    settings = Settings(database_url=f"sqlite:///{folder}/district.sqlite3", data=str(folder))
    district = District(settings)
    found_school(district)
    server = run_server(settings)
    try:
        enrolment = parse_code(enrolment_for(district, "t1", server.address))
        assert isinstance(enrolment, EnrolmentCode)
        return await _send(folder, server.address, enrolment)
    finally:
        server.stop()
        district.close()


async def _send(folder: Path, address: str, code: EnrolmentCode) -> dict[str, Any]:
    (folder / "photos").mkdir()
    files, vault, clock = Files(folder / "photos"), MemoryVault(), DeviceClock()
    store = Store.open(folder / "device.db")
    facts = DeviceFacts(name="bench", platform="linux", app_version="bench")
    identity = await enrol_with_code(store, vault, clock, facts, code.server, code.code)
    straight = Gateway(address, vault, app_version="bench")
    await pull_all(store, straight, identity)
    await straight.close()
    first = datetime.now().astimezone().replace(hour=6) - timedelta(days=31)
    await write_month(store, identity, MONTH, files, first, random.Random(3))
    link = SlowLink(int(address.rpartition(":")[2]), Line(breaks=BREAKS))
    gateway = Gateway(await link.start(), vault, app_version="bench")
    key = await vault.device_key()
    assert key is not None
    batch, cuts = PUSH_ENTRIES, 0
    started, cpu = time.perf_counter(), time.process_time()
    while (await store.read(lambda c: own_entries(c, identity))).pending:
        try:
            await run_once(store, gateway, identity, key, clock, lambda time: None, batch=batch)
        except Unreachable as error:
            cuts += 1
            batch = after_cut(batch) if isinstance(error, Cut) else batch
            await asyncio.sleep(1.5)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    sent, received = gateway.traffic.take()
    await gateway.close()
    await link.stop()
    photos_s, counts = await _send_photos(
        store, Gateway(address, vault, app_version="bench"), files
    )
    store.close()
    if counts.waiting or counts.refused:
        raise AssertionError(f"photos left behind: {counts}")
    entries = MONTH.check_ins + MONTH.hazards
    return {
        "entries": entries,
        "seconds": round(seconds, 1),
        "cpu_s": round(cpu, 1),
        "cuts": cuts,
        "up_bytes_per_entry": round(link.up_bytes / entries),
        "sent_kb": round(sent / 1000),
        "received_kb": round(received / 1000),
        "to_bare_line": round(link.up_bytes / link.line.bytes_per_s / seconds, 2),
        "photos": MONTH.photos,
        "photos_s": round(photos_s, 1),
    }


async def _send_photos(store: Store, gateway: Gateway, files: Files) -> tuple[float, PhotoCounts]:
    """What follows the records, over a good line: seconds, and what the server's word left."""
    identity = await store.identity()
    assert identity is not None
    started = time.perf_counter()
    await PhotoLane(store, gateway, identity, files, lambda: DeviceClock().stamp().at).run()
    seconds = time.perf_counter() - started
    await gateway.close()
    return seconds, await store.read(photo_counts)
