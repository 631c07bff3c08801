"""The commands the client brings to `xunan`."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.command import BUNDLE_HELP, shared_group

if TYPE_CHECKING:
    from ledger.command import Subparsers


def register(subparsers: "Subparsers") -> None:
    _register_app(subparsers)
    _register_bundle(subparsers)
    _register_export(subparsers)
    _register_labels(subparsers)
    _register_scan(subparsers)
    _register_verify(subparsers)


def _register_app(subparsers: "Subparsers") -> None:
    app = subparsers.add_parser(
        "app",
        help="run the app on this computer",
        description="Opens the app in its own window; where none can open, in the browser.",
    )
    app.add_argument(
        "--profile", default="default", help="tells several clients on one computer apart"
    )
    app.add_argument(
        "--web", action="store_true", help="only serve it to browsers, and print the address"
    )
    app.add_argument("--port", type=int, default=0, help="0: any free one")
    app.add_argument("--port-file", type=Path, help="write the port here once it answers")
    app.add_argument(
        "--attached",
        action="store_true",
        help="end when standard input closes; anything written there means the network changed",
    )
    app.set_defaults(run=run_app)


def _register_bundle(subparsers: "Subparsers") -> None:
    bundles = shared_group(subparsers, "bundle", BUNDLE_HELP)
    export = bundles.add_parser(
        "export",
        help="write this device's unsent records and photos into one sealed file",
        description="Only the district's server can open it. The records stay here, and are sent "
        "as usual when there is a network.",
    )
    export.add_argument("--profile", default="default", help="which of this computer's clients")
    export.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="the file to write"
    )
    export.set_defaults(run=export_bundle)


def _register_export(subparsers: "Subparsers") -> None:
    export = subparsers.add_parser(
        "export",
        help="write a school's hazard ledger, or a rectification notice",
        description="Reads a device's or a server's database. Nothing in it changes.",
    )
    kinds = export.add_subparsers(dest="what", required=True, metavar="WHAT")
    ledger = kinds.add_parser("ledger", help="a school year's hazards as .xlsx or .pdf")
    ledger.add_argument("--year", type=int, required=True, help="the year the school year began in")
    ledger.add_argument("--by", metavar="NAME", help="who exports it; otherwise the system's user")
    ledger.set_defaults(run=export_ledger)
    notice = kinds.add_parser("notice", help="the rectification notice of one hazard as .pdf")
    notice.add_argument(
        "--hazard", required=True, metavar="NUMBER", help="its number, such as 2026-0012"
    )
    notice.set_defaults(run=export_notice)
    for one in (ledger, notice):
        one.add_argument("--school", required=True, metavar="CODE", help="its four characters")
        one.add_argument(
            "--database",
            metavar="FILE_OR_URL",
            help="an SQLite file or postgresql://…; otherwise this device's database, or the "
            "server's on this computer",
        )
        one.add_argument("--profile", default="default", help="which of this computer's clients")
        one.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")


def _register_labels(subparsers: "Subparsers") -> None:
    labels = subparsers.add_parser(
        "labels",
        help="print a school's point labels",
        description="Draws A4 sheets of labels, in walking order. Nothing in the database changes.",
    )
    labels.add_argument("--school", required=True, metavar="CODE", help="its four characters")
    labels.add_argument(
        "--database",
        metavar="FILE_OR_URL",
        help="an SQLite file or postgresql://…; otherwise this device's database, or the server's "
        "on this computer",
    )
    labels.add_argument("--profile", default="default", help="which of this computer's clients")
    labels.add_argument(
        "--point", nargs="+", default=[], metavar="ID", help="only these points; otherwise all"
    )
    labels.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="the PDF to write"
    )
    labels.set_defaults(run=print_labels)


def _register_scan(subparsers: "Subparsers") -> None:
    scan = subparsers.add_parser(
        "scan",
        help="read the QR code in pictures",
        description="Prints one JSON line per picture: image, text (null: no code), ms; and error "
        "for a file that is no picture. The exit status is 1 when there was such a file.",
    )
    scan.add_argument("images", metavar="IMAGE", nargs="+", type=Path)
    scan.add_argument(
        "--frame",
        action="store_true",
        help="treat them as camera frames: one look at full size, as the live camera gets",
    )
    scan.set_defaults(run=scan_images)


def run_app(arguments: argparse.Namespace) -> int:
    from client import serving

    return serving.run_app(arguments)


def export_bundle(arguments: argparse.Namespace) -> int:
    from client import bundle_command

    return bundle_command.export(arguments)


def export_ledger(arguments: argparse.Namespace) -> int:
    from client import exporting

    return exporting.export_ledger(arguments)


def export_notice(arguments: argparse.Namespace) -> int:
    from client import exporting

    return exporting.export_notice(arguments)


def print_labels(arguments: argparse.Namespace) -> int:
    from client import printing

    return printing.print_labels(arguments)


def scan_images(arguments: argparse.Namespace) -> int:
    from client.device.scanner import scanner_for_platform

    scanner = scanner_for_platform()
    look = scanner.read if arguments.frame else scanner.read_still
    status = 0
    for image in arguments.images:
        line = {"image": str(image)} | _scan_image(image, look)
        print(json.dumps(line, ensure_ascii=False), flush=True)
        status |= "error" in line
    return status


def _scan_image(image: Path, look: Callable[[bytes], str | None]) -> dict[str, object]:
    from client.device.scanner import UnreadableImage

    try:
        data = image.read_bytes()
    except OSError as error:
        sentence = f"The file cannot be read: {error.strerror or error}."
        return {"text": None, "ms": 0.0, "error": sentence}
    answer: dict[str, object] = {"text": None}
    started = time.perf_counter()
    try:
        answer["text"] = look(data)
    except UnreadableImage as error:
        answer["error"] = str(error)
    answer["ms"] = round((time.perf_counter() - started) * 1000, 2)
    return answer


def _register_verify(subparsers: "Subparsers") -> None:
    verify = subparsers.add_parser(
        "verify",
        help="check every hash, link and signature of a journal",
        description="Reads a device's or a server's journal without writing a byte. The exit "
        "status is 0 when it is intact, 1 with the first broken entry, 2 when there is no journal.",
    )
    verify.add_argument("database", metavar="DB", help="an SQLite file, or postgresql://…")
    verify.set_defaults(run=verify_database)


def verify_database(arguments: argparse.Namespace) -> int:
    from client.verifying import Damaged, Unverifiable, summary, verify

    try:
        report = verify(arguments.database)
    except Unverifiable as error:
        print(f"xunan: {error}", file=sys.stderr)
        return 2
    except Damaged as error:
        print(error)
        return 1
    print(summary(report))
    return 0 if report.broken is None else 1
