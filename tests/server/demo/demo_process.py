"""`xunan demo` as a process of its own, started in a folder and ended by its own handle."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

START_LIMIT_S = 90.0
STOP_LIMIT_S = 40.0
LOOK_EVERY_S = 0.1


@dataclass
class DemoProcess:
    process: subprocess.Popen[str]
    info: dict[str, Any]

    @property
    def parts(self) -> list[int]:
        return [self.info[name]["pid"] for name in ("server", "phone", "desktop")]

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(STOP_LIMIT_S)

    def living(self) -> list[int]:
        """Which of its processes are still there."""
        return [pid for pid in (self.process.pid, *self.parts) if _lives(pid)]


@contextmanager
def demo_process(folder: Path, *more: str) -> Iterator[DemoProcess]:
    info_file = folder.parent / f"{folder.name}-{time.monotonic_ns()}.json"
    command = [sys.executable, "-m", "ledger", "demo", "--no-browser", "--data", str(folder)]
    process = subprocess.Popen(
        [*command, "--info-file", str(info_file), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "DATABASE_URL": "sqlite:////nowhere/at/all.db"},
    )
    try:
        wait_for(lambda: info_file.exists() or process.poll() is not None, START_LIMIT_S)
        if process.poll() is not None:
            raise RuntimeError(process.communicate()[0])
        yield DemoProcess(process, json.loads(info_file.read_text("utf-8")))
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(STOP_LIMIT_S)


def wait_for(what: Callable[[], object], limit_s: float) -> None:
    deadline = time.monotonic() + limit_s
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {limit_s} s")
        time.sleep(LOOK_EVERY_S)


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
