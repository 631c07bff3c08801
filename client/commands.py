"""The commands the client brings to `xunan`."""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.command import Subparsers


def register(subparsers: "Subparsers") -> None:
    _register_scan(subparsers)


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
