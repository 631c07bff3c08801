"""Both front pages name what is there: commands, targets, settings, pictures and pages."""

import argparse
import re
from pathlib import Path

import pytest

import client.commands
import server.commands

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
SETTINGS = re.findall(
    r'"(XUNAN_\w+|FLET_\w+)"', (ROOT / "client" / "settings.py").read_text("utf-8")
)
PICTURES = "docs/images/"


def commands() -> list[str]:
    subparsers = argparse.ArgumentParser(prog="xunan").add_subparsers()
    client.commands.register(subparsers)
    server.commands.register(subparsers)
    return list(subparsers.choices)


@pytest.mark.parametrize("command", commands())
def test_every_command_is_named(command: str) -> None:
    assert re.search(rf"`xunan {command}\b", ENGLISH)


@pytest.mark.parametrize("variable", SETTINGS)
def test_every_setting_of_the_client_is_named(variable: str) -> None:
    assert f"`{variable}`" in ENGLISH


@pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_every_target_of_make_is_real(page: str) -> None:
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = set(re.findall(r"\bmake ([a-z]+)\b(?= |`|$)", page, re.MULTILINE))
    assert {"demo", "test"} <= told <= made


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", *Path("docs").glob("*.md")])
def test_every_link_leads_somewhere(page: str | Path) -> None:
    file = ROOT / page
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", file.read_text("utf-8"))
    own = [one for one in links if "://" not in one and PICTURES not in one]
    assert [one for one in own if not (file.parent / one).exists()] == []
