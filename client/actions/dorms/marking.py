"""Marking a room: one entry a tap, and with it the search that begins or ends by it."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from client.store.dorms.room import last_seen
from client.store.dorms.views import BedView, RoomNight
from client.store.identity import Identity
from client.store.journal import append
from client.words import clock, t
from ledger.clock import Stamp
from ledger.rules.dorms.bodies import (
    Mark,
    MarkCorrected,
    MarksWithdrawn,
    MissingFound,
    MissingRaised,
    RoomMarked,
)
from ledger.rules.dorms.missing import missing_subject
from ledger.rules.dorms.nights import rollcall_subject
from ledger.rules.dorms.statuses import ACCOUNTED, Status

LINE = 200
"""Most characters a short text of a body takes."""


@dataclass(frozen=True, slots=True)
class NightDone:
    """What one tap has written, as far as undoing it needs; `entry` is empty when there was
    nothing to write."""

    building: str
    night: str
    room: str
    entry: str = ""
    marked: int = 0
    raised: tuple[str, ...] = ()
    """Subjects of the searches that began by it."""
    found: tuple[str, ...] = ()
    """Of those that ended by it."""


@dataclass(slots=True)
class Writing:
    """One transaction of one person at one moment."""

    connection: Connection
    identity: Identity
    stamp: Stamp
    raised: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    def everybody(self, room: RoomNight) -> NightDone:
        """全到: everybody without a mark is there, but those whose leave explains tonight."""
        marks = tuple(
            Mark(student=one.student, status=Status.LEAVE, leave=one.leave.id)
            if one.leave is not None and one.covered
            else Mark(student=one.student, status=Status.PRESENT)
            for one in room.unmarked
        )
        if not marks:
            return NightDone(room.building, room.night, room.room)
        body = RoomMarked(room=room.room, marks=marks)
        entry = self._append("room.marked", rollcall_subject(room.building, room.night), body)
        return self._done(room, entry, len(marks))

    def one(self, room: RoomNight, bed: BedView, mark: Mark, because: str) -> NightDone:
        """Another status for one pupil, over the marks that were on the screen."""
        over = tuple(one.entry for one in bed.marks)
        subject, entry = rollcall_subject(room.building, room.night), ""
        if room.closed:
            # A correction is corrected, not undone: it has a reason of its own.
            corrected = MarkCorrected(
                student=bed.student,
                room=room.room,
                status=mark.status,
                where=mark.where,
                over=over,
                because=because,
            )
            self._append("mark.corrected", subject, corrected, judged=True)
        else:
            body = RoomMarked(room=room.room, marks=(mark,), over=over, because=because)
            entry = self._append("room.marked", subject, body)
        # After the mark, which reopens a closed night: nobody is searched for in a closed one
        # without a step taken.
        self._search(room, bed, mark)
        return self._done(room, entry, 1)

    def undo(self, done: NightDone) -> None:
        subject = rollcall_subject(done.building, done.night)
        self._append("marks.withdrawn", subject, MarksWithdrawn(entry=done.entry), judged=True)
        for search in done.raised:
            self._append("missing.found", search, MissingFound(note=t("dorms.tapped_by_mistake")))
        for search in done.found:
            self._append("missing.raised", search, MissingRaised(room=done.room))

    def _done(self, room: RoomNight, entry: str, marked: int) -> NightDone:
        return NightDone(
            room.building,
            room.night,
            room.room,
            entry,
            marked,
            tuple(self.raised),
            tuple(self.found),
        )

    def _search(self, room: RoomNight, bed: BedView, mark: Mark) -> None:
        """未归待查 begins a search, everything else ends one."""
        subject = missing_subject(room.building, bed.class_id, room.night, bed.student)
        if mark.status not in ACCOUNTED and not bed.missing:
            seen = self._last_seen(room, bed)
            self._append("missing.raised", subject, MissingRaised(room=room.room, last_seen=seen))
            self.raised.append(subject)
        elif mark.status in ACCOUNTED and bed.missing:
            where = mark.where or t(f"dorms.status_{mark.status.value}")
            self._append("missing.found", subject, MissingFound(where=where))
            self.found.append(subject)

    def _last_seen(self, room: RoomNight, bed: BedView) -> str:
        """In words, because whoever looks for the pupil may not see the roll-call."""
        before, leave = last_seen(
            self.connection, self.identity.school, room.building, room.night, bed.student
        )
        said = []
        if before is not None:
            status, at = before
            said.append(
                t(
                    "dorms.seen_yesterday",
                    status=t(f"dorms.status_{status.value}"),
                    time=clock(at),
                )
            )
        if leave is not None:
            until = f"{leave.ends:%m-%d %H:%M}"
            said.append(
                t("dorms.leave_over_at", time=until)
                if leave.over
                else t("dorms.leave_until", time=until)
            )
        return t("dorms.comma").join(said)[:LINE]

    def _append(self, kind: str, subject: str, body: object, *, judged: bool = False) -> str:
        done = append(
            self.connection,
            self.identity,
            self.stamp,
            kind=kind,
            subject=subject,
            body=body,  # type: ignore[arg-type]
            judged=judged,
        )
        return done.header.id
