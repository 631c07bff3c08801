"""What a document says: plain values, with names in place of ids."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

Thumbnail = Callable[[str], bytes | None]
"""A photo's small JPEG by its hash; None when it isn't at hand."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One hazard with all columns of the ledger 台账."""

    number: str
    source: str
    found_at: datetime
    place: str
    content: str
    category: str
    grade: str
    basis: str
    measure: str
    unit: str
    responsible: str
    deadline: date | None
    funds: float
    protection: str
    state: str
    done_at: datetime | None
    accepted_by: str
    closed_at: datetime | None
    before: tuple[str, ...]
    """Hashes of its photos."""
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    school: str
    year: int
    """The year the school year began in."""
    exporter: str
    exported_at: datetime
    lines: tuple[LedgerLine, ...]
    columns: tuple[str, ...] = ()
    """Which columns, in their order, by the names of `LedgerLine`'s fields; "photos" stands for
    those before and those after. Empty: all of them."""
    filtered: str = ""
    """What the list was narrowed to; empty for the whole school year."""


@dataclass(frozen=True, slots=True)
class Notice:
    """整改通知书, and its reply as far as there is one."""

    school: str
    number: str
    found_at: datetime
    found_by: str
    place: str
    content: str
    category: str
    grade: str
    basis: str
    measure: str
    protection: str
    deadline: date | None
    responsible: str
    unit: str
    issued_by: str
    issued_at: datetime | None
    acknowledged_at: datetime | None
    done: str
    done_at: datetime | None
    accepted_by: str
    accepted_at: datetime | None
    before: tuple[str, ...]
    after: tuple[str, ...]
