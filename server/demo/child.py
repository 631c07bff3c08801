"""A process that the demo starts, hears from, and ends: by its own handle, never by name."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

START_LIMIT_S = 60.0
LEAVE_LIMIT_S = 10.0
"""How long it may take to end once its standard input is closed."""
END_LIMIT_S = 5.0
LOG_LINES = 8


class DemoError(Exception):
    """The demo can't go on; the message says why, to the person who started it."""


class Child:
    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`arguments` follow `python -m`; the port is asked for with `--port-file`."""
        self.name = name
        self.log = folder / f"{name}.log"
        self.port = 0
        self._port_file = folder / f"{name}.port"
        self._arguments = [*arguments, "--port-file", str(self._port_file.absolute())]
        self._environment = os.environ | dict(environment or {})
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it and wait until it answers. Raises `DemoError`."""
        self._port_file.unlink(missing_ok=True)
        with self.log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *self._arguments,
                # The line it hangs by: closed by us, or by the system when we are gone.
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=self._environment,
                **_apart(),
            )
        deadline = asyncio.get_running_loop().time() + START_LIMIT_S
        while not self._port_file.exists():
            if self._process.returncode is not None:
                raise DemoError(self._ended("did not start"))
            if asyncio.get_running_loop().time() > deadline:
                raise DemoError(self._ended(f"did not answer within {START_LIMIT_S:.0f} s"))
            await asyncio.sleep(0.05)
        self.port = int(self._port_file.read_text())

    async def watch(self) -> None:
        """Return never: raises `DemoError` when it ends by itself."""
        await self._running().wait()
        raise DemoError(self._ended("has ended"))

    def tell(self, line: str) -> None:
        """Write to its standard input; one that is gone hears nothing."""
        stdin = self._running().stdin
        if stdin is not None and not stdin.is_closing():
            stdin.write(f"{line}\n".encode())

    async def stop(self) -> None:
        """Ask it to leave, then end it, then kill it."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        for end, limit_s in (
            (process.terminate, LEAVE_LIMIT_S),
            (process.kill, END_LIMIT_S),
            (None, END_LIMIT_S),
        ):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), limit_s)
                return
            if end is not None:
                with contextlib.suppress(ProcessLookupError):
                    end()

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._process

    def _ended(self, what: str) -> str:
        status = self._running().returncode
        lines = self.log.read_text("utf-8", "replace").splitlines()[-LOG_LINES:]
        said = "".join(f"\n  | {line}" for line in lines)
        ending = "" if status is None else f" (status {status})"
        return f"the demo's {self.name} {what}{ending}; {self.log} says:{said or ' nothing'}"


def _apart() -> dict[str, Any]:
    """Ctrl-C in the terminal is for us alone: we end the others in their order."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
