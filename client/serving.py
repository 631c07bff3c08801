"""`xunan app`: this device's app in its own window, or served to a browser until told to stop."""

import argparse
import asyncio
import contextlib
import importlib.util
import logging
import os
import signal
import socket
import sys
import tarfile
import webbrowser
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.command import CommandError

if TYPE_CHECKING:
    from client.settings import ClientSettings

PREPARE_LIMIT_S = 20.0
"""How long fetching the window's runtime may be silent before the browser takes its place."""
FAREWELL_S = 5.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_app(arguments: argparse.Namespace) -> int:
    from client.settings import ClientSettings

    settings = ClientSettings.from_environment(arguments.profile)
    if not arguments.web:
        problem = window_problem()
        if problem is None:
            from client.app import run

            run(settings)
            return 0
        print(f"xunan: no window: {problem}; serving it to a browser instead", file=sys.stderr)
    logging.basicConfig(level=logging.WARNING)

    def ready(address: str) -> None:
        print(address, flush=True)
        if arguments.port_file:
            write_port(arguments.port_file, address)
        if not arguments.web:
            webbrowser.open(address)

    try:
        asyncio.run(_serve(settings, ready, arguments.port, arguments.attached))
    except OSError as error:
        where = f"port {arguments.port}" if arguments.port else "this machine"
        raise CommandError(f"cannot serve on {where}: {error.strerror or error}") from error
    return 0


def window_problem() -> str | None:
    """Why no window of our own can open here; None when one can.

    The window's runtime is no part of the package: it is fetched once, when first needed.
    """
    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return "there is no display"
    if importlib.util.find_spec("flet_desktop") is None:
        return "flet-desktop is not installed"
    if os.environ.get("FLET_VIEW_PATH"):
        return None
    import flet_desktop

    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PREPARE_LIMIT_S)
    try:
        flet_desktop.ensure_client_cached()
    except (OSError, RuntimeError, ValueError, tarfile.TarError, zipfile.BadZipFile) as error:
        # No network, no such release, a broken archive: the browser still works.
        return f"its runtime cannot be fetched ({error})"
    finally:
        socket.setdefaulttimeout(before)
    return None


def write_port(file: Path, address: str) -> None:
    """Written whole and then renamed: whoever waits for it never reads half a number."""
    partial = file.with_name(f"{file.name}.new")
    partial.write_text(address.rpartition(":")[2])
    partial.replace(file)


async def _serve(
    settings: "ClientSettings", on_ready: Callable[[str], None], port: int, attached: bool
) -> None:
    """Until a signal, or the end of the program we are attached to."""
    from client.app import serve_running
    from client.attached import follow
    from client.running import Running

    running = Running(settings)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in STOP_SIGNALS:
        # While it serves, uvicorn has handlers of its own; at its end it raises the signal again.
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    serving = asyncio.create_task(serve_running(running, on_ready, port))
    others: list[asyncio.Task[object]] = [asyncio.create_task(stop.wait())]
    if attached:
        others.append(asyncio.create_task(follow(running.wake)))
    await asyncio.wait([serving, *others], return_when=asyncio.FIRST_COMPLETED)
    if not serving.done() and not stop.is_set():
        signal.raise_signal(signal.SIGTERM)
        await asyncio.wait([serving], timeout=FAREWELL_S)
    for task in (serving, *others):
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving
