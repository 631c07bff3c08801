"""Is one row of the journal what it says it is? Looked at without any other row."""

from operator import attrgetter
from typing import Any

from pydantic import ValidationError

from ledger.entry import HEADER, Header, digest
from ledger.scopes import is_sealed as is_kept_sealed
from ledger.sealing import is_sealed
from ledger.verdicts import Reason, Verdict
from ledger.verify.report import Fault

COLUMNS = ("number", "kind", "subject", "scope", "actor", "at")
SENDERS = ("school", "device")
_columns, _senders = attrgetter(*COLUMNS), attrgetter(*SENDERS)
PLACED_UNREAD = frozenset(
    {Reason.BODY_ALTERED, Reason.CHAIN_FORKED, Reason.EARLIER_MISSING, Reason.ALREADY_EXISTS}
)
"""A server keeps what it answered so without having accepted the body as genuine."""
VERDICTS = frozenset(Verdict)


def is_opaque(row: Any) -> bool:
    """A server keeps even a header that nobody can read, in its place in the chain."""
    return row.kind == "" and row.verdict != Verdict.ACCEPTED


def is_forked(row: Any) -> bool:
    return row.reason == Reason.CHAIN_FORKED and row.verdict == Verdict.REFUSED


def is_early(row: Any) -> bool:
    return row.reason == Reason.EARLIER_MISSING and row.verdict == Verdict.HELD


def as_bytes(value: Any) -> bytes:
    """What stands in the column, whatever type a hand has left there."""
    if isinstance(value, bytes | memoryview | bytearray):
        return bytes(value)
    return str(value).encode("utf-8", "surrogatepass")


def read_row(row: Any, *, whole: bool) -> tuple[Header | None, Fault | None, str]:
    """The row's header (None when opaque), and the first thing wrong with the row."""
    header_bytes = as_bytes(row.header)
    if digest(header_bytes) != row.hash:
        return None, Fault.HASH, ""
    if row.verdict not in VERDICTS:
        return None, Fault.COLUMN, "verdict"
    accepted = row.verdict == Verdict.ACCEPTED
    if accepted != (row.seq is not None):
        return None, Fault.SEQ, "none" if accepted else "not accepted"
    if whole and is_opaque(row):
        return None, None, ""
    try:
        header = HEADER.validate_json(header_bytes)
    except ValidationError:
        return None, Fault.UNREADABLE, ""
    column = _wrong_column(row, header, foreign_allowed=whole and not accepted)
    if column:
        return header, Fault.COLUMN, column
    unread = whole and not accepted and row.reason in PLACED_UNREAD
    body = None if row.body is None else as_bytes(row.body)
    if body is None or unread or (not whole and is_sealed(body) and is_kept_sealed(header.scope)):
        return header, None, ""  # a device's seal has a check of its own
    if digest(body) != header.body_hash:
        return header, Fault.BODY, ""
    return header, None, ""


def _wrong_column(row: Any, header: Header, *, foreign_allowed: bool) -> str:
    """`foreign_allowed`: what a server refused may name a school or device that isn't its
    sender's."""
    if row.id != header.id and row.id != f"{row.hash}@{row.device}":
        return "id"
    # All at once first: nearly every row is as it should be.
    if _columns(row) != _columns(header):
        return next(name for name in COLUMNS if getattr(row, name) != getattr(header, name))
    if not foreign_allowed and _senders(row) != _senders(header):
        return next(name for name in SENDERS if getattr(row, name) != getattr(header, name))
    return ""
