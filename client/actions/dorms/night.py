"""Everything a person can do about the night. Whatever goes wrong is an `ActionFailed` with its
sentence; nothing is half-done."""

from collections.abc import Awaitable, Callable

from sqlalchemy import Connection

from client.actions.clock import Clock
from client.actions.dorms.marking import NightDone, Writing
from client.actions.errors import ActionFailed, explained
from client.store.changes import JOURNAL
from client.store.dorms.building import expected, pupils_named
from client.store.dorms.nights import buildings, is_closed, marks, night_now
from client.store.dorms.search_views import MissingView
from client.store.dorms.views import BedView, MarkView, RoomNight
from client.store.errors import NotAllowed
from client.store.identity import Identity
from client.store.journal import append
from client.store.store import Store
from client.words import key, t
from ledger.clock import Stamp
from ledger.entry import Body
from ledger.rules.dorms.bodies import (
    Mark,
    MarkCorrected,
    MissingFollowed,
    MissingFound,
    Outcome,
    RollCallClosed,
    RollCallReopened,
    RoomMarked,
)
from ledger.rules.dorms.missing import missing_subject
from ledger.rules.dorms.nights import rollcall_subject
from ledger.rules.dorms.statuses import ACCOUNTED, Status
from ledger.verdicts import Reason

TOPICS = frozenset({JOURNAL, "rollcall", "missing"})
LACKING = {
    "nobody_unmarked": key("dorms.lacking_mark"),
    "one_mark_each": key("dorms.lacking_choice"),
    "missing_followed": key("dorms.lacking_step"),
}
"""Why a night can't be closed, by the rule that says so."""


class DormActions:
    def __init__(
        self,
        store: Callable[[], Store],
        clock: Clock,
        identity: Callable[[], Awaitable[Identity]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._identity = identity

    async def tonight(self) -> str:
        """The night it is now, by the true time and the school's clock, as its evening's date."""
        identity, now = await self._identity(), self._clock.true_now()
        return await self._store().read(lambda c: night_now(c, identity.school, now))

    # Marking.

    async def mark_all(self, room: RoomNight) -> NightDone:
        """全到, durable when it returns: everybody without a mark is there, or on leave."""
        _open(room)
        return await self._write(lambda w: w.everybody(room))

    async def mark(
        self,
        room: RoomNight,
        bed: BedView,
        status: Status,
        *,
        where: str = "",
        swapped: bool = False,
        because: str = "",
    ) -> NightDone:
        """One pupil's status. Once the night is closed this is a correction with its reason."""
        if room.closed and not because.strip():
            raise ActionFailed(key("dorms.say_why"))
        leave = bed.leave.id if bed.leave is not None and bed.covered else ""
        told = Mark(
            student=bed.student,
            status=status,
            where=where.strip(),
            leave=leave if status is Status.LEAVE else "",
            swapped=swapped,
        )
        return await self._write(lambda w: w.one(room, bed, told, because.strip()))

    async def choose(self, room: RoomNight, bed: BedView, right: MarkView) -> NightDone:
        """Of two marks that contradict each other this one is right."""
        told = Mark(
            student=bed.student,
            status=right.status,
            where=right.where,
            leave=right.leave,
            swapped=right.swapped,
        )
        because = t("dorms.chosen_by_hand") if room.closed else ""
        return await self._write(lambda w: w.one(room, bed, told, because))

    async def undo(self, done: NightDone) -> None:
        if done.entry:
            await self._write(lambda w: w.undo(done))

    # The night as a whole.

    async def close(self, building: str, night: str, note: str = "") -> None:
        """关闭. Says who is lacking when that is refused."""
        identity, stamp = await self._identity(), self._clock.stamp()

        def work(connection: Connection) -> None:
            everybody = expected(connection, identity.school, building, night)
            if not everybody:
                raise ActionFailed(key("dorms.nobody_lives_here"))
            body = RollCallClosed(expected=everybody, note=note.strip())
            subject = rollcall_subject(building, night)
            _judged(connection, identity, stamp, "rollcall.closed", subject, body)

        try:
            await self._store().write(work, TOPICS)
        except NotAllowed as error:
            word = LACKING.get(str(error.detail.get("rule", "")))
            if error.reason is not Reason.RULE_BROKEN or word is None:
                with explained():
                    raise
            ids = [str(one) for one in error.detail.get("students", ())]
            lacking = await self._store().read(lambda c: pupils_named(c, identity.school, ids))
            names = [
                t("dorms.named_in_room", name=name, room=room) if room else name
                for name, room in lacking
            ]
            count = int(str(error.detail.get("count", len(ids))))
            told = t("dorms.name_comma").join(names) or t("dorms.somebody_moved_in")
            raise ActionFailed(word, names=told, count=count) from error

    async def reopen(self, building: str, night: str, because: str) -> None:
        if not because.strip():
            raise ActionFailed(key("dorms.say_why"))
        body = RollCallReopened(because=because.strip())
        await self._judged("rollcall.reopened", rollcall_subject(building, night), body)

    # The search for who is missing.

    async def follow(
        self, search: MissingView, step: int, whom: str, outcome: Outcome, note: str = ""
    ) -> None:
        """A call or another step that was taken, and what came of it."""
        body = MissingFollowed(step=step, whom=whom, outcome=outcome, note=note.strip())
        await self._judged("missing.followed", _subject(search), body)

    async def found(self, search: MissingView, where: str = "") -> None:
        """已找到: the search ends, and whoever may mark the bed marks it in the same step."""
        identity, stamp = await self._identity(), self._clock.stamp()

        def work(connection: Connection) -> None:
            body = MissingFound(where=where.strip())
            _judged(connection, identity, stamp, "missing.found", _subject(search), body)
            if any(one.id == search.building for one in buildings(connection, identity)):
                _mark_found(connection, identity, stamp, search, where.strip())

        with explained():
            await self._store().write(work, TOPICS)

    async def _write(self, work: Callable[[Writing], object]) -> NightDone:
        identity, stamp = await self._identity(), self._clock.stamp()
        with explained():
            return await self._store().write(  # type: ignore[return-value]
                lambda c: work(Writing(c, identity, stamp)), TOPICS
            )

    async def _judged(self, kind: str, subject: str, body: Body) -> None:
        identity, stamp = await self._identity(), self._clock.stamp()
        with explained():
            await self._store().write(
                lambda c: _judged(c, identity, stamp, kind, subject, body), TOPICS
            )


def _open(room: RoomNight) -> None:
    if room.closed:
        raise ActionFailed(key("dorms.closed_already"))


def _subject(search: MissingView) -> str:
    return missing_subject(search.building, search.class_id, search.night, search.student)


def _judged(
    connection: Connection,
    identity: Identity,
    stamp: Stamp,
    kind: str,
    subject: str,
    body: Body,
) -> None:
    append(connection, identity, stamp, kind=kind, subject=subject, body=body, judged=True)


def _mark_found(
    connection: Connection,
    identity: Identity,
    stamp: Stamp,
    search: MissingView,
    where: str,
) -> None:
    """Over the marks that say "missing"; another that contradicts them stays to be chosen."""
    seen = marks(connection, identity.school, search.building, search.night)
    told = seen.by_student.get(search.student, [])
    over = tuple(one["entry"] for one in told if Status(one["status"]) not in ACCOUNTED)
    if not over:
        return
    subject = rollcall_subject(search.building, search.night)
    room = search.room
    if is_closed(connection, identity.school, subject):
        corrected = MarkCorrected(
            student=search.student,
            room=room,
            status=Status.FOUND,
            where=where,
            over=over,
            because=t("dorms.status_found"),
        )
        _judged(connection, identity, stamp, "mark.corrected", subject, corrected)
        return
    mark = Mark(student=search.student, status=Status.FOUND, where=where)
    body = RoomMarked(room=room, marks=(mark,), over=over)
    _judged(connection, identity, stamp, "room.marked", subject, body)
