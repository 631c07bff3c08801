"""The device's figures: from a camera frame to a durable check-in, and starting the app."""

import asyncio
import io
import statistics
import time
from pathlib import Path
from typing import Any

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_Q

from client.actions.actions import Actions
from client.actions.check_in import all_normal
from client.actions.recognise import KnownPoint
from client.device.clock import DeviceClock
from client.device.scanner import scanner_for_platform
from client.settings import FONT
from client.state.app import State
from client.state.loading import Loading
from client.store.store import Store
from ledger.codes import point_code_text
from ledger.rules.checkins import Method
from tests.bench.year import SCHOOL, SchoolYear, fill

ENTRIES = 50_000
SAVES = 45
"""One round, every point once: the second check-in of a point doesn't change the screen."""


def frame(text: str) -> bytes:
    """A 1280×720 camera frame with the label in it, as JPEG."""
    code = qrcode.QRCode(version=1, error_correction=ERROR_CORRECT_Q, box_size=9)
    code.add_data(text)
    picture = Image.new("RGB", (1280, 720), (120, 118, 110))
    picture.paste(code.make_image().get_image().convert("RGB"), (480, 240))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


async def measure(folder: Path) -> dict[str, Any]:
    path = folder / "device.db"
    year = SchoolYear(points=45)
    started = time.perf_counter()
    await fill(path, year, ENTRIES)
    filled = time.perf_counter() - started
    frames = [frame(point_code_text(SCHOOL, token)) for token in year.tokens]

    started = time.perf_counter()
    store = Store.open(path)
    clock, state = DeviceClock(), State()
    loading = Loading(store, clock, state)
    await loading.start()
    start_s = time.perf_counter() - started

    reader = scanner_for_platform()
    none: Any = None  # the bench acts; nobody syncs
    actions = Actions(lambda: store, clock, reader, none, none, FONT, lambda: none, none)
    saves, scans = [], []
    for n in range(SAVES):
        picture = frames[n % len(frames)]
        before = time.perf_counter()
        text = await asyncio.to_thread(reader.read, picture)
        scans.append(time.perf_counter() - before)
        found = await actions.recognise(text or "", Method.SCAN)
        assert isinstance(found, KnownPoint)
        done = await actions.check_in(found, all_normal(found))
        await _shown(state, done.entry)
        saves.append(time.perf_counter() - before)
    await loading.stop()
    store.close()
    return {
        "entries": ENTRIES,
        "fill_entries_per_s": round(ENTRIES / filled),
        "start_ms": round(start_s * 1000, 1),
        "scan_ms_median": round(statistics.median(scans) * 1000, 2),
        "save_ms_median": round(statistics.median(saves) * 1000, 1),
        "save_ms_p95": round(statistics.quantiles(saves, n=20)[-1] * 1000, 1),
    }


async def _shown(state: State, entry: str) -> None:
    """Until the state of today's screen holds the check-in."""
    for _ in range(4000):
        rounds = state.patrol.rounds or ()
        if any(point.check_in == entry for one in rounds for point in one.points):
            return
        await asyncio.sleep(0.0005)
    raise AssertionError("the screen never learned of the check-in")


def run(folder: Path) -> dict[str, Any]:
    return asyncio.run(measure(folder))
