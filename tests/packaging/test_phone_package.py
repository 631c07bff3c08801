"""A packaged app carries the app and the ledger, and no more."""

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
CARRIED = {"main.py", "client", "ledger", "assets", "LICENSE"}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_flet_build_packages_the_app_alone(project: dict[str, Any]) -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    top_level = {name.partition("/")[0] for name in listed if not name.startswith(".")}
    assert top_level - set(project["tool"]["flet"]["app"]["exclude"]) == CARRIED


def test_the_entry_module_is_three_lines() -> None:
    assert (ROOT / "main.py").read_text("utf-8").splitlines() == [
        "from client.app import run",
        "",
        "run()",
    ]


def test_no_phone_asks_for_the_place_in_the_background(project: dict[str, Any]) -> None:
    flet = project["tool"]["flet"]
    assert "permissions" not in flet
    asked = [name for name in flet["android"]["permission"] if "BACKGROUND" in name]
    assert asked == []
    assert not any("Always" in name for name in flet["ios"]["info"])


@pytest.mark.parametrize(
    ("name", "side_px"),
    [("icon.png", 1024), ("favicon.png", 192), ("splash.png", 768), ("splash_dark.png", 768)],
)
def test_pictures_have_the_size_stores_ask_for(name: str, side_px: int) -> None:
    with Image.open(ROOT / "assets" / name) as picture:
        assert picture.size == (side_px, side_px)


@pytest.mark.parametrize("lock", ["run.lock", "dev.lock"])
def test_locks_are_hashed_and_name_no_place(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text("utf-8")
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert all("==" in pin and pin.endswith("\\") for pin in pins)
    assert "://" not in text
    assert "index-url" not in text
