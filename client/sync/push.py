"""Sending own entries and keeping what the server said of them."""

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Connection

from client.gateway.gateway import Gateway
from client.store.changes import JOURNAL, SYNC, topics_of
from client.store.identity import Identity
from client.store.outgoing import Outgoing, keep_head, next_outgoing, outgoing_from
from client.store.receipts import keep_word
from client.store.store import Store
from ledger.abridged import abridge
from ledger.clock import Contact, Stamp
from ledger.keys import DeviceKey
from ledger.wire.journal import Push, Pushed

Note = Callable[[Connection, int], None]
"""Written down with a batch's receipts: how many entries it was."""


class Clock(Protocol):
    """The port to the device's clock."""

    def stamp(self) -> Stamp: ...

    def meet(self, server: str) -> Contact: ...


def _nothing(_connection: Connection, _entries: int) -> None:
    """Nobody wants to know."""


async def push_pending(
    store: Store,
    gateway: Gateway,
    identity: Identity,
    key: DeviceKey,
    clock: Clock,
    limit: int,
    note: Note = _nothing,
) -> Pushed | None:
    """Send the oldest unanswered entries; None when there are none left."""
    batch = await store.read(lambda connection: next_outgoing(connection, identity, limit))
    if batch is None:
        return None
    return await _send(store, gateway, identity, key, clock, batch, note)


async def send_again(
    store: Store,
    gateway: Gateway,
    identity: Identity,
    key: DeviceKey,
    clock: Clock,
    number: int,
    limit: int,
    note: Note = _nothing,
) -> Pushed | None:
    """Send entries from `number` on once more, whatever was said of them before."""
    batch = await store.read(lambda connection: outgoing_from(connection, identity, number, limit))
    if batch is None:
        return None
    return await _send(store, gateway, identity, key, clock, batch, note)


async def _send(
    store: Store,
    gateway: Gateway,
    identity: Identity,
    key: DeviceKey,
    clock: Clock,
    batch: Outgoing,
    note: Note,
) -> Pushed:
    at = clock.stamp().at
    head = key.sign_head(identity.device, batch.number, batch.hash, at)
    entries, abridged = abridge(batch.entries)
    answer = await gateway.push(Push(head=head, entries=entries, abridged=abridged))

    def keep(connection: Connection) -> set[str]:
        keep_head(connection, head)
        touched = keep_word(
            connection, identity, answer.receipts, batch.ids, answer.number, answer.hash, at
        )
        note(connection, len(batch.entries))
        return topics_of(touched)

    await store.write(keep, lambda topics: {JOURNAL, SYNC, *topics})
    return answer
