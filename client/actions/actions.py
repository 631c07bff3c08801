"""Everything a person can do, bound to this device: the one surface the screens call.

Network and secrets come in as ports; what follows from an action is learned from the store.
Whatever goes wrong is an `ActionFailed` with its sentence.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from client.actions import check_in as checking
from client.actions import close_round as closing
from client.actions import labels, queue
from client.actions.check_in import CheckedIn
from client.actions.clock import Clock
from client.actions.district import DistrictActions
from client.actions.dorms import DormActions
from client.actions.errors import ActionFailed, explained
from client.actions.hazards import HazardActions
from client.actions.leave import LeaveActions
from client.actions.pictures import Album
from client.actions.ports import Documents, Entrance, Office, Reader
from client.actions.recognise import KnownPoint, Recognised, UnknownPoint, recognise
from client.actions.report_hazard import prepare_report
from client.actions.roster import RosterActions
from client.store.attendance import Group
from client.store.changes import JOURNAL, SYNC
from client.store.hazard_drafts import HazardDraft
from client.store.hazard_lists import HazardColumn, HazardFilter
from client.store.identity import Identity, write_setting
from client.store.journal import append
from client.store.place_views import PointView
from client.store.places import point
from client.store.rescue.note import write_note
from client.store.round_views import RoundView
from client.store.store import Store
from client.words import key
from ledger.identifiers import new_id
from ledger.rules.checkins import ItemResult, Method
from ledger.rules.dorms.bodies import StudentLookedAt


class Actions:
    def __init__(
        self,
        store: Callable[[], Store],
        clock: Clock,
        reader: Reader,
        office: Office,
        entrance: Entrance,
        font: Path,
        album: Callable[[], Album],
        documents: Callable[[], Documents],
    ) -> None:
        self._open_store = store
        self._clock = clock
        self.reader = reader
        self.office = office
        self.entrance = entrance
        self._font = font
        self._album = album
        self._documents = documents
        self.hazards = HazardActions(store, clock, album, self._identity)
        self.leave = LeaveActions(store, clock, self._identity)
        self.roster = RosterActions(store, clock, self._identity)
        self.district = DistrictActions(store, clock, self._identity)
        self.dorms = DormActions(store, clock, self._identity)

    @property
    def _store(self) -> Store:
        return self._open_store()

    async def recognise(self, text: str, method: Method) -> Recognised:
        """Say what a code means here and now."""
        identity = await self._identity()
        return await recognise(self._store, identity, self._clock.true_now(), text, method)

    async def check_in(
        self,
        found: KnownPoint | UnknownPoint,
        items: Sequence[ItemResult] = (),
        note: str = "",
        hazards: Sequence[HazardDraft] = (),
    ) -> CheckedIn:
        """Record a check-in and the hazards it found, in one step; durable when it returns."""
        identity = await self._identity()
        entry = new_id()
        with explained():
            reports = [
                await prepare_report(self._store, self._clock, self._album(), identity, one, entry)
                for one in hazards
            ]
            done = await checking.check_in(
                self._store, self._clock, identity, found, items, note, entry, reports
            )
        for one in hazards:
            await self.hazards.drop_pictures(one.pictures)
        return done

    async def withdraw(self, done: CheckedIn, because: str = "") -> None:
        identity = await self._identity()
        with explained():
            await checking.withdraw(self._store, self._clock, identity, done, because)

    async def close_round(self, round_: RoundView, reasons: Mapping[str, str]) -> None:
        identity = await self._identity()
        with explained():
            await closing.close_round(self._store, self._clock, identity, round_, reasons)

    async def label_sheet(self, chosen: Sequence[str] = ()) -> bytes:
        """The PDF with the labels of the chosen points (all when none is named)."""
        identity = await self._identity()
        return await labels.label_sheet(self._store, identity.school, chosen, self._font)

    async def issue_label(self, place: PointView, because: str) -> None:
        identity = await self._identity()
        with explained():
            await labels.issue_label(self._store, self._clock, identity, place, because)

    async def hazard_ledger(
        self, wanted: HazardFilter, columns: Sequence[HazardColumn], ending: str
    ) -> bytes:
        """What a list shows, in its order, as "xlsx" or "pdf", with the exporter's name."""
        identity = await self._identity()
        return await self._documents().ledger(identity, wanted, columns, ending)

    async def hazard_notice(self, id: str) -> bytes:
        """整改通知书 of one hazard as a PDF."""
        identity = await self._identity()
        return await self._documents().notice(identity, id)

    async def attendance(self, group: Group, first: date, ending: str) -> bytes:
        """A month's nights of a class or a room as "xlsx" or "pdf"."""
        return await self._documents().month(await self._identity(), group, first, ending)

    async def night_summary(self, night: date, ending: str) -> bytes:
        """One night of every building this person sees."""
        return await self._documents().night(await self._identity(), night, ending)

    async def look_at(self, student: str, what: str = "") -> None:
        """Write down that this person opens a pupil's history, before it is shown."""
        identity, stamp = await self._identity(), self._clock.stamp()
        body = StudentLookedAt(student=student, what=what)

        def work(connection: Connection) -> None:
            append(
                connection,
                identity,
                stamp,
                kind="student.looked_at",
                subject=f"look:{student}",
                body=body,
            )

        with explained():
            await self._store.write(work, {JOURNAL, "look"})

    async def point(self, id: str) -> PointView | None:
        identity = await self._identity()
        return await self._store.read(lambda c: point(c, identity.school, id))

    async def put_aside_refused(self) -> None:
        await queue.put_aside_refused(self._store, await self._identity())

    async def rescue_read(self) -> None:
        """The person knows what the repair of the database saved and what it did not."""
        await self._store.write(lambda connection: write_note(connection, None), {SYNC})

    async def choose(self, name: str, value: str) -> None:
        """Keep a preference: "language", "theme", "text_scale" or "ledger_columns"."""
        await self._store.write(
            lambda connection: write_setting(connection, f"choice.{name}", value), {"choice"}
        )

    async def _identity(self) -> Identity:
        identity = await self._store.identity()
        if identity is None:
            raise ActionFailed(key("store.signed_out"))
        return identity
