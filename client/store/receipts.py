"""What the server says it holds of this device, checked against this device's own chain.

Every push and pull ends with the server's word: "your entries up to N, and the last of them has
this hash". Nothing on a screen is called received for any other reason. When the word falls
behind what was answered before (a restored backup), those entries count as unsent again; when it
names another hash than ours, or more entries than we wrote, it is disputed: a person has to look.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, func, select, update

from client.store.errors import NotGenuine
from client.store.identity import Identity
from client.store.photos import wait_again
from client.store.rebuilding import rebuild_subjects
from client.store.sync_state import SyncState, change_sync_state, read_sync_state
from client.store.sync_views import ServerWord
from client.store.verdicts import keep_receipts
from ledger.entry import START_HASH
from ledger.tables.journal import ENTRY
from ledger.verdicts import Reason, Verdict
from ledger.wire.journal import Receipt

OUT_OF_CHAIN = (
    Reason.CHAIN_FORKED,
    Reason.UNREADABLE,
    Reason.EARLIER_MISSING,
    Reason.RECORDED_AGAIN,
)
"""Answers to entries that need not stand within what the server holds without a gap."""

# Made once: every answer asks them.
_HASH = select(ENTRY.c.hash).where(
    ENTRY.c.device == bindparam("this_device"),
    ENTRY.c.number == bindparam("this_number"),
    ENTRY.c.reason != Reason.CHAIN_FORKED.value,
)
_BEHIND = (
    ENTRY.c.device == bindparam("this_device"),
    ENTRY.c.number > bindparam("this_number"),
    ENTRY.c.verdict != Verdict.PENDING.value,
    ENTRY.c.reason.not_in([reason.value for reason in OUT_OF_CHAIN]),
)
_LOST = select(ENTRY.c.id, ENTRY.c.subject).where(*_BEHIND)
_UNANSWER = (
    update(ENTRY)
    .where(*_BEHIND)
    .values(verdict=Verdict.PENDING.value, seq=None, reason="", remarks="{}")
)


def keep_word(
    connection: Connection,
    identity: Identity,
    receipts: Sequence[Receipt],
    asked: Collection[str],
    number: int,
    hash: str,
    at: str,
) -> list[str]:
    """Write down an answer: its receipts, and how far the server holds our chain.

    Receipts for anything but what was `asked` are left out. Returns the subjects that changed;
    raises `NotGenuine` for a receipt that says nothing.
    """
    for one in receipts:
        if one.verdict is Verdict.PENDING or (one.verdict is Verdict.ACCEPTED) != (
            one.seq is not None
        ):
            raise NotGenuine("receipt", one.id)
    wanted = set(asked)
    touched = keep_receipts(connection, identity, [one for one in receipts if one.id in wanted])
    state = read_sync_state(connection)
    disputed = not _is_ours(connection, identity, number, hash)
    if (state.confirmed, state.confirmed_hash, state.disputed) != (number, hash, disputed):
        change_sync_state(
            connection,
            confirmed=number,
            confirmed_hash=hash,
            confirmed_at=at,
            disputed=disputed,
        )
    if not disputed:
        touched += _unanswer(connection, identity, number)
    return list(dict.fromkeys(touched))


def word_of(state: SyncState, written: int) -> ServerWord:
    """The server's word, measured against how many entries this device has written."""
    if state.disputed:
        return ServerWord.DISPUTED
    if state.confirmed_at == "":
        return ServerWord.UNSPOKEN
    return ServerWord.WHOLE if state.confirmed == written else ServerWord.BEHIND


def all_confirmed(connection: Connection, identity: Identity) -> bool:
    """True when the server has said that it holds everything this device ever wrote: only then
    may anything of it be removed here."""
    written = connection.scalar(
        select(func.max(ENTRY.c.number)).where(ENTRY.c.device == identity.device)
    )
    if not written:
        return True
    return word_of(read_sync_state(connection), written) is ServerWord.WHOLE


def _is_ours(connection: Connection, identity: Identity, number: int, hash: str) -> bool:
    """Whether our own entry with this number has this hash."""
    if number == 0:
        return hash in ("", START_HASH)
    own = connection.scalar(_HASH, {"this_device": identity.device, "this_number": number})
    return own == hash


def _unanswer(connection: Connection, identity: Identity, number: int) -> list[str]:
    """What was answered for and is no longer held counts as unsent; its photos are asked for
    again. Returns the subjects that changed."""
    held = {"this_device": identity.device, "this_number": number}
    rows = connection.execute(_LOST, held).all()
    if not rows:
        return []
    connection.execute(_UNANSWER, held)
    wait_again(connection, [row.id for row in rows])
    subjects = list(dict.fromkeys(row.subject for row in rows))
    rebuild_subjects(connection, identity.school, subjects)
    return subjects
