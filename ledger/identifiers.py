"""Identifiers that sort by the time they were made, without asking anyone."""

import os
import time


def new_id(milliseconds: int | None = None) -> str:
    """Return a UUIDv7 (RFC 9562, section 5.7) as 36 lower-case characters.

    `milliseconds` is Unix time; the device clock when absent. A wrong clock costs only the
    sorting: 74 random bits keep two devices apart.
    """
    stamp = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    value = (stamp & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
