"""Entries in, records out: fold a subject's entries with its rule and write the rows.

Every touched subject is rebuilt from its own few entries: accepted ones by `seq`, then this
device's pending ones. There is no other merge logic.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, bindparam, delete, select

from ledger.bulk import insert_rows
from ledger.dorms import RecordedDorms
from ledger.entry import Entry, read_entry
from ledger.rules.registry import BY_KIND, rule_of
from ledger.rules.rule import Labels, Rule, Submission, parse_body
from ledger.sealing import closed_text, opened
from ledger.tables import ENTRY, PRIVATE_TABLES, RECORDS, TABLES_OF_PREFIX
from ledger.verdicts import Objection, Verdict

CHUNK = 400
"""Most subjects named in one statement: SQLite's limit on variables is far above."""


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as a journal table holds it."""

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


def fold(
    rule: Rule, school: str, subject: str, entries: Iterable[StoredEntry], labels: Labels
) -> Any:
    """The state after all accepted entries and those pending ones the rule has nothing against."""
    state = rule.start(school, subject)
    for stored in sorted(entries, key=in_folding_order):
        known = BY_KIND.get(stored.entry.header.kind)
        if known is None or known[0] is not rule:
            continue
        body = parse_body(known[1], stored.entry)
        if isinstance(body, Objection):
            continue
        remarks = stored.remarks
        submission = Submission(stored.entry, body, stored.seq, remarks)
        if stored.seq is None:
            if rule.judge(state, submission, labels) is not None:
                continue
            remarks = rule.remark(submission, labels)
            submission = Submission(stored.entry, body, None, remarks)
        rule.apply(state, submission)
    return state


def load_subjects(
    connection: Connection, school: str, subjects: Sequence[str]
) -> dict[str, list[StoredEntry]]:
    """The foldable entries of each subject: accepted and pending, not refused or held."""
    found: dict[str, list[StoredEntry]] = {subject: [] for subject in subjects}
    columns = (ENTRY.c.header, ENTRY.c.body, ENTRY.c.verdict, ENTRY.c.seq, ENTRY.c.remarks)
    for start in range(0, len(subjects), CHUNK):
        rows = connection.execute(
            select(*columns).where(
                ENTRY.c.school == school,
                ENTRY.c.subject.in_(subjects[start : start + CHUNK]),
                ENTRY.c.verdict.in_((Verdict.ACCEPTED.value, Verdict.PENDING.value)),
            )
        )
        for row in rows:
            stored = read_stored(connection, row)
            found[stored.entry.header.subject].append(stored)
    return found


def write_records(connection: Connection, school: str, states: Mapping[str, Any]) -> None:
    """Replace the rows of these subjects by what their states say."""
    rows: dict[str, list[dict[str, Any]]] = {}
    doomed: dict[str, list[dict[str, str]]] = {}
    for subject, state in states.items():
        rule = rule_of(subject)
        if rule is None:
            continue
        for table in TABLES_OF_PREFIX[rule.prefix]:
            doomed.setdefault(table, []).append({"this_school": school, "this_subject": subject})
        for table, new in rule.records(state).items():
            seal = closed_text if table in PRIVATE_TABLES else _as_it_is
            rows.setdefault(table, []).extend(
                {**row, "detail": seal(connection, to_json(row["detail"]).decode())}
                if "detail" in row
                else row
                for row in new
            )
    for name, keys in doomed.items():
        table = RECORDS[name]
        statement = delete(table).where(
            table.c.school == bindparam("this_school"),
            table.c.subject == bindparam("this_subject"),
        )
        connection.execute(statement, keys)
    for name, new in rows.items():
        insert_rows(connection, RECORDS[name], new)


def _as_it_is(_connection: Connection, text: str) -> str:
    return text


def rebuild(
    connection: Connection,
    school: str,
    subjects: Iterable[str],
    labels: Labels,
    loaded: Mapping[str, Sequence[StoredEntry]] | None = None,
) -> None:
    """Project these subjects anew from the journal, or from entries that are `loaded` already."""
    known = [subject for subject in dict.fromkeys(subjects) if rule_of(subject) is not None]
    states = {}
    found = loaded if loaded is not None else load_subjects(connection, school, known)
    for subject in known:
        entries = found.get(subject, ())
        rule = rule_of(subject)
        if rule is not None:
            states[subject] = fold(rule, school, subject, entries, labels)
    write_records(connection, school, states)


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
