"""Which refusals the person has yet to be told of.

Own entries count as told up to the number at which the person put them aside. A verdict may come
later than that, to an entry that was held; or to one that was written under a former id, whose
numbers are another chain's. Those are kept by name until they are put aside.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from client.store.identity import Identity
from client.store.sync_state import SyncState, change_sync_state, read_sync_state
from ledger.tables.journal import ENTRY
from ledger.verdicts import Reason, Verdict

_REFUSED = and_(
    ENTRY.c.verdict == Verdict.REFUSED.value, ENTRY.c.reason != Reason.RECORDED_AGAIN.value
)


def count_refusals(connection: Connection, identity: Identity, state: SyncState) -> int:
    return connection.scalar(select(func.count()).where(_untold(identity, state))) or 0


def untold_refusals(connection: Connection, identity: Identity) -> tuple[str, ...]:
    """Their entries' ids: they stay untold when the device goes on under another id."""
    untold = _untold(identity, read_sync_state(connection))
    return tuple(connection.scalars(select(ENTRY.c.id).where(untold)))


def note_refused(
    connection: Connection, identity: Identity, refused: Sequence[tuple[str, str, int]]
) -> None:
    """These (id, device, number) have just been refused."""
    state = read_sync_state(connection)
    late = [
        id
        for id, device, number in refused
        if device != identity.device or number <= state.dismissed
    ]
    if late:
        every = tuple(dict.fromkeys([*state.refused_late, *late]))
        change_sync_state(connection, refused_late=every)


def put_aside(connection: Connection, written: int) -> None:
    """The person has read all of them; this device has written as many entries by now."""
    change_sync_state(connection, dismissed=written, refused_late=())


def _untold(identity: Identity, state: SyncState) -> ColumnElement[bool]:
    present = and_(ENTRY.c.device == identity.device, ENTRY.c.number > state.dismissed)
    return and_(_REFUSED, or_(present, ENTRY.c.id.in_(state.refused_late)))
