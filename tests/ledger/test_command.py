"""`xunan` offers what is installed and says plainly what went wrong."""

import argparse
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from ledger import command
from ledger.command import CommandError, main


class _Offer:
    """An entry point with one command, named like its package."""

    def __init__(self, name: str, run: Callable[[argparse.Namespace], int]) -> None:
        self.name = name
        self._run = run

    def load(self) -> Callable[[Any], None]:
        return lambda subparsers: subparsers.add_parser(self.name).set_defaults(run=self._run)


class _Absent(_Offer):
    def load(self) -> Callable[[Any], None]:
        raise ModuleNotFoundError("No module named 'fastapi'", name="fastapi")


def _raising(error: BaseException) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        raise error

    return run


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def give(*offers: _Offer) -> None:
        monkeypatch.setattr(command, "entry_points", lambda group: offers)

    return give


def test_the_commands_status_is_the_exit_status(offer: Callable[..., None]) -> None:
    offer(_Offer("scan", lambda arguments: 0), _Offer("verify", lambda arguments: 1))
    assert main(["scan"]) == 0
    assert main(["verify"]) == 1


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (CommandError("no such school"), "xunan: no such school\n"),
        (FileNotFoundError(2, "No such file", "x.db"), "xunan: No such file: x.db\n"),
        (OSError("strange"), "xunan: strange\n"),
    ],
)
def test_a_failure_is_one_sentence(
    offer: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    sentence: str,
) -> None:
    offer(_Offer("scan", _raising(error)))
    assert main(["scan"]) == 1
    assert capsys.readouterr() == ("", sentence)


def test_a_mistake_of_ours_is_not_dressed_up(offer: Callable[..., None]) -> None:
    offer(_Offer("scan", _raising(RuntimeError("bug"))))
    with pytest.raises(RuntimeError, match="bug"):
        main(["scan"])


@pytest.mark.parametrize("argv", [[], ["unknown"], ["scan", "--unknown"]])
def test_wrong_usage_is_status_2(
    offer: Callable[..., None], capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    offer(_Offer("scan", lambda arguments: 0))
    assert main(argv) == 2
    assert "usage: xunan" in capsys.readouterr().err


def test_a_package_without_its_libraries_hides_only_itself(
    offer: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    offer(_Absent("server", lambda arguments: 0), _Offer("scan", lambda arguments: 0))
    assert main(["scan"]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["server"]) == 2
    assert "server commands need fastapi, which is not installed" in capsys.readouterr().err
    assert main(["--help"]) == 0
    assert "server commands need fastapi" in capsys.readouterr().out


def test_ctrl_c_is_quiet(offer: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    offer(_Offer("scan", _raising(KeyboardInterrupt())))
    assert main(["scan"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_went_away_is_quiet() -> None:
    program = """
import ledger.command
class Offer:
    name = "count"
    def load(self):
        def run(arguments):
            for number in range(100_000):
                print(number)
            return 0
        return lambda subparsers: subparsers.add_parser("count").set_defaults(run=run)
ledger.command.entry_points = lambda group: [Offer()]
raise SystemExit(ledger.command.main(["count"]))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"0\n"
    process.stdout.close()
    assert process.wait(timeout=30) == 141
    assert process.stderr is not None
    with process.stderr as said:
        assert said.read() == b""
