"""What a scanned, photographed or typed code means to this person now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from client.store.identity import Identity
from client.store.place_views import LabelView, PointView
from client.store.places import point_of_label
from client.store.round_views import PointState, RoundStanding, RoundView
from client.store.rounds import rounds_of_point
from client.store.store import Store
from ledger.codes import (
    DamagedCode,
    EnrolmentCode,
    ForeignCode,
    PointCode,
    TypedCode,
    parse_code,
)
from ledger.rules.checkins import LabelRead, Method

LATE_GRACE = timedelta(minutes=60)
"""A point scanned within this time after its round closed counts for that round, late."""
EARLY_GRACE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class KnownPoint:
    """A label of ours: open the point's checklist."""

    point: PointView
    label: LabelView
    read: LabelRead
    round: RoundView | None
    """The round the check-in will count for; None: outside any plan."""
    done_already: bool


@dataclass(frozen=True, slots=True)
class UnknownPoint:
    """Genuine by its looks, but this phone has not heard of the point: kept, judged later."""

    read: LabelRead
    shown: str


@dataclass(frozen=True, slots=True)
class OtherSchool:
    school: str


@dataclass(frozen=True, slots=True)
class NotOurs:
    """Somebody else's code: a payment, a web page."""

    text: str


@dataclass(frozen=True, slots=True)
class Damaged:
    """Ours, but not readable to the end, or mistyped."""

    typed: bool


@dataclass(frozen=True, slots=True)
class ForSignIn:
    """An enrolment code, held before the camera at the wrong moment."""


Recognised = KnownPoint | UnknownPoint | OtherSchool | NotOurs | Damaged | ForSignIn


async def recognise(
    store: Store, identity: Identity, now: datetime, text: str, method: Method
) -> Recognised:
    """Say what a code is. `method` is how it was read; typed digits are recognised as such."""
    code = parse_code(text)
    match code:
        case ForeignCode():
            return Damaged(typed=True) if method is Method.TYPED else NotOurs(text[:80])
        case DamagedCode():
            return Damaged(typed=method is Method.TYPED)
        case EnrolmentCode():
            return ForSignIn()
        case PointCode() if code.school != identity.school:
            return OtherSchool(code.school)
        case PointCode():
            read = LabelRead(method=method, token=code.token)
        case TypedCode():
            read = LabelRead(method=Method.TYPED, typed=code.digits)
    return await store.read(lambda connection: _look_up(connection, identity, now, read))


def _look_up(
    connection: Connection, identity: Identity, now: datetime, read: LabelRead
) -> Recognised:
    found = point_of_label(connection, identity.school, token=read.token, typed=read.typed)
    if found is None:
        return UnknownPoint(read, read.typed or read.token)
    point, label = found
    round_ = round_for(connection, identity, now, point.id)
    done = round_ is not None and any(
        one.point == point.id and one.state in (PointState.DONE, PointState.LATE)
        for one in round_.points
    )
    # The entry names the label's token however it was read: digits can be reissued, tokens not.
    exact = LabelRead(method=read.method, token=label.token, typed=read.typed)
    return KnownPoint(point, label, exact, round_, done)


def round_for(
    connection: Connection, identity: Identity, now: datetime, point: str
) -> RoundView | None:
    """The round a check-in of this point counts for now: the open one, else one just over in
    which the point is missing, else one about to open."""
    candidates = rounds_of_point(
        connection, identity.school, point, now, identity.actor, max(LATE_GRACE, EARLY_GRACE)
    )
    best: tuple[int, float, RoundView] | None = None
    for round_ in candidates:
        rank = _rank(round_, now, point)
        if rank is not None and (best is None or rank < best[0:2]):
            best = (*rank, round_)
    return None if best is None else best[2]


def _rank(round_: RoundView, now: datetime, point: str) -> tuple[int, float] | None:
    """Smaller is better; None: this round is out of the question."""
    other = 0 if round_.mine else 1
    if round_.opens <= now < round_.closes:
        closed = 4 if round_.closed and round_.standing is not RoundStanding.COMPLETE else 0
        return (other + closed, (round_.closes - now).total_seconds())
    missing = any(one.point == point for one in round_.missing)
    if round_.closes <= now < round_.closes + LATE_GRACE and missing:
        return (other + 2, (now - round_.closes).total_seconds())
    if now < round_.opens <= now + EARLY_GRACE:
        return (other + 6, (round_.opens - now).total_seconds())
    return None
