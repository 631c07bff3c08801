"""Entries on their way without what the other end can work out for itself: the hash of the entry
before, where that one goes along, and the hash of the body.

Hashes are what no compression makes smaller. (Measured: of a month of check-ins, 54 bytes each go
over the line instead of 149, and it takes 35 seconds instead of 62 at 256 kbit/s.) What is stored
and signed is the whole text: one put together wrongly would have another hash than the signed head
vouches for.
"""

from collections.abc import Sequence

from ledger.entry import digest
from ledger.wire.journal import SentEntry

_NO_PREVIOUS, _NO_BODY_HASH = '"previous":""', '"body_hash":""'


def abridge(entries: Sequence[SentEntry]) -> tuple[list[SentEntry], bool]:
    """The entries for the way, and whether they were abridged: `restore` makes them again."""
    if any(_NO_PREVIOUS in one.header or _NO_BODY_HASH in one.header for one in entries):
        return list(entries), False
    found: list[SentEntry] = []
    before = ""
    for one in entries:
        header = one.header
        if before:
            header = header.replace(f'"previous":"{before}"', _NO_PREVIOUS, 1)
        if one.body is not None:
            body_hash = digest(_bytes(one.body))
            header = header.replace(f'"body_hash":"{body_hash}"', _NO_BODY_HASH, 1)
        found.append(SentEntry.model_construct(header=header, body=one.body))
        before = digest(_bytes(one.header))
    return found, True


def restore(entries: Sequence[SentEntry]) -> list[SentEntry]:
    """The entries as they were written."""
    found: list[SentEntry] = []
    before = ""
    for one in entries:
        header = one.header
        if before:
            header = header.replace(_NO_PREVIOUS, f'"previous":"{before}"', 1)
        if one.body is not None:
            body_hash = digest(_bytes(one.body))
            header = header.replace(_NO_BODY_HASH, f'"body_hash":"{body_hash}"', 1)
        found.append(SentEntry.model_construct(header=header, body=one.body))
        before = digest(_bytes(header))
    return found


def _bytes(text: str) -> bytes:
    # As the server reads what comes in: half of a surrogate pair is no reason to lose an entry.
    return text.encode("utf-8", "surrogatepass")
