"""Starts the app: in its own window or on a phone (`run`), or served to a browser
(`serve_running`).

One process is one device. All browser pages it serves show the same person's state.
"""

import asyncio
import logging
from collections.abc import Callable

import flet as ft

from client.device.vault.phone_storage import secure_storage_of
from client.running import Running
from client.settings import ASSETS, ClientSettings
from client.ui.answers import take_late_answers
from client.ui.app import open_page
from client.ui.redraw import redraw_where_shown
from client.ui.web import serve
from ledger.collector import calm_collector

OBJECTS_BETWEEN_COLLECTIONS = 50_000
"""A phone has less memory than a server."""


def run(settings: ClientSettings | None = None) -> None:
    """The packaged app's entry point."""
    logging.basicConfig(level=logging.WARNING)
    redraw_where_shown()
    take_late_answers()
    calm_collector(OBJECTS_BETWEEN_COLLECTIONS)
    running = Running(settings or ClientSettings.from_environment())

    async def main(page: ft.Page) -> None:
        await open_page(page, running)
        # Only a page can bring a phone's secret storage, so the start waits for the first one.
        await running.start(secure_storage_of(page))

    ft.run(main, assets_dir=str(ASSETS))


async def serve_running(running: Running, on_ready: Callable[[str], None], port: int = 0) -> None:
    """Serve this client on 127.0.0.1 until cancelled; `on_ready` gets the address."""
    redraw_where_shown()
    take_late_answers()
    calm_collector(OBJECTS_BETWEEN_COLLECTIONS)

    async def main(page: ft.Page) -> None:
        await open_page(page, running)

    try:
        await running.start()
        await serve(main, ASSETS, on_ready, port)
    finally:
        await asyncio.shield(running.stop())
