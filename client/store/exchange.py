"""Puts a complete new file in a damaged one's place, so that no instant of it loses anything.

The new file is made beside the old one. Only when it is complete and on the disk is a marker
written; from then on the exchange is finished at the next opening, however it was interrupted.
The damaged file and its log stay, under another name, byte for byte.
"""

import os
from contextlib import suppress
from pathlib import Path

from client.store.health import flush_folder, mark_of

NEW, MARKER = ".new", ".exchange"
COMPANIONS = ("-wal", "-shm")


def new_beside(path: Path) -> Path:
    """Where the new file is made."""
    return path.with_name(path.name + NEW)


def exchange(path: Path, aside: str) -> None:
    """The new file is complete: let it take its place, and call the old one `aside`."""
    _flush(new_beside(path))
    marker = path.with_name(path.name + MARKER)
    begun = path.with_name(path.name + MARKER + NEW)
    begun.write_text(aside)
    _flush(begun)
    # Whole or not there: without a name nothing could be finished, and the app not opened.
    begun.replace(marker)
    flush_folder(path.parent)
    finish_exchange(path)


def finish_exchange(path: Path) -> None:
    """Go on with an exchange that was begun; does nothing when none was."""
    marker, new = path.with_name(path.name + MARKER), new_beside(path)
    if not marker.exists():
        return
    if new.exists():
        aside = path.with_name(marker.read_text())
        for ending in ("", *COMPANIONS):
            old = path.with_name(path.name + ending)
            if old.exists():
                old.replace(aside.with_name(aside.name + ending))
        mark_of(path).unlink(missing_ok=True)
        new.replace(path)
    marker.unlink()


def discard(path: Path) -> None:
    """Remove a database that was only begun, and what belongs to it."""
    for one in (*(path.with_name(path.name + end) for end in ("", *COMPANIONS)), mark_of(path)):
        with suppress(OSError):
            one.unlink(missing_ok=True)


def forget_put_aside(path: Path) -> None:
    """Remove the damaged files that were kept."""
    for one in path.parent.glob(f"{path.name}.damaged-*"):
        with suppress(OSError):
            one.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """The file and its name are on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    flush_folder(path.parent)
