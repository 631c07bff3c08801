"""A district server in a process of its own, and clients put together as the app does it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from client.running import Running
from client.settings import ClientSettings
from ledger.codes import enrolment_code_text
from ledger.rules.plans import PlanSet, Window
from server.accounts.enrolment import make_code
from server.clock import utc_now
from server.district import District
from server.journal.own_hand import Fact, write_as_server
from server.settings import Settings
from tests.server import running as server_process
from tests.server.school import SCHOOL, TOKENS, found_school, open_account

PATIENCE_S = 15.0
ALL_DAY = Window(name="全天", opens="00:00", closes="23:59")
"""So that a test means the same at any hour."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{tmp_path}/district.sqlite3", data=str(tmp_path / "server")
    )


@pytest.fixture
def district(settings: Settings) -> Iterator[District]:
    Path(settings.data).mkdir()
    district = District(settings, utc_now)
    found_school(district)
    with district.journal.append(SCHOOL) as work:
        plan = PlanSet(name="日巡查", windows=(ALL_DAY,), points=tuple(TOKENS))
        write_as_server(work, [Fact("plan.set", "plan:daily", plan)])
    open_account(district, "chenxiao", "t1")
    yield district
    district.close()


@pytest.fixture
def server(settings: Settings, district: District) -> Iterator[server_process.Running]:
    running = server_process.run_server(settings)
    yield running
    running.stop()


def enrolment_for(district: District, actor: str, server: str) -> str:
    """An enrolment QR's text."""
    with district.database.write() as connection:
        code = make_code(connection, SCHOOL, actor, district.now(), timedelta(hours=1))
    return enrolment_code_text(code, server)


Start = Callable[..., Awaitable[Running]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Start a client by name; the same name again is the same device after a restart."""
    clients: list[Running] = []

    async def begin(name: str, enrolment: str = "") -> Running:
        client = Running(
            ClientSettings(
                data=tmp_path / name,
                profile=name,
                passphrase="correct horse",
                enrolment=enrolment,
                device_name=name,
            )
        )
        clients.append(client)
        await client.start()
        return client

    yield begin
    for client in clients:
        await client.stop()


async def until(what: Callable[[], object], why: str = "") -> None:
    """Wait for the screens' state to say so."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while not what():
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"never happened: {why or what}")
        await asyncio.sleep(0.02)
