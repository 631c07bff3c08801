"""Who asked for what and when: one line per request, one file per day, kept as the law wants.

Never a query, token, code or body. A line is written with one call to the system, so that several
processes may share a folder and the event loop hardly notices.
"""

import contextlib
import json
import logging
import os
import time
from datetime import date, timedelta
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.clock import Now, moment

log = logging.getLogger(__name__)

FOLDER = "access"
PATH_CHARACTERS = 200
DEVICE = "device"
"""Where in a request's state the device is noted once it is known."""


class AccessFiles:
    """`access/2026-03-02.jsonl` and its like; those of more than `days` days ago are deleted."""

    def __init__(self, folder: Path, days: int, now: Now) -> None:
        self._folder = folder
        self._days = days
        self._now = now
        self._day: date | None = None
        self._complained: date | None = None
        self._file: int | None = None

    def write(self, **facts: object) -> None:
        """A full disk must not stop the patrols: it is complained about once a day."""
        now = self._now()
        try:
            file = self._file
            if file is None or now.date() != self._day:
                file = self._begin(now.date())
            line = json.dumps({"time": moment(now), **facts}, separators=(",", ":"))
            os.write(file, f"{line}\n".encode())
        except OSError:
            self.close()
            if now.date() != self._complained:
                self._complained = now.date()
                log.exception("the access log can't be written")

    def close(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.close(self._file)
            self._file = None

    def _begin(self, day: date) -> int:
        self.close()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{day.isoformat()}.jsonl"
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._file, self._day = file, day
        oldest = day - timedelta(days=self._days)
        for old in self._folder.glob("????-??-??.jsonl"):
            with contextlib.suppress(ValueError, FileNotFoundError):
                if date.fromisoformat(old.stem) < oldest:
                    old.unlink()
        return file


class AccessLog:
    """The outermost layer: it sees every answer, also those that other layers give."""

    def __init__(self, app: ASGIApp, files: AccessFiles) -> None:
        self._app = app
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0  # nothing was answered: the line broke
        fault = True
        began = time.perf_counter()
        state = scope.setdefault("state", {})

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
            fault = False
        finally:
            self._files.write(
                method=scope["method"],
                path=scope["path"][:PATH_CHARACTERS],
                status=status or (500 if fault else 0),
                device=state.get(DEVICE, ""),
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
