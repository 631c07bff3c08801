"""The manual names every setting and every command, and the commands do what it says."""

import argparse
import io
import re
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from ledger.command import main
from server.commands import register
from server.demo import PASSWORD, SCHOOL
from server.demo.staff import ACCOUNTS
from server.settings import Settings

MANUAL = (Path(__file__).parents[2] / "docs" / "operation.md").read_text()


def commands(parser: argparse.ArgumentParser, words: str) -> list[tuple[str, set[str]]]:
    """Every command line below `parser` with the options it takes."""
    found = []
    options = {name for action in parser._actions for name in action.option_strings}
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if parser.get_default("run") is not None:
        found.append((words, options - {"-h", "--help", "--database", "--data"}))
    for group in groups:
        for name, below in group.choices.items():
            found += commands(below, f"{words} {name}")
    return found


def all_commands() -> list[tuple[str, set[str]]]:
    parser = argparse.ArgumentParser(prog="xunan")
    register(parser.add_subparsers())
    return commands(parser, "xunan")


@pytest.mark.parametrize("variable", Settings.variables())
def test_every_setting_is_in_the_manual(variable: str):
    assert f"| `{variable}` |" in MANUAL


@pytest.mark.parametrize(("command", "options"), all_commands())
def test_every_command_and_option_is_in_the_manual(command: str, options: set[str]):
    row = re.search(rf"^\| `{command}` \|.*$", MANUAL, re.MULTILINE)
    assert row, command
    assert all(f"`{option}" in row[0] for option in options), (row[0], options)


def test_the_defaults_in_the_manual_are_the_real_ones():
    for one in fields(Settings):
        row = re.search(rf"^\| `{one.metadata['variable']}` \| (.*?) \|", MANUAL, re.MULTILINE)
        assert row and (one.default == "" or f"`{one.default}`" == row[1])


def test_the_demo_accounts_are_in_the_manual():
    assert PASSWORD in MANUAL and SCHOOL in MANUAL
    assert all(f"`{username}`" in MANUAL for username, _ in ACCOUNTS)


def test_the_environment_is_read_and_arguments_win():
    environment = {"XUNAN_PORT": "9000", "XUNAN_HOST": "::1", "DATABASE_URL": "sqlite:///x"}
    settings = Settings.from_environment(environment, port=0, host=None)
    assert (settings.port, settings.host, settings.database_url) == (0, "::1", "sqlite:///x")
    with pytest.raises(ValueError, match="XUNAN_PORT"):
        Settings.from_environment({"XUNAN_PORT": "many"})


Xunan = Callable[..., tuple[int, str, str]]


@pytest.fixture
def xunan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Xunan:
    """Status, output and complaint of a command on this test's data."""

    def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = main([*words, "--data", str(tmp_path)])
        said, complaint = capsys.readouterr()
        return status, said, complaint

    return run


def test_an_administrator_sets_up_a_demo_and_its_people(xunan: Xunan):
    assert xunan("demo", "seed", "--days", "0")[0] == 0
    status, _, complaint = xunan("demo", "seed")
    assert status == 1 and SCHOOL in complaint
    person = ("--school", SCHOOL, "--staff", "s20")
    _, said, _ = xunan("account", "add", *person, "--username", "HuJiaYi", stdin="long enough\n")
    assert said == "hujiayi\n"
    status, _, complaint = xunan("account", "password", "--username", "hujiayi", stdin="short\n")
    assert status == 1 and "8" in complaint
    _, said, _ = xunan("enrol", *person, "--server", "https://xunan.example.cn")
    code, text, *symbol = said.splitlines()
    assert text == f"XE:{code.replace(' ', '')}:HTTPS://XUNAN.EXAMPLE.CN"
    assert len(symbol) > 10
    assert xunan("device", "revoke", "--device", "x")[0] == 1
    assert xunan("account", "close", "--username", "hujiayi")[0] == 0


def test_a_school_gets_the_four_characters_of_its_number(xunan: Xunan):
    assert xunan("school", "add", "--number", "17", "--name", "甲")[1] == "000H\n"
    assert xunan("school", "add", "--number", "17", "--name", "乙")[0] == 1
    assert xunan("school", "add", "--number", "-1", "--name", "丙")[0] == 1


def test_the_district_gets_an_officer_and_no_school_gets_its_number(xunan: Xunan):
    officer = ("district", "officer", "--staff", "d01", "--name", "王科")
    assert xunan(*officer)[1] == "0000\n"
    person = ("--school", "0000", "--staff", "d01")
    status, said, _ = xunan("enrol", *person, "--server", "https://xunan.example.cn")
    assert status == 0 and "XE:" in said
    status, _, complaint = xunan("school", "add", "--number", "0", "--name", "甲")
    assert status == 1 and "district officer" in complaint
