"""`xunan` in processes of its own that start in a moment: forked from one that has it loaded.

Loading the libraries takes seconds of a small machine, and a test of two devices starts four of
them. What runs is the command itself with its own process id, environment and signals; that it
also starts from nothing is tested where its start is the question.
"""

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ledger.command import main

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "server.app",
        "server.serve",
        "client.app",
        "client.running",
        "client.ui.app",
        "client.ui.web",
        "flet_web.fastapi",
        "httpcore",
        "anyio._backends._asyncio",
        "uvicorn.protocols.websockets.websockets_sansio_impl",
        "uvicorn.protocols.http.httptools_impl",
        "zxingcpp",
    ]
)


class Program:
    """A running command; the names are those of `subprocess.Popen`."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], output: Path) -> None:
        """`words` follow `xunan`; `output` is appended to."""
        arguments = (tuple(words), dict(environment), str(output))
        self._process = _CONTEXT.Process(target=_run, args=arguments, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("xunan", timeout)
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def _run(words: Sequence[str], environment: Mapping[str, str], output: str) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    said = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.argv = ["xunan", *words]
    status = main(words)
    # A forked process of multiprocessing ends without them.
    atexit._run_exitfuncs()
    sys.exit(status)
