"""What the judge remembers between pushes, so that it need not fold a subject's history each time.

A state is good as long as nobody else has had an entry accepted for its subject. Under the
school's lock that is cheap to know: if the school's newest `seq` is the one we left behind,
nothing changed; if not (another process wrote), each state's own newest `seq` is compared.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from ledger.projection import CHUNK, fold, load_labels, load_subjects
from ledger.rules.registry import rule_of
from ledger.rules.rule import Labels
from ledger.tables.journal import ENTRY

SUBJECTS_KEPT = 600
"""A round of forty check-ins takes about 100 KB; a district has some 300 open at a time."""
SCHOOLS_KEPT = 200
ERASURE = "body.erased"


@dataclass(slots=True)
class Kept:
    state: Any
    seq: int
    """The newest accepted entry folded into it; 0 for none."""
    entries: int
    """How many accepted entries the subject has."""
    erased: bool = False
    """Words about it have been erased by law: nothing more is written about it."""


class States:
    """A bounded cache for one process; whoever holds the journal's lock may use it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._left_at: dict[str, int] = {}
        self._labels: OrderedDict[str, tuple[int, Labels]] = OrderedDict()

    def prepare(
        self, connection: Connection, school: str, subjects: Iterable[str], seq: int
    ) -> dict[str, Kept]:
        """The states of these subjects as of the school's `seq`."""
        wanted = [one for one in dict.fromkeys(subjects) if rule_of(one) is not None]
        if self._left_at.get(school) != seq:
            self._drop_stale(connection, school, seq)
        missing = [one for one in wanted if (school, one) not in self._kept]
        nothing = Labels()  # only pending entries are judged in a fold, and a server has none
        for subject, entries in load_subjects(connection, school, missing).items():
            rule = rule_of(subject)
            if rule is not None:
                newest = max((one.seq or 0 for one in entries), default=0)
                state = fold(rule, school, subject, entries, nothing)
                self._kept[school, subject] = Kept(
                    state,
                    newest,
                    len(entries),
                    erased=any(one.entry.body_bytes is None for one in entries),
                )
        for subject in wanted:
            self._kept.move_to_end((school, subject))
        return {subject: self._kept[school, subject] for subject in wanted}

    def labels(self, connection: Connection, school: str, labels_seq: int) -> Labels:
        kept = self._labels.get(school)
        if kept is not None and kept[0] == labels_seq:
            return kept[1]
        return load_labels(connection, school)

    def settle(self, school: str, seq: int, labels_seq: int, labels: Labels) -> None:
        """The transaction is through: what was prepared and changed may be kept."""
        self._left_at[school] = seq
        self._labels[school] = (labels_seq, labels)
        self._labels.move_to_end(school)
        while len(self._kept) > SUBJECTS_KEPT:
            self._kept.popitem(last=False)
        while len(self._labels) > SCHOOLS_KEPT:
            self._labels.popitem(last=False)

    def forget(self, school: str) -> None:
        """The transaction failed: its states hold entries that never came to be."""
        for key in [key for key in self._kept if key[0] == school]:
            del self._kept[key]
        self._labels.pop(school, None)
        self._left_at.pop(school, None)

    def _drop_stale(self, connection: Connection, school: str, seq: int) -> None:
        since = ENTRY.c.seq > self._left_at.get(school, 0)
        erased = select(ENTRY.c.seq).where(ENTRY.c.school == school, since, ENTRY.c.kind == ERASURE)
        if connection.execute(erased.limit(1)).first() is not None:
            self.forget(school)
        held = [subject for of, subject in self._kept if of == school]
        for start in range(0, len(held), CHUNK):
            some = held[start : start + CHUNK]
            rows = connection.execute(
                select(ENTRY.c.subject, func.max(ENTRY.c.seq))
                .where(ENTRY.c.school == school, ENTRY.c.subject.in_(some))
                .group_by(ENTRY.c.subject)
            )
            newest: dict[str, int] = {row[0]: row[1] or 0 for row in rows}
            for subject in some:
                if self._kept[school, subject].seq != newest.get(subject, 0):
                    del self._kept[school, subject]
        self._left_at[school] = seq
