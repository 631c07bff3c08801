"""`xunan demo`, and what goes with it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.command import CommandError

if TYPE_CHECKING:
    from ledger.command import Subparsers

FOLDER = Path("storage/demo")


def register(subparsers: "Subparsers") -> "Subparsers":
    """Returns where commands below `demo` go."""
    parser = subparsers.add_parser(
        "demo",
        help="try it: a server, a teacher's phone and a principal's desktop on this computer",
        description="Starts a district server with a demo school, a teacher's phone and a "
        "principal's desktop, each a process of its own, and a page that shows them side by side.",
    )
    parser.add_argument("--fresh", action="store_true", help="begin anew, without what was kept")
    parser.add_argument("--no-browser", action="store_true", help="only print the addresses")
    parser.add_argument("--port", type=int, default=0, help="of the page; 0: any free one")
    parser.add_argument("--data", type=Path, default=FOLDER, metavar="FOLDER")
    parser.add_argument(
        "--info-file", type=Path, metavar="FILE", help="write addresses, labels and so on as JSON"
    )
    parser.set_defaults(run=run)
    return parser.add_subparsers(metavar="COMMAND")


def run(arguments: argparse.Namespace) -> int:
    from server.demo.child import DemoError
    from server.demo.run import Options, run_demo

    options = Options(
        folder=arguments.data,
        fresh=arguments.fresh,
        browser=not arguments.no_browser,
        port=arguments.port,
        info_file=arguments.info_file,
    )
    try:
        run_demo(options)
    except DemoError as error:
        raise CommandError(str(error)) from error
    return 0
