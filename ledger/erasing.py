"""Taking bodies out of a journal, a device's or a server's: headers, hashes and chains stay."""

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from ledger.projection import CHUNK
from ledger.tables.journal import ENTRY


def erase_bodies(connection: Connection, school: str, ids: Sequence[str]) -> list[str]:
    """Returns the subjects whose records have to be made anew."""
    subjects: dict[str, None] = {}
    for start in range(0, len(ids), CHUNK):
        these = (ENTRY.c.school == school, ENTRY.c.id.in_(ids[start : start + CHUNK]))
        there = select(ENTRY.c.subject).where(*these, ENTRY.c.body.is_not(None)).distinct()
        subjects |= dict.fromkeys(connection.scalars(there))
        connection.execute(update(ENTRY).where(*these).values(body=None))
    return list(subjects)
