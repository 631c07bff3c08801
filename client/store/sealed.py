"""When the key to the pupils' data is lost, as with a forgotten passphrase or an emptied keyring.

What came from the server comes again. What this device wrote itself and had not sent can't be
opened by anybody any more: its header is sent without its body, so that the chain has no hole, and
its author hears from the server that it could not be read.
"""

from sqlalchemy import Connection, delete, select, update

from client.store.identity import read_identity
from client.store.rebuilding import rebuild_subjects
from client.store.tables import CURSOR
from ledger.scopes import is_sealed
from ledger.sealing import MARK
from ledger.tables.journal import ENTRY
from ledger.verdicts import Verdict


def forget_sealed(connection: Connection) -> int:
    """Drop what can't be opened; returns how many unsent entries of one's own were among it."""
    identity = read_identity(connection)
    if identity is None:
        return 0
    rows = connection.execute(
        select(ENTRY.c.id, ENTRY.c.subject, ENTRY.c.scope, ENTRY.c.device, ENTRY.c.verdict).where(
            ENTRY.c.school == identity.school, ENTRY.c.body >= MARK, ENTRY.c.body < b"\x02"
        )
    ).all()
    if not rows:
        return 0
    others = [row.id for row in rows if row.device != identity.device]
    own = [row.id for row in rows if row.device == identity.device]
    unsent = [
        row.id
        for row in rows
        if row.device == identity.device and row.verdict == Verdict.PENDING.value
    ]
    for start in range(0, len(others), 400):
        connection.execute(delete(ENTRY).where(ENTRY.c.id.in_(others[start : start + 400])))
    for start in range(0, len(own), 400):
        some = ENTRY.c.id.in_(own[start : start + 400])
        connection.execute(update(ENTRY).where(some).values(body=None))
    for grant in connection.scalars(select(CURSOR.c.scope)).all():
        if is_sealed(grant):
            connection.execute(update(CURSOR).where(CURSOR.c.scope == grant).values(seq=0))
    rebuild_subjects(connection, identity.school, list({row.subject for row in rows}))
    return len(unsent)
