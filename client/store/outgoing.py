"""What of this device's own journal goes to the server next, in batches it can take."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from client.store.identity import Identity
from ledger.bulk import insert_rows
from ledger.keys import Head
from ledger.sealing import opened
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Verdict
from ledger.wire.journal import SentEntry
from ledger.wire.protocol import REQUEST_LIMIT_BYTES

BATCH_BYTES = REQUEST_LIMIT_BYTES // 4
"""Of headers and bodies in one batch: quoting them as JSON makes them longer."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The next batch: entries in the order of their numbers, and where it ends."""

    entries: list[SentEntry]
    ids: list[str]
    number: int
    hash: str


def next_outgoing(connection: Connection, identity: Identity, limit: int) -> Outgoing | None:
    """The oldest entries the server has not answered for; None when there are none."""
    return _outgoing(
        connection,
        limit,
        ENTRY.c.verdict == Verdict.PENDING.value,
        ENTRY.c.device == identity.device,
    )


def outgoing_from(
    connection: Connection,
    identity: Identity,
    number: int,
    limit: int,
    limit_bytes: int | None = None,
) -> Outgoing | None:
    """Own entries from `number` on whatever their verdict: for a server that has lost some, and
    for a bundle."""
    mine = (ENTRY.c.device == identity.device, ENTRY.c.number >= number)
    return _outgoing(connection, limit, *mine, limit_bytes=limit_bytes)


def _outgoing(
    connection: Connection,
    limit: int,
    *where: ColumnElement[bool],
    limit_bytes: int | None = None,
) -> Outgoing | None:
    """At most `limit` entries, and unless told otherwise no more than the server's largest request
    could carry."""
    most = BATCH_BYTES if limit_bytes is None else limit_bytes
    columns = (ENTRY.c.id, ENTRY.c.number, ENTRY.c.hash, ENTRY.c.header, ENTRY.c.body)
    rows = connection.execute(
        select(*columns).where(*where).order_by(ENTRY.c.number).limit(limit)
    ).all()
    size, many = 0, 0
    for row in rows:
        size += len(row.header) + len(row.body or b"")
        if many and size > most:
            break
        many += 1
    if not many:
        return None
    rows = rows[:many]
    entries = []
    for row in rows:
        body = opened(connection, row.body)
        entries.append(
            SentEntry(header=row.header.decode(), body=None if body is None else body.decode())
        )
    return Outgoing(entries, [row.id for row in rows], rows[-1].number, rows[-1].hash)


def keep_head(connection: Connection, head: Head) -> None:
    """Keep the head that was signed for a batch, so that the journal can be verified later."""
    insert_rows(connection, HEAD, [head.model_dump()], ignore_known=True)
