"""How far a long command has come, in one line on the terminal that is written over and over."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from client.long_work import Note
from client.store.sync_views import Moving
from client.sync.progress import Course

TELL_EVERY_S = 0.2
WIDTH = 30
MEGA = 1_000_000
ERASE_LINE = "\r\x1b[K"


@contextmanager
def bar(stream: TextIO | None = None) -> Iterator[Note]:
    """What is yielded takes how many bytes of how many are through, from any thread. Written where
    somebody looks, by default to the error output: a file or a pipe gets nothing of it."""
    out = stream or sys.stderr
    if not out.isatty():
        yield lambda done, total: None
        return
    course, told_at = Course(Moving.PACKED, 0), 0.0

    def note(done: int, total: int) -> None:
        nonlocal told_at
        if done < total and time.monotonic() - told_at < TELL_EVERY_S:
            return
        told_at = time.monotonic()
        out.write(ERASE_LINE + line(done, total, course.reached(done, total).seconds_left))
        out.flush()

    try:
        yield note
    finally:
        out.write(ERASE_LINE)
        out.flush()


def line(done: int, total: int, seconds_left: int | None) -> str:
    """[#####-----]  50 %  1.2 / 2.4 MB, 12 s left"""
    share = done / total if total else 1.0
    filled = round(share * WIDTH)
    said = f"[{'#' * filled}{'-' * (WIDTH - filled)}] {share:4.0%}"
    said += f"  {done / MEGA:,.1f} / {total / MEGA:,.1f} MB"
    return said if seconds_left is None or done == total else f"{said}, {seconds_left} s left"
