"""Sending own entries and keeping what the server said of them."""

from typing import Protocol

from sqlalchemy import Connection

from client.gateway.gateway import Gateway
from client.store.changes import JOURNAL, topics_of
from client.store.identity import Identity
from client.store.journal import (
    Outgoing,
    keep_head,
    keep_receipts,
    next_outgoing,
    outgoing_from,
)
from client.store.store import Store
from ledger.clock import Contact, Stamp
from ledger.keys import DeviceKey
from ledger.wire import Push, Pushed


class Clock(Protocol):
    """The port to the device's clock."""

    def stamp(self) -> Stamp: ...

    def meet(self, server: str) -> Contact: ...


async def push_pending(
    store: Store, gateway: Gateway, identity: Identity, key: DeviceKey, clock: Clock, limit: int
) -> Pushed | None:
    """Send the oldest unanswered entries; None when there are none left."""
    batch = await store.read(lambda connection: next_outgoing(connection, identity, limit))
    return None if batch is None else await _send(store, gateway, identity, key, clock, batch)


async def send_again(
    store: Store,
    gateway: Gateway,
    identity: Identity,
    key: DeviceKey,
    clock: Clock,
    number: int,
    limit: int,
) -> Pushed | None:
    """Send entries from `number` on once more, whatever was said of them before."""
    batch = await store.read(lambda connection: outgoing_from(connection, identity, number, limit))
    return None if batch is None else await _send(store, gateway, identity, key, clock, batch)


async def _send(
    store: Store,
    gateway: Gateway,
    identity: Identity,
    key: DeviceKey,
    clock: Clock,
    batch: Outgoing,
) -> Pushed:
    head = key.sign_head(identity.device, batch.number, batch.hash, clock.stamp().at)
    answer = await gateway.push(Push(head=head, entries=batch.entries))

    def keep(connection: Connection) -> set[str]:
        keep_head(connection, head)
        return topics_of(keep_receipts(connection, identity, answer.receipts))

    topics = await store.write(keep)
    store.changes.publish({JOURNAL, *topics})
    return answer
