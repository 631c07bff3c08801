"""Starts one of our programs, waits for the address it prints, and ends it by its own handle."""

import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 150
STOP_SECONDS = 10
ROOT = Path(__file__).parents[2]


@dataclass
class AppProcess:
    url: str
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @property
    def tracebacks(self) -> list[str]:
        """What an app must not print: failures that its guards had to catch."""
        return [line for line in self.lines if "Traceback" in line or "could not draw" in line]


@contextmanager
def app_process(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None
) -> Iterator[AppProcess]:
    """`arguments` follow `python`; the first http address in the output is taken as its own."""
    process = subprocess.Popen(
        [sys.executable, "-u", *arguments],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    addresses: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        assert process.stdout
        for line in process.stdout:
            lines.append(line.rstrip())
            if found := re.search(r"https?://[\w.\-]+:\d+", line):
                addresses.put(found.group())
        addresses.put(None)

    threading.Thread(target=read, daemon=True).start()
    try:
        url = addresses.get(timeout=START_SECONDS)
        if url is None:
            raise RuntimeError("ended before it was ready:\n" + "\n".join(lines))
        yield AppProcess(url, process, lines)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)
