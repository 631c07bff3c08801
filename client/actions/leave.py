"""Leave: entered once, decided by who may, closed when the pupil is back.

Whatever goes wrong is an `ActionFailed` with its sentence; nothing is half-done.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from client.actions.clock import Clock
from client.actions.errors import ActionFailed, explained
from client.store.changes import JOURNAL
from client.store.identity import Identity
from client.store.journal import append
from client.store.leave import leave_row
from client.store.places import person
from client.store.store import Store
from client.store.students import student
from client.words import key
from ledger.clock import Stamp
from ledger.entry import Body
from ledger.identifiers import new_id
from ledger.rules.dorms import bodies
from ledger.rules.dorms.bodies import LeaveSort
from ledger.rules.dorms.leave import decides_alone, leave_subject
from ledger.rules.dorms.reasons import reason_subject
from ledger.scopes import NOWHERE

TOPICS = frozenset({JOURNAL, "leave"})


@dataclass(frozen=True, slots=True)
class LeaveForm:
    """As the person filled it in; times carry the school's zone."""

    student: str
    starts: datetime
    ends: datetime
    sort: LeaveSort = LeaveSort.HOME
    reason: str = ""
    pick_up: str = ""
    phone: str = ""


class LeaveActions:
    def __init__(
        self,
        store: Callable[[], Store],
        clock: Clock,
        identity: Callable[[], Awaitable[Identity]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._identity = identity

    async def request(self, form: LeaveForm) -> str:
        """Enter a leave with its reason; a homeroom teacher's own day is approved by it. Whoever
        isn't of the class's own teachers has to say why. Returns the leave's id."""
        if form.ends <= form.starts:
            raise ActionFailed(key("leave.ends_first"))
        identity, stamp, id = await self._identity(), self._clock.stamp(), new_id()

        def work(connection: Connection) -> None:
            pupil = student(connection, identity.school, form.student)
            if pupil is None:
                raise ActionFailed(key("leave.student_gone"))
            me = person(connection, identity.school, identity.actor)
            theirs = me is not None and pupil.class_id in me.classes
            if not theirs and not form.reason.strip():
                raise ActionFailed(key("leave.reason_needed"))
            subject = leave_subject(pupil.building or NOWHERE, pupil.class_id, id)

            def write(kind: str, to: str, body: Body) -> None:
                append(connection, identity, stamp, kind=kind, subject=to, body=body, judged=True)

            asked = bodies.LeaveRequested(
                student=form.student,
                sort=form.sort,
                starts=form.starts.isoformat(timespec="seconds"),
                ends=form.ends.isoformat(timespec="seconds"),
                pick_up=form.pick_up.strip(),
                phone=form.phone.strip(),
            )
            write("leave.requested", subject, asked)
            if form.reason.strip():
                why = bodies.LeaveExplained(reason=form.reason.strip())
                write("leave.explained", reason_subject(pupil.class_id, id), why)
            length = form.ends - form.starts
            if me is not None and decides_alone(me.author, pupil.class_id, length):
                write("leave.approved", subject, bodies.LeaveApproved())

        with explained():
            await self._store().write(work, TOPICS)
        return id

    async def approve(self, id: str, note: str = "") -> None:
        await self._step(id, "leave.approved", bodies.LeaveApproved(note=note.strip()))

    async def decline(self, id: str, because: str) -> None:
        self._need(because)
        await self._step(id, "leave.declined", bodies.LeaveDeclined(because=because.strip()))

    async def cancel(self, id: str, because: str = "") -> None:
        await self._step(id, "leave.cancelled", bodies.LeaveCancelled(because=because.strip()))

    async def back(self, id: str) -> None:
        """销假, now."""
        at = self._clock.true_now().isoformat(timespec="seconds")
        await self._step(id, "leave.returned", bodies.LeaveReturned(at=at))

    async def _step(self, id: str, kind: str, body: Body) -> None:
        identity, stamp = await self._identity(), self._clock.stamp()
        with explained():
            await self._store().write(lambda c: _append(c, identity, stamp, id, kind, body), TOPICS)

    @staticmethod
    def _need(words: str) -> None:
        if not words.strip():
            raise ActionFailed(key("leave.why_needed"))


def _append(
    connection: Connection, identity: Identity, stamp: Stamp, id: str, kind: str, body: Body
) -> None:
    row = leave_row(connection, identity.school, id)
    if row is None:
        raise ActionFailed(key("leave.gone"))
    append(connection, identity, stamp, kind=kind, subject=row.subject, body=body, judged=True)
