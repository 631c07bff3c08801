"""A real server process on a port of its own, stopped by its own pid."""

import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from server.settings import Settings
from tests.programs import Program

START_LIMIT_S = 120.0
"""A starved machine takes its time; a healthy one needs two seconds."""
STOP_LIMIT_S = 10.0


@dataclass
class Running:
    process: Program
    address: str

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_LIMIT_S)


def run_server(
    settings: Settings, environment: Mapping[str, str] | None = None, port: int = 0
) -> Running:
    """Start `xunan server` and wait until it answers; the same port again is a restart."""
    port_file = Path(settings.data) / f"port-{time.monotonic_ns()}"
    command = ["server"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--port-file", str(port_file)]
    command += ["--database", settings.effective_database_url, "--data", settings.data]
    said = port_file.with_suffix(".said")
    process = Program(command, os.environ | dict(environment or {}), said)
    deadline = time.monotonic() + START_LIMIT_S
    while not port_file.exists():
        if process.poll() is not None:
            text = said.read_text()
            raise RuntimeError(f"the server ended with status {process.returncode}: {text}")
        if time.monotonic() > deadline:
            process.kill()
            raise TimeoutError("the server did not start")
        time.sleep(0.05)
    return Running(process, f"http://127.0.0.1:{port_file.read_text()}")
