"""What a person can do about entries that were refused."""

from sqlalchemy import Connection

from client.store.changes import SYNC
from client.store.identity import Identity
from client.store.queue import own_entries
from client.store.refusals import put_aside
from client.store.store import Store


async def put_aside_refused(store: Store, identity: Identity) -> None:
    """The person has read why; the entries stay in the list, the chip stops calling."""

    def work(connection: Connection) -> None:
        written = own_entries(connection, identity).written
        put_aside(connection, written)

    await store.write(work, {SYNC})
