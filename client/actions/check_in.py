"""Recording what was seen at a point, and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from client.actions.clock import Clock
from client.actions.recognise import KnownPoint, UnknownPoint
from client.actions.report_hazard import Report, append_report
from client.store.changes import JOURNAL
from client.store.identity import Identity
from client.store.journal import append
from client.store.places import zone_of
from client.store.round_views import RoundView
from client.store.store import Store
from ledger.entry import Entry
from ledger.rules.checkins import (
    CheckInRecorded,
    CheckInWithdrawn,
    ItemResult,
    Result,
    WindowSeen,
)
from ledger.rules.plans import free_round_subject, round_subject


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """A check-in that is on the disk."""

    entry: str
    subject: str
    point: str


def all_normal(known: KnownPoint) -> tuple[ItemResult, ...]:
    """The checklist as it is preset: everything in order."""
    return tuple(ItemResult(item=item.id, result=Result.NORMAL) for item in known.point.items)


async def check_in(
    store: Store,
    clock: Clock,
    identity: Identity,
    found: KnownPoint | UnknownPoint,
    items: Sequence[ItemResult] = (),
    note: str = "",
    id: str | None = None,
    reports: Sequence[Report] = (),
) -> CheckedIn:
    """Record a check-in with what it found; it is durable when this returns.

    Raises `StoreError` and `NotAllowed`; then neither is there.
    """
    stamp = clock.stamp()
    if isinstance(found, KnownPoint):
        round_ = found.round
        body = CheckInRecorded(
            label=found.read,
            point=found.point.id,
            point_seen=found.point.seen,
            area=found.point.area,
            spot=found.point.spot,
            window=window_seen(found.round) if found.round else None,
            items=tuple(items),
            note=note.strip(),
        )
    else:
        round_ = None
        body = CheckInRecorded(label=found.read, note=note.strip())

    def work(connection: Connection) -> Entry:
        if round_ is None:
            at = datetime.fromisoformat(stamp.at).astimezone(zone_of(connection, identity.school))
            subject = free_round_subject(identity.actor, at.date().isoformat())
        else:
            subject = round_subject(round_.plan, round_.day, round_.slot)
        done = append(
            connection, identity, stamp, kind="checkin.recorded", subject=subject, body=body, id=id
        )
        for report in reports:
            append_report(connection, identity, report)
        return done

    topics = {JOURNAL, "round", "hazard"} if reports else {JOURNAL, "round"}
    entry = await store.write(work, topics)
    return CheckedIn(entry.header.id, entry.header.subject, body.point)


async def withdraw(
    store: Store, clock: Clock, identity: Identity, done: CheckedIn, because: str = ""
) -> None:
    """Take a check-in back. Both stay in the history."""
    stamp = clock.stamp()
    body = CheckInWithdrawn(entry=done.entry, because=because)

    def work(connection: Connection) -> Entry:
        return append(
            connection, identity, stamp, kind="checkin.withdrawn", subject=done.subject, body=body
        )

    await store.write(work, {JOURNAL, "round"})


def window_seen(round_: RoundView) -> WindowSeen:
    """The round as this phone knows it, for the entry."""
    return WindowSeen(
        plan=round_.plan,
        day=round_.day,
        slot=round_.slot,
        opens=round_.opens.isoformat(),
        closes=round_.closes.isoformat(),
    )
