"""Taking this device's own entries back from the server, when it has lost some of them."""

import asyncio

from sqlalchemy import Connection

from client.gateway.gateway import Gateway
from client.store import own_chain
from client.store.changes import JOURNAL, SYNC, topics_of
from client.store.identity import Identity
from client.store.receipts import keep_word
from client.store.rescue.note import ChainState, chain_state
from client.store.store import Store
from client.sync.push import Clock
from ledger.chain import Link
from ledger.keys import DeviceKey
from ledger.wire.journal import PULL_LIMIT_ENTRIES, OwnAsked, OwnHeld


async def take_back_own(
    store: Store, gateway: Gateway, identity: Identity, key: DeviceKey, clock: Clock
) -> tuple[OwnHeld, ChainState]:
    """Ask for all of them, check them, store what was missing; the last answer, and how the chain
    stands. Raises `GatewayError` and `NotGenuine`."""
    given, heads, after = [], [], 0
    while True:
        answer = await gateway.own(OwnAsked(after=after, limit=PULL_LIMIT_ENTRIES))
        given += answer.entries
        heads += answer.heads
        last = own_chain.last_number(answer.entries)
        if not answer.more or last <= after:
            break
        after = last
    end = Link(answer.number, answer.hash) if answer.number else Link()
    returned = await asyncio.to_thread(
        own_chain.check_own, given, heads, end, identity.device, key.public
    )

    at = clock.stamp().at

    def keep(connection: Connection) -> tuple[set[str], ChainState]:
        touched = own_chain.take_back(connection, identity, returned)
        # The server's word anew, now that our own entries are here to hold it against.
        touched += keep_word(connection, identity, [], [], answer.number, answer.hash, at)
        return topics_of(touched), chain_state(connection)

    _, state = await store.write(keep, lambda kept: {JOURNAL, SYNC, *kept[0]})
    return answer, state
