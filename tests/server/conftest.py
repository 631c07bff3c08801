"""Servers to test against: in this process without a socket, and real ones on port 0."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copy

import httpx
import pytest
from fastapi import FastAPI

from ledger.wire.protocol import PROTOCOL, PROTOCOL_HEADER
from server.app import create_app
from server.clock import utc_now
from server.database import Database
from server.district import District
from server.migrations import migrate
from server.settings import Settings
from tests.server.running import Running, run_server
from tests.server.school import found_school

HEADERS = {PROTOCOL_HEADER: str(PROTOCOL)}


class Later:
    """A clock that tests push forward."""

    def __init__(self) -> None:
        self.by = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.by

    def wait(self, **units: float) -> None:
        self.by += timedelta(**units)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/district.sqlite3"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copying this one is quicker than migrating each test's own."""
    path = tmp_path_factory.mktemp("migrated") / "district.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture
def ready_sqlite_url(sqlite_url: str, migrated_sqlite: Path, tmp_path: Path) -> str:
    copy(migrated_sqlite, tmp_path)
    return sqlite_url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Migrated and empty; every rule is tested on both kinds."""
    return request.getfixturevalue(f"ready_{request.param}_url")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, data=str(tmp_path))


@pytest.fixture
def clock() -> Later:
    return Later()


@pytest.fixture
def app(settings: Settings, clock: Later) -> Iterator[FastAPI]:
    app = create_app(settings, clock)
    yield app
    app.state.district.close()


@pytest.fixture
def district(app: FastAPI) -> District:
    """With the tiny school in it."""
    district: District = app.state.district
    found_school(district)
    return district


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks our protocol to the app without a socket."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://district", headers=HEADERS
    ) as client:
        yield client


@pytest.fixture
def running_server(settings: Settings, district: District) -> Iterator[Callable[..., Running]]:
    """Start real servers on the test's database; all are stopped at the end."""
    started: list[Running] = []

    def start(**environment: str) -> Running:
        started.append(run_server(settings, environment))
        return started[-1]

    yield start
    for server in started:
        server.stop()
