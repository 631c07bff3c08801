"""The `xunan` command: finds what the installed packages can do and runs it.

A package offers commands through an entry point of the group `xunan.commands`, a function
`register(subparsers)`. Each command sets `run` to a function of the parsed arguments that returns
the exit status. So neither client nor server needs the other, and the ledger neither of them.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    Subparsers: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]  # pyright: ignore[reportPrivateUsage]

GROUP: Final = "xunan.commands"
FAILED: Final = 1
WRONG_USAGE: Final = 2
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells report it
PIPE_CLOSED: Final = 141  # 128 + SIGPIPE

BUNDLE_HELP: Final = "records and photos in one sealed file, where there is no network"


class CommandError(Exception):
    """A command cannot do its work; the message says why, to the person who typed it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        status = _run(argv)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # `xunan scan … | head`: the reader has seen enough. Nothing may be flushed at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED


def shared_group(subparsers: "Subparsers", name: str, help_text: str) -> "Subparsers":
    """A command whose parts come from more than one package; whoever comes first makes it."""
    parser = subparsers.choices.get(name)
    if parser is None:
        parser = subparsers.add_parser(name, help=help_text)
        return parser.add_subparsers(metavar="COMMAND", required=True)
    return next(
        action
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)  # pyright: ignore[reportPrivateUsage]
    )


def _run(argv: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(
        prog="xunan", description="Offline-first safety patrols for schools."
    )
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    parser.epilog = _register(entry_points(group=GROUP), subparsers)
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as stopped:  # argparse has said what was wrong, or printed the help
        if stopped.code == WRONG_USAGE and parser.epilog:
            print(f"xunan: {parser.epilog}", file=sys.stderr)
        return int(stopped.code or 0)
    try:
        return arguments.run(arguments)
    except CommandError as error:
        return _fail(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        return _fail(f"{error.strerror or error}{place}")


def _register(offers: Iterable[EntryPoint], subparsers: "Subparsers") -> str:
    """Add every command there is; say of which packages the libraries are not installed."""
    absent: list[str] = []
    for offer in sorted(offers, key=lambda offer: offer.name):
        try:
            register = offer.load()
        except ModuleNotFoundError as error:
            absent.append(f"{offer.name} commands need {error.name}, which is not installed")
        else:
            register(subparsers)
    return "; ".join(absent)


def _fail(message: str) -> int:
    print(f"xunan: {message}", file=sys.stderr)
    return FAILED
