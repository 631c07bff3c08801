"""What becomes of one entry that is next in its device's chain: permission, then its rule.

The judge works inside one transaction of one school and hands out `seq` numbers as it goes.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from ledger.dorms import RecordedDorms
from ledger.entry import Entry
from ledger.permissions import may_write, scope_of
from ledger.projection import StoredEntry, fold, load_subjects
from ledger.records import write_records
from ledger.rules import evidence
from ledger.rules.hazards.bodies import HazardReported
from ledger.rules.hazards.rule import NUMBER
from ledger.rules.people import StaffSet
from ledger.rules.registry import BY_KIND, rule_of
from ledger.rules.rule import (
    RULE_FAULTS,
    Author,
    Labels,
    Submission,
    UnknownDorms,
    parse_body,
)
from ledger.verdicts import Objection, Reason, Verdict
from server.journal.counter import Counter
from server.journal.hazard_numbers import HazardNumbers
from server.journal.people import read_author
from server.journal.states import Kept, States

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Judgement:
    verdict: Verdict
    seq: int | None = None
    reason: Reason | None = None
    remarks: dict[str, Any] = field(default_factory=dict)
    """What the rule added, or the detail of a refusal."""


def because(reason: Reason, **detail: Any) -> Judgement:
    """Refused or held, as the reason says."""
    return objected(Objection(reason=reason, detail=detail))


def objected(objection: Objection) -> Judgement:
    return Judgement(objection.verdict, None, objection.reason, objection.detail)


class Judge:
    """Judges the entries of one transaction in their order."""

    def __init__(self, connection: Connection, states: States, counter: Counter) -> None:
        self._connection = connection
        self._states = states
        self._counter = counter
        self._school = counter.school
        self._began_at = counter.seq
        self._labels = replace(
            states.labels(connection, counter.school, counter.labels_seq),
            dorms=RecordedDorms(connection, counter.school, self._write_records),
        )
        self._authors: dict[str, Author] = {}
        self._ready: dict[str, Kept] = {}
        self._accepted: dict[str, list[tuple[Entry, int, dict[str, Any]]]] = {}
        self._unwritten: dict[str, None] = {}
        self._news: set[Reason] = set()
        self._numbers = HazardNumbers(connection, counter.school)

    def prepare(self, entries: Iterable[Entry]) -> None:
        """Fetch in one go the states these entries will need."""
        self.prepare_subjects(one.header.subject for one in entries)

    def prepare_subjects(self, subjects: Iterable[str]) -> None:
        wanted = [one for one in subjects if one not in self._ready]
        if wanted:
            self._ready |= self._states.prepare(
                self._connection, self._school, wanted, self._began_at
            )

    def judge(self, entry: Entry, device: str, actor: str) -> Judgement:
        """`device` and `actor` are who really sent it."""
        try:
            return self._judge(entry, device, actor)
        except RULE_FAULTS:
            # A rule that stumbles must not block the entries behind it. The fault is ours, so the
            # entry is not refused for it: it waits for a server that knows better.
            log.exception("judging entry %s of device %s", entry.header.id, device)
            self._restore(entry.header.subject)
            return because(Reason.RULE_FAULT)

    def _judge(self, entry: Entry, device: str, actor: str) -> Judgement:
        header = entry.header
        if not entry.body_is_genuine:
            return because(Reason.BODY_ALTERED)
        if header.school != self._school:
            return because(Reason.WRONG_SCHOOL)
        if header.device != device or header.actor != actor:
            return because(Reason.WRONG_AUTHOR)
        author = self._author(actor)
        objection = may_write(author, header.kind)
        if objection is not None:
            return objected(objection)
        rule, model = BY_KIND[header.kind]
        if rule_of(header.subject) is not rule:
            return because(Reason.RULE_BROKEN, rule="subject")
        body = parse_body(model, entry)
        if isinstance(body, Objection):
            return objected(body)
        if header.scope != scope_of(header.kind, self._school, header.subject, body):
            return because(Reason.WRONG_SCOPE)
        kept = self._ready[header.subject]
        if kept.erased:
            return because(Reason.NOT_FOUND)
        submission = Submission(entry, body, roles=author.roles, author=author)
        objection = rule.judge(kept.state, submission, self._labels)
        if objection is not None:
            return objected(objection)
        remarks = rule.remark(submission, self._labels)
        year = evidence.true_time(header).year if isinstance(body, HazardReported) else None
        if year is not None:
            remarks[NUMBER] = self._numbers.next(year)
        seq = self._counter.seq + 1
        rule.apply(kept.state, Submission(entry, body, seq, remarks))
        # Nothing after this may stumble: from here on the entry has its place.
        labels = rule.records(kept.state) if rule.prefix == "point" else {}
        kept.seq = self._counter.seq = seq
        kept.entries += 1
        if year is not None:
            self._numbers.give(year)
        self._accepted.setdefault(header.subject, []).append((entry, seq, remarks))
        self._unwritten[header.subject] = None
        self._note_change(rule.prefix, header.subject, body, seq, labels)
        return Judgement(Verdict.ACCEPTED, seq, None, remarks)

    def _note_change(
        self,
        prefix: str,
        subject: str,
        body: Any,
        seq: int,
        labels: dict[str, list[dict[str, Any]]],
    ) -> None:
        if prefix == "point":
            self._labels = with_rows(self._labels, labels)
            self._counter.labels_seq = seq
            self._news.add(Reason.UNKNOWN_POINT)
        elif isinstance(body, StaffSet):
            staff = subject.partition(":")[2]
            self._authors[staff] = Author(
                staff,
                body.name,
                frozenset(body.roles),
                body.active,
                frozenset(body.buildings),
                frozenset(body.classes),
            )
            self._news.add(Reason.AUTHOR_INACTIVE)

    def _restore(self, subject: str) -> None:
        """Fold a state anew that a failed rule may have left half changed."""
        kept, rule = self._ready.get(subject), rule_of(subject)
        if kept is None or rule is None:
            return
        entries = load_subjects(self._connection, self._school, [subject])[subject]
        entries += [
            StoredEntry(entry, Verdict.ACCEPTED, seq, remarks)
            for entry, seq, remarks in self._accepted.get(subject, [])
        ]
        kept.state = fold(rule, self._school, subject, entries, self._labels)

    def _author(self, actor: str) -> Author:
        author = self._authors.get(actor)
        if author is None:
            author = read_author(self._connection, self._school, actor)
            self._authors[actor] = author
        return author

    def take_news(self) -> set[Reason]:
        """What waiting entries may have waited for and now have; asked once."""
        news, self._news = self._news, set()
        return news

    def seen(self, subject: str) -> int:
        """How many accepted entries the subject has: the server itself has seen them all."""
        return self._ready[subject].entries

    def finish(self) -> None:
        """Write the records of everything that changed, and the numbers that were given."""
        self._numbers.keep()
        self._write_records()

    def _write_records(self) -> None:
        """Of what was accepted since the last time."""
        changed, self._unwritten = self._unwritten, {}
        states = ((subject, self._ready[subject].state) for subject in changed)
        write_records(self._connection, self._school, states)

    def settle(self) -> None:
        """After the commit."""
        labels = replace(self._labels, dorms=UnknownDorms())  # this connection ends here
        self._states.settle(self._school, self._counter.seq, self._counter.labels_seq, labels)


def with_rows(labels: Labels, rows: dict[str, list[dict[str, Any]]]) -> Labels:
    """The labels after a point's records have become `rows`."""
    found = rows.get("label", [])
    return replace(
        labels,
        by_token={**labels.by_token, **{row["token"]: row["point"] for row in found}},
        by_typed={**labels.by_typed, **{row["typed"]: row["point"] for row in found}},
        void=labels.void | {row["token"] for row in found if row["void"]},
        points=labels.points | {row["id"] for row in rows.get("point", [])},
    )
