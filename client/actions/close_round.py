"""Ending a round: every point without a check-in is named with a reason."""

from collections.abc import Mapping

from sqlalchemy import Connection

from client.actions.check_in import window_seen
from client.actions.clock import Clock
from client.store.changes import JOURNAL
from client.store.identity import Identity
from client.store.journal import append
from client.store.round_views import RoundStanding, RoundView
from client.store.store import Store
from ledger.entry import Entry
from ledger.rules.checkins import MissedPoint, RoundClosed


class ReasonMissing(Exception):
    """A missed point has no reason yet."""

    def __init__(self, point: str) -> None:
        super().__init__(point)
        self.point = point


async def close_round(
    store: Store,
    clock: Clock,
    identity: Identity,
    round_: RoundView,
    reasons: Mapping[str, str],
) -> None:
    """End the round; `reasons` by point id. Raises `ReasonMissing` and `StoreError`."""
    missed = []
    for point in round_.missing:
        because = reasons.get(point.point, "").strip()
        if not because:
            raise ReasonMissing(point.name)
        missed.append(MissedPoint(point=point.point, because=because))
    body = RoundClosed(
        window=window_seen(round_),
        points=tuple(point.point for point in round_.points),
        missed=tuple(missed),
        early=bool(missed) and round_.standing is RoundStanding.OPEN,
    )
    stamp = clock.stamp()

    def work(connection: Connection) -> Entry:
        return append(
            connection,
            identity,
            stamp,
            kind="round.closed",
            subject=round_.subject,
            body=body,
        )

    await store.write(work, {JOURNAL, "round"})
