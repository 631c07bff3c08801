"""The same accepted entries give the same records, however and in whatever portions they came."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, delete, insert, select, update

from ledger.codes import typed_code
from ledger.entry import Entry
from ledger.projection import load_labels, load_subjects, rebuild
from ledger.rules.checkins import (
    CheckInRecorded,
    CheckInWithdrawn,
    LabelRead,
    Method,
    MissedPoint,
    RoundClosed,
)
from ledger.rules.places import Label, LabelIssued, PointSet
from ledger.rules.rule import Labels
from ledger.tables import RECORDS
from ledger.tables.catalogue import LedgerTable
from ledger.tables.journal import ENTRY
from ledger.verdicts import Verdict
from tests.ledger.rules.telling import SCHOOL, Story, write
from tests.ledger.verify.journals import row_of

ROUND = "round:daily:2026-03-02:0"
TOKENS = {"p1": "AAAAAAAAA1", "p2": "AAAAAAAAA2"}
LABELS = Labels(
    by_token={token: point for point, token in TOKENS.items()}, points=frozenset(TOKENS)
)


def connect() -> Connection:
    connection = create_engine("sqlite://").connect()
    LedgerTable.metadata.create_all(connection, tables=[ENTRY, *RECORDS.values()])
    return connection


def records(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    for name, table in RECORDS.items():
        rows = connection.execute(select(table).order_by(*table.primary_key)).all()
        found[name] = [tuple(row) for row in rows]
    return found


def keep(connection: Connection, entries: list[dict[str, Any]]) -> None:
    connection.execute(insert(ENTRY), entries)


@st.composite
def mornings(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What a judge accepted of what some phones did, in the order of `seq`."""
    story = Story(ROUND, LABELS)
    made: list[str] = []
    for step in range(draw(st.integers(1, 10))):
        device = draw(st.sampled_from(["phone", "other"]))
        at = f"2026-03-02T07:{draw(st.integers(0, 59)):02}:{step:02}+08:00"
        what = draw(st.sampled_from(["check in", "check in", "check in", "withdraw", "close"]))
        if what == "check in":
            point = draw(st.sampled_from(["p1", "p2", "nowhere"]))
            label = LabelRead(method=Method.SCAN, token=TOKENS.get(point, "XXXXXXXXX9"))
            entry = story.write(
                "checkin.recorded", CheckInRecorded(label=label, point=point), device=device, at=at
            )
            made.append(entry.header.id)
        elif what == "withdraw":
            body = CheckInWithdrawn(entry=draw(st.sampled_from([*made, "none"])))
            entry = story.write("checkin.withdrawn", body, device=device, at=at)
        else:
            missed = (MissedPoint(point="p2", because="锁门"),)
            body = RoundClosed(points=("p1", "p2"), missed=missed)
            entry = story.write("round.closed", body, device=device, at=at)
        story.judge(entry)
    return [
        row_of(one.entry, seq=one.seq, remarks=json.dumps(dict(one.remarks)))
        for one in story.history
    ]


@settings(max_examples=60)
@given(mornings(), st.data())
def test_portions_and_order_of_arrival_do_not_matter(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    at_once = connect()
    if rows:
        keep(at_once, rows)
    rebuild(at_once, SCHOOL, [ROUND], LABELS)
    piecemeal = connect()
    rebuild(piecemeal, SCHOOL, [ROUND], LABELS)
    left = data.draw(st.permutations(rows))
    while left:
        cut = data.draw(st.integers(1, len(left)))
        keep(piecemeal, left[:cut])
        rebuild(piecemeal, SCHOOL, [ROUND], LABELS)
        left = left[cut:]
    assert records(piecemeal) == records(at_once)


@settings(max_examples=30)
@given(mornings())
def test_projecting_again_changes_nothing(rows: list[dict[str, Any]]) -> None:
    connection = connect()
    if rows:
        keep(connection, rows)
    rebuild(connection, SCHOOL, [ROUND], LABELS)
    before = records(connection)
    rebuild(connection, SCHOOL, [ROUND, ROUND], LABELS)
    assert records(connection) == before


@settings(max_examples=30)
@given(mornings())
def test_entries_handed_in_give_the_same_as_entries_read(rows: list[dict[str, Any]]) -> None:
    connection = connect()
    if rows:
        keep(connection, rows)
    rebuild(connection, SCHOOL, [ROUND], LABELS)
    before = records(connection)
    rebuild(connection, SCHOOL, [ROUND], LABELS, load_subjects(connection, SCHOOL, [ROUND]))
    assert records(connection) == before


def check_in(point: str, number: int, **header: Any) -> Entry:
    label = LabelRead(method=Method.SCAN, token=TOKENS[point])
    body = CheckInRecorded(label=label, point=point)
    return write("checkin.recorded", ROUND, body, number=number, **header)


def test_pending_entries_come_after_accepted_ones_in_the_order_they_were_made() -> None:
    connection = connect()
    closing = RoundClosed(points=("p1",), missed=(MissedPoint(point="p1", because="锁门"),))
    mine = write("round.closed", ROUND, closing, number=1, actor="me")
    keep(connection, [row_of(mine, Verdict.PENDING)])
    rebuild(connection, SCHOOL, [ROUND], LABELS)
    summary = records(connection)["round"][0]
    assert '"by":"me"' in summary[-1]
    theirs = write("round.closed", ROUND, closing, number=1, actor="they", device="other")
    keep(connection, [row_of(theirs, seq=1)])
    rebuild(connection, SCHOOL, [ROUND], LABELS)
    assert '"by":"they"' in records(connection)["round"][0][-1]


def test_refused_and_held_entries_are_not_projected() -> None:
    connection = connect()
    rows = [
        row_of(check_in("p1", 1), Verdict.REFUSED),
        row_of(check_in("p2", 2), Verdict.HELD),
        row_of(check_in("p2", 3), Verdict.PENDING),
    ]
    keep(connection, rows)
    rebuild(connection, SCHOOL, [ROUND], LABELS)
    assert [row[1] for row in records(connection)["checkin"]] == [rows[2]["id"]]


def test_a_pending_entry_that_cannot_follow_is_left_out_but_kept() -> None:
    connection = connect()
    keep(connection, [row_of(write("checkin.withdrawn", ROUND, CheckInWithdrawn(entry="x")))])
    connection.execute(update(ENTRY).values(verdict="pending", seq=None))
    rebuild(connection, SCHOOL, [ROUND], LABELS)
    assert records(connection)["checkin"] == []
    assert connection.execute(select(ENTRY)).all()


def test_an_erased_body_leaves_the_others() -> None:
    connection = connect()
    rows = [row_of(check_in("p1", 1), seq=1, body=None), row_of(check_in("p2", 2), seq=2)]
    keep(connection, rows)
    rebuild(connection, SCHOOL, [ROUND], LABELS)
    assert [row[1] for row in records(connection)["checkin"]] == [rows[1]["id"]]


def test_a_withdrawal_outlives_the_erased_body_of_its_check_in() -> None:
    connection = connect()
    first = check_in("p1", 1)
    withdrawal = write("checkin.withdrawn", ROUND, CheckInWithdrawn(entry=first.header.id))
    keep(connection, [row_of(first, seq=1, body=None), row_of(withdrawal, seq=2)])
    rebuild(connection, SCHOOL, [ROUND], LABELS)
    assert records(connection)["checkin"] == []


def test_a_kind_or_subject_of_a_newer_version_is_passed_over() -> None:
    connection = connect()
    body = CheckInWithdrawn(entry="x")
    keep(connection, [row_of(write("drill.recorded", "drill:1", body), seq=1)])
    keep(connection, [row_of(write("round.praised", ROUND, body), seq=2)])
    rebuild(connection, SCHOOL, ["drill:1", ROUND], LABELS)
    assert records(connection)["checkin"] == []


def test_schools_in_one_database_do_not_touch_each_other() -> None:
    connection = connect()
    keep(connection, [row_of(check_in("p1", 1), seq=1)])
    other = row_of(check_in("p2", 1, device="other"), seq=1, school="other")
    keep(connection, [other])
    rebuild(connection, SCHOOL, [ROUND], LABELS)
    assert [row[1] for row in records(connection)["checkin"]] != [other["id"]]
    rebuild(connection, "other", [ROUND], LABELS)
    assert len(records(connection)["checkin"]) == 2
    connection.execute(delete(ENTRY).where(ENTRY.c.school == "other"))
    rebuild(connection, "other", [ROUND], LABELS)
    assert [row[0] for row in records(connection)["checkin"]] == [SCHOOL]


@pytest.mark.parametrize("many", [1, 450])
def test_labels_are_read_back_as_the_records_have_them(many: int) -> None:
    connection = connect()
    subjects = []
    for number in range(many):
        subject = f"point:p{number}"
        token = f"A{number:09d}"
        label = Label(version=1, token=token, typed=typed_code(token))
        rows = [
            write("point.set", subject, PointSet(area="a", name="n"), number=2 * number + 1),
            write("label.issued", subject, LabelIssued(label=label), number=2 * number + 2),
        ]
        keep(connection, [row_of(e, seq=e.header.number) for e in rows])
        subjects.append(subject)
    rebuild(connection, SCHOOL, subjects, Labels())
    labels = load_labels(connection, SCHOOL)
    assert len(labels.by_token) == len(labels.points) == many
    assert labels.by_token["A000000000"] == labels.by_typed[typed_code("A000000000")] == "p0"
    assert labels.void == frozenset()
