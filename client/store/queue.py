"""Reading the queue: every own entry with what became of it, and the state of the sync."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, and_, func, not_, select

from client.store.identity import Identity, former_devices, own_devices
from client.store.inheritance import unsent_before
from client.store.parked import parked_counts
from client.store.photos import photo_counts
from client.store.places import names, point_of_label, zone_of
from client.store.progress import read_progress
from client.store.receipts import word_of
from client.store.refusals import count_refusals
from client.store.sync_state import SyncState, read_sync_state
from client.store.sync_views import ProblemView, QueuedEntry, RecordReach, SyncView
from client.store.traffic import traffic_on
from ledger.projection import Why
from ledger.sealing import opened
from ledger.tables.journal import ENTRY
from ledger.verdicts import Reason, Verdict

PAGE_ROWS = 50


def sync_view(connection: Connection, identity: Identity, now: datetime) -> SyncView:
    """What the chip and the sync centre say at `now`."""
    state = read_sync_state(connection)
    zone = zone_of(connection, identity.school)
    mine = ENTRY.c.device == identity.device
    pending = connection.scalar(
        select(func.count()).where(mine, ENTRY.c.verdict == Verdict.PENDING.value)
    )
    waiting = connection.scalar(select(func.count()).where(_held(connection, identity)))
    written = connection.scalar(select(func.max(ENTRY.c.number)).where(mine)) or 0
    photos = photo_counts(connection)
    parked = parked_counts(connection)
    return SyncView(
        reach=state.reach,
        since=_time(state.since, zone),
        last_complete=_time(state.last_complete, zone),
        pending=(pending or 0) + _inherited(connection),
        held=waiting or 0,
        refused=count_refusals(connection, identity, state),
        problem=state.problem,
        word=word_of(state, written),
        confirmed=state.confirmed,
        written=written,
        confirmed_hash=state.confirmed_hash,
        confirmed_at=_time(state.confirmed_at, zone),
        paused=state.paused,
        progress=read_progress(connection),
        parked=parked.get(Why.FAULT, 0),
        newer=parked.get(Why.NEWER, 0),
        photos=photos.waiting,
        photos_refused=photos.refused,
        photos_wait_for_wifi=state.photos_wait_for_wifi and photos.waiting > 0,
        problems=tuple(
            ProblemView(datetime.fromisoformat(at).astimezone(zone), word)
            for at, word in state.problems
        ),
        today=traffic_on(connection, now.astimezone(zone).date().isoformat()),
    )


def reach_of(state: SyncState, verdict: Verdict) -> RecordReach:
    """How far an own entry has come, by the server's word."""
    if verdict is Verdict.PENDING:
        return RecordReach.ONLY_HERE
    return RecordReach.UNSURE if state.disputed else RecordReach.ARRIVED


def queue(
    connection: Connection,
    identity: Identity,
    verdicts: Sequence[Verdict] = (),
    page: int = 0,
) -> tuple[tuple[QueuedEntry, ...], int]:
    """A page of own entries, newest first, and how many there are in all."""
    conditions = [
        ENTRY.c.device.in_(own_devices(connection, identity)),
        # Its words stand further up, under the present id.
        ENTRY.c.reason != Reason.RECORDED_AGAIN.value,
    ]
    if verdicts:
        conditions.append(ENTRY.c.verdict.in_([verdict.value for verdict in verdicts]))
    total = connection.scalar(select(func.count()).select_from(ENTRY).where(*conditions)) or 0
    rows = connection.execute(
        select(ENTRY)
        .where(*conditions)
        .order_by(
            (ENTRY.c.device == identity.device).desc(),
            ENTRY.c.device.desc(),
            ENTRY.c.number.desc(),
        )
        .limit(PAGE_ROWS)
        .offset(page * PAGE_ROWS)
    ).all()
    zone, state = zone_of(connection, identity.school), read_sync_state(connection)
    points = names(connection, identity.school, "point")
    plans = names(connection, identity.school, "plan")
    staff = names(connection, identity.school, "staff")
    found = []
    for row in rows:
        body = from_json(opened(connection, row.body) or b"{}")
        detail = from_json(row.remarks) if row.reason else {}
        if "who" in detail:
            detail["who"] = staff.get(detail["who"], detail["who"])
        plan = row.subject.split(":")[1] if ":" in row.subject else ""
        point = body.get("point", "") or _by_label(connection, identity.school, body)
        about = points.get(point) or body.get("name", "") or plans.get(plan, "")
        found.append(
            QueuedEntry(
                id=row.id,
                number=row.number,
                kind=row.kind,
                at=datetime.fromisoformat(row.at).astimezone(zone),
                about=about,
                verdict=Verdict(row.verdict),
                reason=Reason(row.reason) if row.reason in set(Reason) else None,
                detail=tuple((key, str(value)) for key, value in detail.items()),
                reach=reach_of(state, Verdict(row.verdict)),
            )
        )
    return tuple(found), total


def _by_label(connection: Connection, school: str, body: dict[str, Any]) -> str:
    """The point of a check-in made before this device knew it; "" while it still doesn't."""
    read = body.get("label", {})
    if not (read.get("token") or read.get("typed")):
        return ""
    found = point_of_label(
        connection, school, token=read.get("token", ""), typed=read.get("typed", "")
    )
    return found[0].id if found else ""


def held(connection: Connection, identity: Identity) -> dict[str, str]:
    """Own entries the server holds for review, and why: it is asked about them at every pull."""
    rows = connection.execute(
        select(ENTRY.c.id, ENTRY.c.reason)
        .where(_held(connection, identity))
        .order_by(ENTRY.c.device, ENTRY.c.number)
    )
    return {row.id: row.reason for row in rows}


def _held(connection: Connection, identity: Identity) -> ColumnElement[bool]:
    """Under whichever of this device's ids it was written, but for what is written anew."""
    held, former = ENTRY.c.verdict == Verdict.HELD.value, former_devices(connection)
    if not former:
        return and_(held, ENTRY.c.device == identity.device)
    mine = ENTRY.c.device.in_([*former, identity.device])
    return and_(held, mine, not_(unsent_before(former)))


def _time(text: str, zone: timezone) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(zone) if text else None


@dataclass(frozen=True, slots=True)
class OwnEntries:
    """Where this device's own chain stands."""

    pending: int
    first_pending: int
    written: int
    inherited: int = 0
    """Unanswered entries under this device's former ids."""

    @property
    def unsent(self) -> int:
        return self.pending + self.inherited


def own_entries(connection: Connection, identity: Identity) -> OwnEntries:
    mine = ENTRY.c.device == identity.device
    row = connection.execute(
        select(func.count(), func.min(ENTRY.c.number)).where(
            mine, ENTRY.c.verdict == Verdict.PENDING.value
        )
    ).one()
    written = connection.scalar(select(func.max(ENTRY.c.number)).where(mine)) or 0
    return OwnEntries(row[0], row[1] or 0, written, _inherited(connection))


def _inherited(connection: Connection) -> int:
    former = former_devices(connection)
    if not former:
        return 0
    return connection.scalar(select(func.count()).where(unsent_before(former))) or 0


def left_behind(connection: Connection, identity: Identity) -> int:
    """How many records and photos of this enrolment's owner are on this device alone."""
    return own_entries(connection, identity).unsent + photo_counts(connection).waiting
