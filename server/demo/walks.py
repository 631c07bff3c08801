"""People walking rounds with phones that exist only here: mostly careful, sometimes not."""

import base64
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from math import hypot

from ledger.chain import Link
from ledger.entry import Body, Clock, Entry, write_entry
from ledger.keys import DeviceKey
from ledger.permissions import scope_of
from ledger.rules.checkins import (
    CheckInRecorded,
    ItemResult,
    LabelRead,
    Method,
    MissedPoint,
    Result,
    RoundClosed,
    WindowSeen,
)
from ledger.rules.places import PointSet
from ledger.rules.plans import RoundPlanned

WALK_M_PER_S = 1.2
STOREY_S = 14.0
TYPED_SHARE, PHOTO_SHARE, ABNORMAL_SHARE, SKIPPED_SHARE = 0.03, 0.015, 0.025, 0.012
FINDINGS = (
    "有异响，已报修",
    "堆放纸箱，已通知清走",
    "固定螺丝松动，已围挡",
    "指示灯不亮",
    "轻微渗水",
)
REASONS = ("正在上课，无法进入", "门锁着，未找到钥匙", "施工封闭")


class Mishap(Enum):
    """What went wrong with a round as a whole."""

    LATE = "late"
    FORGOTTEN = "forgotten"
    """Half walked and never closed."""
    HASTY = "hasty"
    """Two points within two seconds."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A point as a walker's phone knows it."""

    id: str
    point: PointSet
    tokens: tuple[str, ...]
    """Of its labels, oldest first: all but the last are void."""
    seen: int
    typed: str


@dataclass(slots=True)
class Walker:
    """One person's phone."""

    school: str
    actor: str
    device: str
    key: DeviceKey
    booted: datetime
    offset: float
    end: Link = field(default_factory=Link)

    def write(
        self,
        rng: random.Random,
        kind: str,
        subject: str,
        at: datetime,
        body: Body,
        *,
        seen: int = 0,
        photos: Sequence[str] = (),
    ) -> Entry:
        clock = Clock(
            uptime=round((at - self.booted).total_seconds(), 3),
            boot=f"{self.device}-1",
            server=(at - timedelta(minutes=rng.randint(1, 90))).isoformat(timespec="milliseconds"),
            offset=self.offset,
        )
        entry = write_entry(
            kind=kind,
            subject=subject,
            scope=scope_of(kind, self.school, subject, body),
            school=self.school,
            actor=self.actor,
            device=self.device,
            number=self.end.number + 1,
            previous=self.end.hash,
            at=at.isoformat(timespec="milliseconds"),
            clock=clock,
            body=body,
            seen=seen,
            photos=photos,
            id=repeatable_id(rng, at),
        )
        self.end = Link(entry.header.number, entry.hash)
        return entry


def new_walker(rng: random.Random, school: str, actor: str, since: datetime) -> Walker:
    key = DeviceKey.from_text(base64.urlsafe_b64encode(rng.randbytes(32)).decode().rstrip("="))
    return Walker(school, actor, repeatable_id(rng, since), key, since, round(rng.gauss(0, 2), 3))


def repeatable_id(rng: random.Random, at: datetime) -> str:
    """A UUIDv7 that comes out the same for the same seed."""
    value = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | rng.getrandbits(12) << 64
    text = f"{value | 0b10 << 62 | rng.getrandbits(62):032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def walk_round(
    rng: random.Random,
    walker: Walker,
    planned: RoundPlanned,
    stops: Mapping[str, Stop],
    now: datetime,
    mishap: Mishap | None = None,
) -> list[Entry]:
    """The entries of one round as far as it has come by `now`."""
    route = [stops[point] for point in planned.points]
    pace = [
        _seconds_to(before, stop, rng) for before, stop in zip([None, *route], route, strict=False)
    ]
    at = _start(rng, planned, sum(pace), now, mishap)
    forgotten = mishap is Mishap.FORGOTTEN and planned.closes < now
    entries: list[Entry] = []
    missed: list[MissedPoint] = []
    for place, (stop, seconds) in enumerate(zip(route, pace, strict=True)):
        at += timedelta(seconds=2.0 if mishap is Mishap.HASTY and place == 5 else seconds)
        if at > now or (forgotten and place > len(route) // 2):
            return entries
        if rng.random() < SKIPPED_SHARE:
            missed.append(MissedPoint(point=stop.id, because=rng.choice(REASONS)))
            continue
        entries.append(
            walker.write(
                rng, "checkin.recorded", planned.subject, at, _check_in(rng, planned, stop)
            )
        )
    at += timedelta(seconds=40)
    if at <= now:
        closing = RoundClosed(
            window=_window(planned), points=planned.points, missed=tuple(missed), early=bool(missed)
        )
        entries.append(walker.write(rng, "round.closed", planned.subject, at, closing))
    return entries


def _start(
    rng: random.Random, planned: RoundPlanned, walk_s: float, now: datetime, mishap: Mishap | None
) -> datetime:
    """Somewhere in the window; a current round is about half done, a late one ends too late."""
    if planned.opens <= now < planned.closes:
        return max(planned.opens, now - timedelta(seconds=walk_s * 0.55))
    if mishap is Mishap.LATE:
        return planned.closes - timedelta(seconds=walk_s * 0.7)
    spare_s = (planned.closes - planned.opens).total_seconds() - walk_s
    return planned.opens + timedelta(seconds=rng.uniform(0.1, 0.6) * max(60.0, spare_s))


def _seconds_to(before: Stop | None, stop: Stop, rng: random.Random) -> float:
    """The way from the point before, and the time for the checklist."""
    looking = 8.0 * len(stop.point.items) + rng.uniform(4, 20)
    here = stop.point.spot
    there = before.point.spot if before is not None else None
    if here is None or there is None:
        return looking
    walk = hypot(here.x - there.x, here.y - there.y) / WALK_M_PER_S
    return looking + walk + STOREY_S * abs(here.floor - there.floor)


def _window(planned: RoundPlanned) -> WindowSeen:
    return WindowSeen(
        plan=planned.plan,
        day=planned.day,
        slot=planned.slot,
        opens=planned.opens.isoformat(),
        closes=planned.closes.isoformat(),
    )


def _check_in(rng: random.Random, planned: RoundPlanned, stop: Stop) -> CheckInRecorded:
    chance = rng.random()
    if chance < TYPED_SHARE:
        label = LabelRead(method=Method.TYPED, typed=stop.typed)
    else:
        photo = chance < TYPED_SHARE + PHOTO_SHARE
        # Where a label was replaced, some still scan the old one beside it.
        token = rng.choice(stop.tokens)
        label = LabelRead(method=Method.PHOTO if photo else Method.SCAN, token=token)
    wrong = rng.choice(stop.point.items).id if rng.random() < ABNORMAL_SHARE else ""
    return CheckInRecorded(
        label=label,
        point=stop.id,
        point_seen=stop.seen,
        area=stop.point.area,
        spot=stop.point.spot,
        window=_window(planned),
        items=tuple(
            ItemResult(item=one.id, result=Result.ABNORMAL, note=rng.choice(FINDINGS))
            if one.id == wrong
            else ItemResult(item=one.id, result=Result.NORMAL)
            for one in stop.point.items
        ),
    )
