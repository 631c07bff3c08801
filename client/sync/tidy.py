"""After a run, once a day: rounds that need not stay on this device leave, a few at a time."""

from datetime import datetime

from sqlalchemy import Connection

from client.store.identity import Identity
from client.store.retention import kept_from, sweep, swept_for
from client.store.store import Store


async def tidy(store: Store, identity: Identity, now: datetime) -> int:
    """Returns how many rounds have left."""

    def due(connection: Connection) -> str:
        kept = kept_from(connection, identity.school, now)
        return "" if kept == swept_for(connection) else kept

    kept = await store.read(due)
    left = 0
    while kept:
        some = await store.write(
            lambda connection: sweep(connection, identity, kept),
            lambda some: {"round"} if some else (),
        )
        left += some
        if not some:
            break
    return left
