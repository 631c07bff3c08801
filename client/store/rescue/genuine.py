"""Which rescued rows can be believed: an entry vouches for itself, the rest is only plausible."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from ledger.entry import HEADER, digest
from ledger.tables.journal import ENTRY
from ledger.verdicts import Reason, Verdict

ENTRY_COLUMNS = tuple(column.name for column in ENTRY.columns)
UNANSWERED = {"verdict": Verdict.PENDING.value, "seq": None, "reason": "", "remarks": "{}"}
_VERDICTS, _REASONS = frozenset(Verdict), frozenset(Reason)


def genuine_entry(values: Sequence[Any]) -> dict[str, Any] | None:
    """The row of an entry whose header is the hashed one; None for anything else.

    What the server said of it has no hash: where that can't be right, the entry counts as not
    answered yet, and sending it again brings the same answer. A body that is no plain text is
    sealed; it is copied as it is, and whoever opens it will see.
    """
    row = dict(zip(ENTRY_COLUMNS, values, strict=True))
    header_bytes, body = row["header"], row["body"]
    if not isinstance(header_bytes, bytes) or not isinstance(body, bytes | None):
        return None
    if digest(header_bytes) != row["hash"]:
        return None
    try:
        header = HEADER.validate_json(header_bytes)
    except ValidationError:
        return None
    if body is not None and body.startswith(b"{") and digest(body) != header.body_hash:
        return None
    row |= {name: getattr(header, name) for name in ("id", "school", "device", "number", "kind")}
    row |= {name: getattr(header, name) for name in ("subject", "scope", "actor", "at")}
    if not _plausible(row):
        row |= UNANSWERED
    if not isinstance(row["received_at"], str):
        row["received_at"] = ""
    return row


def _plausible(row: dict[str, Any]) -> bool:
    seq, accepted = row["seq"], row["verdict"] == Verdict.ACCEPTED
    placed = isinstance(seq, int) and seq > 0 if accepted else seq is None
    return (
        placed
        and row["verdict"] in _VERDICTS
        and (row["reason"] == "" or row["reason"] in _REASONS)
        and is_json(row["remarks"])
    )


def is_json(text: Any) -> bool:
    if not isinstance(text, str):
        return False
    try:
        from_json(text)
    except ValueError:
        return False
    return True
