"""`xunan app` serves until it is told to stop, and then ends as if nothing was left to do."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

START_LIMIT_S = 60.0
STOP_LIMIT_S = 15.0
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    environment |= {"XUNAN_CLIENT_DATA": str(tmp_path), "XUNAN_PASSPHRASE": "only for tests"}

    def run(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "ledger", "app", "--port-file", str(tmp_path / "port")]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [*command, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment
        )
        started.append(process)
        return process

    yield run
    for process in started:
        with process:  # closes its pipes and waits
            process.kill()


def _address(process: subprocess.Popen[str], tmp_path: Path) -> str:
    deadline = time.monotonic() + START_LIMIT_S
    while not (tmp_path / "port").exists():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return f"http://127.0.0.1:{int((tmp_path / 'port').read_text())}"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    process = start("--web")
    address = _address(process, tmp_path)
    assert "<html" in httpx.get(address).text.lower()
    process.send_signal(number)
    said, complained = process.communicate(timeout=STOP_LIMIT_S)
    assert (process.returncode, said.strip(), complained) == (0, address, "")


def test_attached_it_ends_with_whoever_started_it(start: Start, tmp_path: Path) -> None:
    process = start("--web", "--attached")
    _address(process, tmp_path)
    assert process.stdin is not None
    process.stdin.write("network\n")
    process.stdin.flush()
    time.sleep(0.5)
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(STOP_LIMIT_S) == 0


def test_where_no_window_opens_it_says_so_and_serves(start: Start, tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("a window opens here")
    process = start()
    assert "<html" in httpx.get(_address(process, tmp_path)).text.lower()
    process.terminate()
    _, complained = process.communicate(timeout=STOP_LIMIT_S)
    assert "no window: there is no display" in complained
    assert process.returncode == 0


def test_a_port_that_is_taken(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("--web", "--port", str(port))
        _, complained = process.communicate(timeout=START_LIMIT_S)
    assert process.returncode == 1
    assert f"cannot serve on port {port}" in complained
