"""The steps of a hazard's life after its report, each asked of the rules before it is written.

Offline a decision is a proposal: the server may find that somebody was first. What was written
stays in the history, marked as not adopted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic_core import from_json
from sqlalchemy import Connection

from client.actions.pictures import Prepared, note_prepared
from client.store.changes import JOURNAL
from client.store.hazards import hazard_row
from client.store.identity import Identity
from client.store.journal import append
from client.store.store import Store
from ledger.clock import Stamp
from ledger.entry import Body
from ledger.rules.hazards.bodies import (
    Category,
    HazardAccepted,
    HazardAssigned,
    HazardClosed,
    HazardGrade,
    HazardGraded,
    HazardRectified,
    HazardWithdrawn,
    OverdueExplained,
)
from ledger.rules.hazards.rule import hazard_subject
from ledger.rules.hazards.states import HazardState

TOPICS = frozenset({JOURNAL, "hazard"})


@dataclass(frozen=True, slots=True)
class HazardDone:
    """Steps that are on the disk, in the order they were written: (hazard id, entry id)."""

    steps: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """交办, as the form gives it. Grade and category are written as a step of their own where
    they differ from what the hazard has, or where nobody has graded it yet."""

    responsible: str
    measure: str
    deadline: str
    grade: HazardGrade = HazardGrade.GENERAL
    category: Category = Category.OTHER
    condition: str = ""
    unit: str = ""
    protection: str = ""
    funds: float = 0.0
    basis: str = ""
    note: str = ""


class Steps:
    """One transaction's steps."""

    def __init__(self, connection: Connection, identity: Identity, stamp: Stamp) -> None:
        self._connection = connection
        self._identity = identity
        self._stamp = stamp
        self.written: list[tuple[str, str]] = []

    def add(
        self,
        hazard: str,
        kind: str,
        body: Body,
        prepared: Prepared | None = None,
        entry: str | None = None,
    ) -> None:
        """Raises `NotAllowed`: then nothing of the transaction stays."""
        done = append(
            self._connection,
            self._identity,
            self._stamp,
            kind=kind,
            subject=hazard_subject(hazard),
            body=body,
            photos=prepared.hashes if prepared else (),
            id=entry,
            judged=True,
        )
        if prepared:
            note_prepared(self._connection, done.header.id, prepared, self._stamp.at)
        self.written.append((hazard, done.header.id))

    def assign(self, hazard: str, wanted: Assignment) -> None:
        row = hazard_row(self._connection, self._identity.school, hazard)
        ungraded = row is not None and row.state == HazardState.REGISTERED.value
        told = (wanted.grade.value, wanted.category.value, wanted.condition)
        if ungraded or (
            row is not None
            and row.state == HazardState.GRADED.value
            and told != (row.grade, row.category, from_json(row.detail)["condition"])
        ):
            graded = HazardGraded(
                grade=wanted.grade, category=wanted.category, condition=wanted.condition
            )
            self.add(hazard, "hazard.graded", graded)
        assigned = HazardAssigned(
            responsible=wanted.responsible,
            unit=wanted.unit.strip(),
            measure=wanted.measure.strip(),
            deadline=wanted.deadline,
            protection=wanted.protection.strip(),
            funds=wanted.funds,
            basis=wanted.basis.strip(),
            note=wanted.note.strip(),
        )
        self.add(hazard, "hazard.assigned", assigned)

    def accept(self, hazard: str, note: str, close: bool) -> None:
        self.add(hazard, "hazard.accepted", HazardAccepted(note=note.strip()))
        if close:
            self.add(hazard, "hazard.closed", HazardClosed())

    def rectify(
        self,
        hazard: str,
        body: HazardRectified,
        explained: OverdueExplained | None,
        prepared: Prepared,
        entry: str,
    ) -> None:
        if explained is not None:
            self.add(hazard, "hazard.overdue_explained", explained)
        self.add(hazard, "hazard.rectified", body, prepared, entry)

    def take_back(self, done: HazardDone) -> None:
        for hazard, entry in reversed(done.steps):
            self.add(hazard, "hazard.withdrawn", HazardWithdrawn(entry=entry))


async def in_one_step(
    store: Store, identity: Identity, stamp: Stamp, steps: Sequence[Callable[[Steps], None]]
) -> HazardDone:
    """Everything or nothing. Raises `NotAllowed` and `StoreError`."""

    def work(connection: Connection) -> HazardDone:
        writing = Steps(connection, identity, stamp)
        for step in steps:
            step(writing)
        return HazardDone(tuple(writing.written))

    return await store.write(work, TOPICS)
