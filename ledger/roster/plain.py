"""The same thing typed in several ways, read as one."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

HAN_GAP: Final = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s+(?=[\u3400-\u9fff])")


def plain(text: str) -> str:
    """Full-width digits and brackets as the narrow ones, no space more than needed."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def plain_name(text: str) -> str:
    """A name keeps its own characters; only spaces between Chinese ones go."""
    return HAN_GAP.sub("", " ".join(text.split()))


def plain_floor(text: str) -> str:
    """ "3楼", "3层" and "3F" are 3."""
    floor = plain(text)
    return floor[:-1] if len(floor) > 1 and floor[-1] in "楼层Ff" else floor


def plain_bed(text: str) -> str:
    """ "3号床", "3床" and "3号" are 3."""
    bed = plain(text)
    for ending in ("号床", "床", "号"):
        if bed.endswith(ending) and len(bed) > len(ending):
            return bed[: -len(ending)]
    return bed


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Sorts "9" before "10"."""
    parts: Iterable[str] = re.findall(r"\d+|\D+", text)
    return tuple((0, int(one)) if one.isdecimal() else (1, one) for one in parts)
