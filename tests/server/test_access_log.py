"""Every request leaves a line that tells no secrets, for as long as the law wants."""

import json
from pathlib import Path

import httpx
import pytest

from server.access_log import FOLDER
from server.district import District
from server.settings import Settings
from tests.server.conftest import HEADERS, Later
from tests.server.school import TEACHER, admit


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def files(settings: Settings) -> list[Path]:
    return sorted((Path(settings.data) / FOLDER).glob("*"))


def lines(settings: Settings) -> list[dict[str, object]]:
    return [json.loads(line) for file in files(settings) for line in file.read_text().splitlines()]


async def test_a_request_leaves_a_line_without_secrets(
    client: httpx.AsyncClient, district: District, settings: Settings
):
    device, tokens = admit(district, TEACHER)
    headers = {"Authorization": f"Bearer {tokens.access_token}"}
    await client.post("/v1/pull?secret=query", json={"waiting": ["a body"]}, headers=headers)
    (line,) = lines(settings)
    assert line.pop("time") and isinstance(line.pop("ms"), float)
    assert line == {"method": "POST", "path": "/v1/pull", "status": 200, "device": device.id}
    text = files(settings)[0].read_text()
    assert tokens.access_token not in text and "query" not in text and "a body" not in text


async def test_what_was_refused_is_there_too_and_a_line_stays_a_line(
    client: httpx.AsyncClient, district: District, settings: Settings
):
    await client.post("/v1/pull")
    await client.get("/v1/hello", headers={**HEADERS, "Xunan-Protocol": "0"})
    await client.post("/v1/push", headers={"Xunan-Protocol": "0"})
    await client.get("/no%0Asuch" + "x" * 5000)
    told = lines(settings)
    assert [line["status"] for line in told] == [401, 200, 426, 404]
    assert len(str(told[3]["path"])) == 200 and {line["device"] for line in told} == {""}


async def test_a_file_a_day_kept_for_half_a_year_and_its_owners_alone(
    client: httpx.AsyncClient, district: District, settings: Settings, clock: Later
):
    await client.get("/v1/hello")
    (first,) = files(settings)
    assert first.stat().st_mode & 0o777 == 0o600
    other = first.with_name("notes.txt")
    other.write_text("not ours")
    clock.wait(days=190)
    await client.get("/v1/hello")
    assert len(files(settings)) == 3
    clock.wait(days=1)
    await client.get("/v1/hello")
    assert first not in files(settings) and other in files(settings)
    assert len(files(settings)) == 3


async def test_a_log_that_cannot_be_written_stops_nobody(
    client: httpx.AsyncClient, district: District, settings: Settings
):
    in_the_way = Path(settings.data) / FOLDER
    in_the_way.write_text("a file where a folder should be")
    for _ in range(2):
        assert (await client.get("/v1/hello")).status_code == 200
    in_the_way.unlink()
    await client.get("/v1/hello")
    assert len(lines(settings)) == 1
