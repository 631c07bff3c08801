"""The manual names every setting and every command, and the commands do what it says."""

import argparse
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

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


def xunan(data: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("xunan")), *words, "--data", str(data)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60)


def test_an_administrator_sets_up_a_demo_and_its_people(tmp_path: Path):
    assert xunan(tmp_path, "demo", "seed", "--days", "0").returncode == 0
    again = xunan(tmp_path, "demo", "seed")
    assert again.returncode == 1 and SCHOOL in again.stderr
    person = ("--school", SCHOOL, "--staff", "s20")
    added = xunan(
        tmp_path, "account", "add", *person, "--username", "HuJiaYi", stdin="long enough\n"
    )
    assert added.stdout == "hujiayi\n"
    weak = xunan(tmp_path, "account", "password", "--username", "hujiayi", stdin="short\n")
    assert weak.returncode == 1 and "8" in weak.stderr
    enrolled = xunan(tmp_path, "enrol", *person, "--server", "https://xunan.example.cn")
    code, text, *symbol = enrolled.stdout.splitlines()
    assert text == f"XE:{code.replace(' ', '')}:HTTPS://XUNAN.EXAMPLE.CN"
    assert len(symbol) > 10
    assert xunan(tmp_path, "device", "revoke", "--device", "x").returncode == 1
    assert xunan(tmp_path, "account", "close", "--username", "hujiayi").returncode == 0


def test_a_school_gets_the_four_characters_of_its_number(tmp_path: Path):
    assert xunan(tmp_path, "school", "add", "--number", "17", "--name", "甲").stdout == "000H\n"
    assert xunan(tmp_path, "school", "add", "--number", "17", "--name", "乙").returncode == 1
    assert xunan(tmp_path, "school", "add", "--number", "-1", "--name", "丙").returncode == 1


def test_the_district_gets_an_officer_and_no_school_gets_its_number(tmp_path: Path):
    officer = ("district", "officer", "--staff", "d01", "--name", "王科")
    assert xunan(tmp_path, *officer).stdout == "0000\n"
    person = ("--school", "0000", "--staff", "d01")
    enrolled = xunan(tmp_path, "enrol", *person, "--server", "https://xunan.example.cn")
    assert enrolled.returncode == 0 and "XE:" in enrolled.stdout
    taken = xunan(tmp_path, "school", "add", "--number", "0", "--name", "甲")
    assert taken.returncode == 1 and "district officer" in taken.stderr
