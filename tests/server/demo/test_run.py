"""The demo as a whole: it starts, says where, loses and regains its network, and leaves nothing."""

import io
import json
import re
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pypdf
import pytest

from client.device.scanner import scanner_for_platform
from tests.server.demo.demo_process import DemoProcess, demo_process, wait_for

pytestmark = pytest.mark.timeout(240)
NETWORK_LIMIT_S = 10.0
ORPHAN_LIMIT_S = 20.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "data"


def _setting(info: dict[str, Any], device: str, name: str) -> dict[str, Any]:
    file = f"file:{info[device]['database']}?mode=ro"
    with sqlite3.connect(file, uri=True) as connection:
        row = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return json.loads(row[0]) if row else {}


def _switch(demo: DemoProcess, connected: bool) -> None:
    answer = httpx.post(demo.info["relay"]["control"], json={"connected": connected})
    assert answer.json() == {"connected": connected}


def _wait_reach(demo: DemoProcess, reach: str) -> None:
    wait_for(lambda: _setting(demo.info, "phone", "sync").get("reach") == reach, NETWORK_LIMIT_S)


@pytest.fixture(scope="class")
def demo(folder: Path) -> Iterator[DemoProcess]:
    with demo_process(folder) as demo:
        yield demo
        assert demo.stop() == 0
        assert demo.living() == []


class TestRunning:
    """Its tests share one demo."""

    def test_the_page_brings_its_own_letters(self, demo: DemoProcess) -> None:
        """A machine without a Chinese font would show boxes."""
        page = demo.info["page"].rstrip("/")
        fonts = re.findall(r'url\("(/fonts/[^"]+)"\)', httpx.get(f"{page}/demo.css").text)
        assert len(fonts) == 2
        for font in fonts:
            answer = httpx.get(f"{page}{font}")
            assert (answer.status_code, answer.content[:4]) == (200, b"wOF2")
            assert "font-src 'self'" in answer.headers["content-security-policy"]

    def test_everything_answers(self, demo: DemoProcess) -> None:
        info = demo.info
        assert len({*demo.parts, info["pid"]}) == 4
        hello = httpx.get(f"{info['relay']['address']}/v1/hello").json()
        assert hello == httpx.get(f"{info['server']['address']}/v1/hello").json() | {
            "time": hello["time"]
        }
        for address in (info["page"], info["phone"]["address"], info["desktop"]["address"]):
            assert "<html" in httpx.get(address).text.lower()
        about = httpx.get(f"{info['page']}demo.json").json()
        assert about == info

    def test_each_device_is_somebody_with_a_key_and_a_database_of_its_own(
        self, demo: DemoProcess
    ) -> None:
        phone, desktop = (_setting(demo.info, name, "identity") for name in ("phone", "desktop"))
        assert (phone["actor"], desktop["actor"]) == ("s08", "s01")
        assert phone["device"] != desktop["device"]
        assert phone["server"] == demo.info["relay"]["address"]
        assert desktop["server"] == demo.info["server"]["address"]

    def test_the_phone_loses_its_network_and_finds_it_again(self, demo: DemoProcess) -> None:
        _wait_reach(demo, "online")
        _switch(demo, connected=False)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{demo.info['relay']['address']}/v1/hello")
        _wait_reach(demo, "offline")
        assert _setting(demo.info, "desktop", "sync")["reach"] == "online"
        _switch(demo, connected=True)
        _wait_reach(demo, "online")

    def test_labels_are_genuine_and_can_be_scanned(self, demo: DemoProcess) -> None:
        labels = demo.info["labels"]
        assert [label["void"] for label in labels] == [False] * 5 + [True]
        assert len({label["area"] for label in labels[:5]}) == 5
        scanner = scanner_for_platform()
        for label in labels:
            assert scanner.read_still(httpx.get(label["picture"]).content) == label["text"]
            assert label["text"].startswith(f"XA{demo.info['school']['code']}")
            assert label["grouped"].replace(" ", "") == label["typed"]
        assert httpx.get(labels[0]["picture"].replace("/0.", "/99.")).status_code == 404
        sheet = pypdf.PdfReader(io.BytesIO(httpx.get(demo.info["labels_pdf"], timeout=60).content))
        assert len(sheet.pages) > 20

    def test_only_this_machine_and_this_page_reach_the_switch(self, demo: DemoProcess) -> None:
        control = demo.info["relay"]["control"]
        text = '{"connected": false}'
        assert httpx.post(control, content=text).status_code == 415
        assert httpx.post(control, json={"connected": "no"}).status_code == 400
        assert httpx.get(control, headers={"Host": "somewhere.example"}).status_code == 400
        assert httpx.get(control).json() == {"connected": True}

    def test_a_second_one_in_the_same_folder_is_refused(
        self, demo: DemoProcess, folder: Path
    ) -> None:
        with pytest.raises(RuntimeError, match="another demo is running"), demo_process(folder):
            pass
        assert demo.living() == [demo.process.pid, *demo.parts]


@pytest.mark.long
def test_killed_it_leaves_nothing_and_goes_on_where_it_was_until_a_part_ends(folder: Path) -> None:
    """One story, as each start costs seconds; the school that was run before is there already."""
    with demo_process(folder) as demo:
        before = {name: _setting(demo.info, name, "identity") for name in ("phone", "desktop")}
        assert all(before.values())
        demo.process.send_signal(signal.SIGKILL)
        demo.process.wait(ORPHAN_LIMIT_S)
        wait_for(lambda: demo.living() == [], ORPHAN_LIMIT_S)
    with demo_process(folder) as demo:
        assert {name: _setting(demo.info, name, "identity") for name in before} == before
        _wait_reach(demo, "online")
        psutil.Process(demo.info["phone"]["pid"]).kill()
        said, _ = demo.process.communicate(timeout=ORPHAN_LIMIT_S)
        assert "the demo's phone has ended" in said
        assert demo.process.returncode == 1
        assert demo.living() == []


def test_data_that_cannot_be_used_is_said_and_left_alone(folder: Path) -> None:
    database = folder.with_name("broken") / "server" / "district.sqlite3"
    database.parent.mkdir(parents=True)
    database.write_text("no database " * 100)
    with pytest.raises(RuntimeError, match="--fresh"), demo_process(folder.with_name("broken")):
        pass
    assert database.read_text() == "no database " * 100
