"""A page in a browser comes and goes as its tab does."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import flet as ft
import httpx
import msgpack
import pytest
from flet.messaging.protocol import MessageAction
from websockets.asyncio.client import ClientConnection, connect

from client.ui.web import serve

pytestmark = [pytest.mark.asyncio, pytest.mark.timeout(60)]
PATIENCE_S = 20
TABS = 20
"""The moments it is about are short: a handful of tabs meet each of them."""


class Talk:
    """Keeps telling a page something until it hears that the page has gone."""

    def __init__(self, page: ft.Page) -> None:
        self.page, self.gone = page, asyncio.Event()
        page.on_disconnect = lambda: self.gone.set()
        self.task = asyncio.create_task(self._talk())

    async def _talk(self) -> None:
        while not self.gone.is_set():
            self.page.title = "on" if self.page.title == "off" else "off"
            self.page.update()
            await asyncio.sleep(0)


@asynccontextmanager
async def served(talks: "asyncio.Queue[Talk]", assets: Path) -> AsyncIterator[str]:
    async def main(page: ft.Page) -> None:
        talks.put_nowait(Talk(page))

    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(main, assets, address.set_result))
    try:
        yield (await asyncio.wait_for(address, PATIENCE_S)).replace("http", "ws")
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def register(tab: ClientConnection) -> None:
    said = {"session_id": "", "page_name": "", "page": {"route": "/"}}
    packed: Any = msgpack.packb([MessageAction.REGISTER_CLIENT.value, said])
    await tab.send(b"\x00" + packed)
    await asyncio.wait_for(tab.recv(), PATIENCE_S)


@pytest.mark.parametrize("how", ["closes", "breaks off"])
async def test_a_tab_that_goes_while_it_is_talked_to_leaves_nothing_behind(
    how: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    talks: asyncio.Queue[Talk] = asyncio.Queue()
    async with served(talks, tmp_path) as address:
        for _ in range(TABS):
            tab = await connect(f"{address}/ws")
            await register(tab)
            talk = await asyncio.wait_for(talks.get(), PATIENCE_S)
            if how == "closes":
                await tab.close()
            else:
                tab.transport.abort()
            await asyncio.wait_for(talk.gone.wait(), PATIENCE_S)
            await talk.task
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_a_page_is_drawn_in_one_thread(tmp_path: Path) -> None:
    """Two wait for each other for ever now and then, and the page stands still."""
    async with served(asyncio.Queue(), tmp_path) as address, httpx.AsyncClient() as browser:
        page = await browser.get(address.replace("ws", "http", 1))
        assert page.status_code == 200 and "content-security-policy" in page.headers
        assert not [name for name in page.headers if name.startswith("cross-origin-")]


async def test_no_other_page_may_read_what_is_served(tmp_path: Path) -> None:
    """flet allows it to every page; one from anywhere could be open in the same browser."""
    (tmp_path / "picture.svg").write_text("<svg/>", encoding="utf-8")
    foreign = {"Origin": "https://example.org"}
    async with served(asyncio.Queue(), tmp_path) as address, httpx.AsyncClient() as browser:
        for name in ("/", "/picture.svg", "/main.dart.js"):
            answer = await browser.get(address.replace("ws", "http", 1) + name, headers=foreign)
            assert answer.status_code == 200, name
            assert not [one for one in answer.headers if one.startswith("access-control-")], name
