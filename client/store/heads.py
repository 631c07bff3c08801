"""The signed heads on this device: each vouches for an entry that is here."""

from sqlalchemy import Connection, delete, func, select

from client.store.identity import Identity
from ledger.tables.journal import ENTRY, HEAD


def drop_loose_heads(connection: Connection, identity: Identity) -> None:
    """Heads of other devices that fall on entries which left vouch for nothing here; and where a
    chain went back with a restored backup, they would stand against what took its place."""
    there = select(func.count()).where(
        ENTRY.c.device == HEAD.c.device, ENTRY.c.number == HEAD.c.number
    )
    connection.execute(
        delete(HEAD).where(HEAD.c.device != identity.device, there.scalar_subquery() == 0)
    )
