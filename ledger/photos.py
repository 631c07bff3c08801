"""Which entries name which photos, kept beside the journal on both sides.

A device may send a photo that one of its own entries names; somebody may see it whose scopes
include that of an entry naming it.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from ledger.bulk import insert_rows
from ledger.entry import Header
from ledger.tables.journal import ENTRY_PHOTO


def note_photos(connection: Connection, headers: Iterable[Header]) -> None:
    """Write down what these entries name; what is known already stays."""
    rows: list[dict[str, Any]] = [
        {
            "school": header.school,
            "hash": photo,
            "entry": header.id,
            "device": header.device,
            "scope": header.scope,
        }
        for header in headers
        if header.photos
        for photo in dict.fromkeys(header.photos)
    ]
    insert_rows(connection, ENTRY_PHOTO, rows, ignore_known=True)
