"""Starts the app: in its own window or on a phone (`run`), or served to a browser (`serve_web`).

One process is one device. All browser pages it serves show the same person's state.
"""

import asyncio
import logging
from collections.abc import Callable

import flet as ft

from client.running import Running
from client.settings import ASSETS, ClientSettings
from client.ui.app import open_page
from client.ui.web import serve


def run() -> None:
    """The packaged app's entry point."""
    logging.basicConfig(level=logging.WARNING)
    running = Running(ClientSettings.from_environment())

    async def main(page: ft.Page) -> None:
        await open_page(page, running)

    ft.run(main, assets_dir=str(ASSETS))


async def serve_web(
    settings: ClientSettings, on_ready: Callable[[str], None], port: int = 0
) -> None:
    """Serve this client on 127.0.0.1 until cancelled; `on_ready` gets the address."""
    running = Running(settings)

    async def main(page: ft.Page) -> None:
        await open_page(page, running)

    try:
        await running.start()
        await serve(main, ASSETS, on_ready, port)
    finally:
        await asyncio.shield(running.stop())
