"""What an import would write, and how it is told to people before it does."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ledger.entry import Body

ID_BYTES = 6


@dataclass(frozen=True, slots=True)
class Step:
    """One entry to write."""

    kind: str
    subject: str
    body: Body


Details = tuple[tuple[str, str, str], ...]
"""Field, before, after."""


@dataclass(frozen=True, slots=True)
class Line:
    """One pupil, member of staff or building, and what becomes of them."""

    name: str
    class_id: str = ""
    sheet: str = ""
    row: int = 0
    """0: not in the sheet."""
    number: str = ""
    details: Details = ()
    new: bool = False
    """Of staff and buildings: not known so far."""

    def with_details(self, details: Details) -> "Line":
        return replace(self, details=details)


def new_ids(taken: Iterable[str]) -> Iterator[str]:
    """Ids drawn by chance: they say nothing about whom they stand for."""
    used = set(taken)
    while True:
        id = secrets.token_hex(ID_BYTES)
        if id not in used:
            used.add(id)
            yield id
