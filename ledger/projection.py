"""Entries in, records out: fold a subject's entries with its rule.

Every touched subject is rebuilt from its own few entries: accepted ones by `seq`, then this
device's pending ones. There is no other merge logic.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic_core import from_json
from sqlalchemy import Connection, bindparam, select

from ledger.dorms import RecordedDorms
from ledger.entry import Entry, read_entry
from ledger.records import write_records
from ledger.rules.registry import BY_KIND, rule_of
from ledger.rules.rule import RULE_FAULTS, Labels, Rule, Submission, parse_body
from ledger.sealing import opened
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from ledger.verdicts import Objection, Verdict

log = logging.getLogger(__name__)

CHUNK = 400
"""Most subjects named in one statement: SQLite's limit on variables is far above."""


# Made once: making a statement costs more than asking it.
_FOLDABLE = select(
    ENTRY.c.header, ENTRY.c.body, ENTRY.c.verdict, ENTRY.c.seq, ENTRY.c.remarks
).where(
    ENTRY.c.school == bindparam("this_school"),
    ENTRY.c.subject.in_(bindparam("these_subjects", expanding=True)),
    ENTRY.c.verdict.in_((Verdict.ACCEPTED.value, Verdict.PENDING.value)),
)


class StoredEntry(NamedTuple):
    """An entry as a journal table holds it. (Made by the thousand: a frozen dataclass takes four
    times as long to make.)"""

    entry: Entry
    verdict: Verdict
    seq: int | None
    remarks: Mapping[str, Any]


def read_stored(connection: Connection, row: Any) -> StoredEntry:
    """From a row with header, body, verdict, seq and remarks. Raises `ledger.sealing.Sealed`."""
    body = None if row.body is None else bytes(row.body)
    return StoredEntry(
        entry=read_entry(bytes(row.header), opened(connection, body)),
        verdict=Verdict(row.verdict),
        seq=row.seq,
        remarks={} if row.remarks == "{}" else from_json(row.remarks),
    )


def in_folding_order(stored: StoredEntry) -> tuple[int, int, int]:
    """Accepted ones by `seq`, then pending ones by their number."""
    if stored.seq is not None:
        return (0, stored.seq, 0)
    return (1, 0, stored.entry.header.number)


class Why(StrEnum):
    """Why an entry counts for nothing here and now."""

    NEWER = "newer"
    """A newer app wrote it: its kind is unknown here, or its body can't be read."""
    FAULT = "fault"
    """A rule stumbled over it: a fault of this version."""


@dataclass(frozen=True, slots=True)
class Parked:
    """An entry that is kept and left out of its subject's records until the rules are others."""

    subject: str
    entry: str
    """Empty where the records of the subject as a whole could not be made: the last ones stay."""
    kind: str
    why: Why


class _Stumbled(Exception):
    def __init__(self, stored: StoredEntry) -> None:
        super().__init__(stored.entry.header.id)
        self.stored = stored


def fold(
    rule: Rule,
    school: str,
    subject: str,
    entries: Iterable[StoredEntry],
    labels: Labels,
    parked: list[Parked] | None = None,
) -> Any:
    """The state after all accepted entries and those pending ones the rule has nothing against.

    An entry that makes the rule stumble is left out, so that the others still count. Whatever is
    left out for this version's sake is added to `parked`.
    """
    ordered = sorted(entries, key=in_folding_order)
    left_out: set[str] = set()
    while True:
        try:
            state, newer = _fold(rule, school, subject, ordered, labels, left_out)
        except _Stumbled as stumbled:
            # The state may be half changed by now: begin again without that entry.
            header = stumbled.stored.entry.header
            log.error("projecting %s %s", header.kind, header.id, exc_info=stumbled.__cause__)
            left_out.add(header.id)
            if parked is not None:
                parked.append(Parked(subject, header.id, header.kind, Why.FAULT))
            continue
        if parked is not None:
            parked += [
                Parked(subject, one.entry.header.id, one.entry.header.kind, Why.NEWER)
                for one in newer
            ]
        return state


def _fold(
    rule: Rule,
    school: str,
    subject: str,
    ordered: Sequence[StoredEntry],
    labels: Labels,
    left_out: Collection[str],
) -> tuple[Any, list[StoredEntry]]:
    """The state, and what only a newer version can read."""
    state, newer = rule.start(school, subject), []
    for stored in ordered:
        if stored.entry.header.id in left_out:
            continue
        try:
            if not take(rule, state, stored, labels):
                newer.append(stored)
        except RULE_FAULTS as error:
            raise _Stumbled(stored) from error
    return state, newer


def take(rule: Rule, state: Any, stored: StoredEntry, labels: Labels) -> bool:
    """Let the next entry in folding order change the state, unless the rule objects to it.

    False when only a newer version can read it. Raises `RULE_FAULTS`; the state may be half
    changed then.
    """
    known = BY_KIND.get(stored.entry.header.kind)
    if known is None:
        return False
    if known[0] is not rule:
        return True
    body = parse_body(known[1], stored.entry)
    if isinstance(body, Objection):
        return stored.entry.body_bytes is None
    remarks = stored.remarks
    submission = Submission(stored.entry, body, stored.seq, remarks)
    if stored.seq is None:
        if rule.judge(state, submission, labels) is not None:
            return True
        remarks = rule.remark(submission, labels)
        submission = Submission(stored.entry, body, None, remarks)
    rule.apply(state, submission)
    return True


def load_subjects(
    connection: Connection, school: str, subjects: Sequence[str]
) -> dict[str, list[StoredEntry]]:
    """The foldable entries of each subject: accepted and pending, not refused or held."""
    found: dict[str, list[StoredEntry]] = {subject: [] for subject in subjects}
    for start in range(0, len(subjects), CHUNK):
        some = list(subjects[start : start + CHUNK])
        rows = connection.execute(_FOLDABLE, {"this_school": school, "these_subjects": some})
        for row in rows:
            stored = read_stored(connection, row)
            found[stored.entry.header.subject].append(stored)
    return found


def rebuild(
    connection: Connection,
    school: str,
    subjects: Iterable[str],
    labels: Labels,
    loaded: Mapping[str, Sequence[StoredEntry]] | None = None,
) -> list[Parked]:
    """Project these subjects anew from the journal, or from entries that are `loaded` already.

    Returns what had to be left out for this version's sake.
    """
    wanted = list(dict.fromkeys(subjects))
    found = loaded if loaded is not None else load_subjects(connection, school, wanted)
    parked: list[Parked] = []

    def states() -> Iterator[tuple[str, Any]]:
        for subject in wanted:
            entries, rule = found.get(subject, ()), rule_of(subject)
            if rule is None:
                parked.extend(
                    Parked(subject, one.entry.header.id, one.entry.header.kind, Why.NEWER)
                    for one in entries
                )
            else:
                yield subject, fold(rule, school, subject, entries, labels, parked)

    stumbled = write_records(connection, school, states())
    return [*parked, *(Parked(subject, "", "", Why.FAULT) for subject in stumbled)]


def load_labels(connection: Connection, school: str) -> Labels:
    """The labels and points as the records now have them."""
    label, point = RECORDS["label"], RECORDS["point"]
    labels = connection.execute(
        select(label.c.token, label.c.typed, label.c.point, label.c.void).where(
            label.c.school == school
        )
    ).all()
    points = connection.scalars(select(point.c.id).where(point.c.school == school)).all()
    return Labels(
        by_token={row.token: row.point for row in labels},
        by_typed={row.typed: row.point for row in labels},
        void=frozenset(row.token for row in labels if row.void),
        points=frozenset(points),
        dorms=RecordedDorms(connection, school),
    )
