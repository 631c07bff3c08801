"""Everything a person can do about hazards: what the screens call.

Whatever goes wrong is an `ActionFailed` with its sentence; nothing is half-done, and drafts and
pictures stay until what they were for is written.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from pydantic import TypeAdapter

from client.actions.clock import Clock
from client.actions.decide_hazard import TOPICS, Assignment, HazardDone, Steps, in_one_step
from client.actions.drafts import forget_draft, keep_draft, read_draft
from client.actions.errors import ActionFailed, explained
from client.actions.pictures import Album, prepare
from client.actions.report_hazard import DRAFT, append_report, prepare_report
from client.store.hazard_detail import hazard
from client.store.hazard_drafts import HazardDraft, Picture, RectifyDraft
from client.store.hazard_views import HazardDetail
from client.store.identity import Identity
from client.store.store import Store
from client.words import key
from ledger.entry import Body
from ledger.identifiers import new_id
from ledger.rules.hazards import bodies
from ledger.rules.hazards.bodies import Category, HazardGrade, PhotoOrigin, PhotoUse

_REPORT, _RECTIFY = TypeAdapter(HazardDraft), TypeAdapter(RectifyDraft)


class HazardActions:
    def __init__(
        self,
        store: Callable[[], Store],
        clock: Clock,
        album: Callable[[], Album],
        identity: Callable[[], Awaitable[Identity]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._album = album
        self._identity = identity

    # Pictures and drafts.

    async def add_picture(
        self,
        data: bytes,
        use: PhotoUse = PhotoUse.BEFORE,
        origin: PhotoOrigin = PhotoOrigin.CAMERA,
    ) -> Picture:
        """Keep a picture that was just taken or chosen; durable when it returns."""
        return Picture(await self._album().add(data), use, origin)

    async def preview(self, picture: Picture) -> bytes:
        """A small upright JPEG with what was drawn on it."""
        return await self._album().preview(picture)

    async def drop_pictures(self, pictures: Sequence[Picture]) -> None:
        await self._album().remove([one.name for one in pictures])

    async def photo(self, hash: str) -> Path | None:
        """The file of a photo, fetched when it is not here; None while it can't be had."""
        return await self._album().photo(hash)

    async def thumbnail(self, hash: str) -> Path | None:
        return await self._album().thumbnail(hash)

    async def report_draft(self) -> HazardDraft | None:
        """What was begun and not saved, also by an app that was killed."""
        return await read_draft(self._store(), DRAFT, _REPORT)

    async def keep_report_draft(self, draft: HazardDraft) -> None:
        await keep_draft(self._store(), DRAFT, _REPORT, draft, self._clock.stamp().at)

    async def rectify_draft(self, id: str) -> RectifyDraft | None:
        return await read_draft(self._store(), f"rectify:{id}", _RECTIFY)

    async def keep_rectify_draft(self, id: str, draft: RectifyDraft) -> None:
        at = self._clock.stamp().at
        await keep_draft(self._store(), f"rectify:{id}", _RECTIFY, draft, at)

    async def forget_report_draft(self, draft: HazardDraft | None = None) -> None:
        """Throw it away with its pictures."""
        await forget_draft(self._store(), DRAFT)
        if draft is not None:
            await self.drop_pictures(draft.pictures)

    # Reporting and rectifying.

    async def report(self, draft: HazardDraft) -> HazardDone:
        """登记, or 立行立改 when the draft's lane says so."""
        identity, store = await self._identity(), self._store()
        with explained():
            ready = await prepare_report(store, self._clock, self._album(), identity, draft)
            await store.write(lambda c: append_report(c, identity, ready), TOPICS)
        await self.forget_report_draft(draft)
        return HazardDone(((ready.hazard, ready.entry),))

    async def rectify(self, id: str, draft: RectifyDraft) -> HazardDone:
        """整改, with its after-photos; a late one says why in the same step."""
        identity, store = await self._identity(), self._store()
        found = await self._detail(identity, id)
        if not draft.done.strip():
            raise ActionFailed(key("hazards.say_what_was_done"))
        explanation = None
        if found.needs_reason:
            protection = draft.protection.strip() or found.protection
            if not (draft.overdue_because.strip() and protection):
                raise ActionFailed(key("hazards.say_why_late"))
            explanation = bodies.OverdueExplained(
                because=draft.overdue_because.strip(), protection=protection
            )
        entry, stamp = new_id(), self._clock.stamp()
        with explained():
            photos = await prepare(
                store,
                self._album(),
                identity,
                draft.pictures,
                entry=entry,
                place=found.line.place,
                at=self._clock.true_now(),
            )
            body = bodies.HazardRectified(
                done=draft.done.strip(), funds=draft.funds, photos=photos.notes
            )
            done = await in_one_step(
                store, identity, stamp, [lambda s: s.rectify(id, body, explanation, photos, entry)]
            )
        await forget_draft(store, f"rectify:{id}")
        await self.drop_pictures(draft.pictures)
        return done

    async def acknowledge(self, id: str) -> HazardDone:
        return await self._one(id, "hazard.acknowledged", bodies.HazardAcknowledged())

    async def ask_extension(self, id: str, until: str, because: str) -> HazardDone:
        """`until` is an ISO date."""
        _said(because)
        asked = bodies.ExtensionAsked(until=until, because=because.strip())
        return await self._one(id, "hazard.extension_asked", asked)

    async def explain(self, id: str, because: str, protection: str) -> HazardDone:
        """Why it is late, and what protects people meanwhile."""
        if not (because.strip() and protection.strip()):
            raise ActionFailed(key("hazards.say_why_late"))
        body = bodies.OverdueExplained(because=because.strip(), protection=protection.strip())
        return await self._one(id, "hazard.overdue_explained", body)

    async def protect(self, id: str, protection: str) -> HazardDone:
        _said(protection)
        body = bodies.HazardProtected(protection=protection.strip())
        return await self._one(id, "hazard.protected", body)

    async def comment(self, id: str, text: str, pictures: Sequence[Picture] = ()) -> HazardDone:
        if not pictures:
            _said(text)
        identity, store, entry = await self._identity(), self._store(), new_id()
        found = await self._detail(identity, id)
        stamp = self._clock.stamp()
        with explained():
            photos = await prepare(
                store,
                self._album(),
                identity,
                pictures,
                entry=entry,
                place=found.line.place,
                at=self._clock.true_now(),
            )
            body = bodies.HazardCommented(text=text.strip(), photos=photos.notes)
            done = await in_one_step(
                store,
                identity,
                stamp,
                [lambda s: s.add(id, "hazard.commented", body, photos, entry)],
            )
        await self.drop_pictures(pictures)
        return done

    # Deciding.

    async def grade(
        self, ids: Sequence[str], grade: HazardGrade, category: Category, condition: str = ""
    ) -> HazardDone:
        body = bodies.HazardGraded(grade=grade, category=category, condition=condition)
        return await self._each(ids, lambda s, id: s.add(id, "hazard.graded", body))

    async def assign(self, ids: Sequence[str], wanted: Assignment) -> HazardDone:
        """交办; grades in the same step what nobody has graded."""
        if not (wanted.responsible and wanted.deadline):
            raise ActionFailed(key("hazards.say_who_and_when"))
        if not wanted.measure.strip():
            raise ActionFailed(key("hazards.say_the_measure"))
        return await self._each(ids, lambda s, id: s.assign(id, wanted))

    async def accept(self, ids: Sequence[str], note: str = "", close: bool = True) -> HazardDone:
        """复查验收, and 销号 in the same step unless it is to wait."""
        return await self._each(ids, lambda s, id: s.accept(id, note, close))

    async def return_(self, ids: Sequence[str], because: str, deadline: str = "") -> HazardDone:
        """退回; an empty deadline keeps the old one."""
        _said(because)
        body = bodies.HazardReturned(because=because.strip(), deadline=deadline)
        return await self._each(ids, lambda s, id: s.add(id, "hazard.returned", body))

    async def close(self, ids: Sequence[str]) -> HazardDone:
        body = bodies.HazardClosed()
        return await self._each(ids, lambda s, id: s.add(id, "hazard.closed", body))

    async def reopen(self, id: str, because: str) -> HazardDone:
        _said(because)
        return await self._one(id, "hazard.reopened", bodies.HazardReopened(because=because))

    async def grant_extension(self, id: str, until: str, note: str = "") -> HazardDone:
        body = bodies.ExtensionGranted(until=until, note=note.strip())
        return await self._one(id, "hazard.extension_granted", body)

    async def decline_extension(self, id: str, because: str) -> HazardDone:
        _said(because)
        body = bodies.ExtensionDeclined(because=because.strip())
        return await self._one(id, "hazard.extension_declined", body)

    async def undo(self, done: HazardDone) -> None:
        """Take steps back while nobody has built on them; both stay in the history."""
        identity, stamp = await self._identity(), self._clock.stamp()
        with explained():
            await in_one_step(self._store(), identity, stamp, [lambda s: s.take_back(done)])

    async def _detail(self, identity: Identity, id: str) -> HazardDetail:
        now = self._clock.true_now()
        found = await self._store().read(lambda c: hazard(c, identity, id, now))
        if found is None:
            raise ActionFailed(key("hazards.gone"))
        return found

    async def _one(self, id: str, kind: str, body: Body) -> HazardDone:
        return await self._each([id], lambda s, one: s.add(one, kind, body))

    async def _each(self, ids: Sequence[str], step: Callable[[Steps, str], None]) -> HazardDone:
        """The same step for several hazards in one transaction."""
        identity, stamp = await self._identity(), self._clock.stamp()
        with explained():
            return await in_one_step(
                self._store(), identity, stamp, [partial(_turned, step, id) for id in ids]
            )


def _turned(step: Callable[[Steps, str], None], id: str, steps: Steps) -> None:
    step(steps, id)


def _said(text: str) -> None:
    if not text.strip():
        raise ActionFailed(key("hazards.say_why"))
