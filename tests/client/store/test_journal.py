"""The device's own journal: every entry follows the one before, and verdicts change the records
but never the entries."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from client.store import history
from client.store.journal import (
    append,
    keep_head,
    keep_receipts,
    next_outgoing,
    outgoing_from,
    own_end,
)
from client.store.places import point_of_label
from ledger.chain import Link, follow
from ledger.codes import typed_code
from ledger.entry import Entry, read_entry
from ledger.rules.places import AreaSet, Label, LabelIssued, PointSet
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from ledger.verdicts import Reason, Verdict
from ledger.wire.journal import PUSH_LIMIT_ENTRIES, Receipt
from tests.client.store.office import ME, PHONE, SCHOOL, SEVEN, Office, check_in, stamp

CHECK_IN = RECORDS["checkin"]


def receipt(entry: Entry, verdict: Verdict = Verdict.ACCEPTED, **fields: Any) -> Receipt:
    return Receipt(id=entry.header.id, verdict=verdict, **fields)


def lines(connection: Connection) -> list[Any]:
    return list(connection.execute(select(CHECK_IN).order_by(CHECK_IN.c.at)))


def row(connection: Connection, entry: Entry) -> Any:
    return connection.execute(select(ENTRY).where(ENTRY.c.id == entry.header.id)).one()


def test_entries_follow_each_other(connection: Connection, office: Office) -> None:
    entries = [check_in(connection, office, f"p{n}") for n in (1, 2, 3)]
    assert [one.header.number for one in entries] == [1, 2, 3]
    assert follow(Link(), entries) == (Link(3, entries[-1].hash), None)
    assert own_end(connection, PHONE) == Link(3, entries[-1].hash)


def test_an_entry_says_who_where_and_what_its_author_had_seen(
    connection: Connection, office: Office
) -> None:
    office.walk("p1")
    history.store(connection, office.identity, history.check(office.answer()))
    header = check_in(connection, office, "p2").header
    assert (header.school, header.actor, header.device) == (SCHOOL, ME, PHONE)
    assert header.scope == f"school:{SCHOOL}"
    assert header.seen == 1


def test_what_is_stored_is_what_was_written(connection: Connection, office: Office) -> None:
    entry = check_in(connection, office, "p1")
    stored = row(connection, entry)
    assert read_entry(stored.header, stored.body) == entry
    assert stored.verdict == "pending"
    assert stored.seq is None


def test_a_pending_check_in_is_in_the_records_at_once(
    connection: Connection, office: Office
) -> None:
    entry = check_in(connection, office, "p1")
    (line,) = lines(connection)
    assert (line.id, line.seq, line.grade) == (entry.header.id, None, "A")


def test_an_accepted_one_gets_its_seq_and_remarks(connection: Connection, office: Office) -> None:
    entry = check_in(connection, office, "p1")
    remarks = {"doubts": ["label_void"]}
    touched = keep_receipts(connection, office.identity, [receipt(entry, seq=99, remarks=remarks)])
    assert touched == [entry.header.subject]
    (line,) = lines(connection)
    assert (line.seq, line.grade) == (99, "B")


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.HELD])
def test_a_refused_or_held_one_leaves_the_records_and_stays_in_the_journal(
    connection: Connection, office: Office, verdict: Verdict
) -> None:
    entry = check_in(connection, office, "p1")
    answer = receipt(entry, verdict, reason=Reason.UNKNOWN_POINT, remarks={"label": "X"})
    keep_receipts(connection, office.identity, [answer])
    assert lines(connection) == []
    stored = row(connection, entry)
    assert (stored.verdict, stored.reason) == (verdict.value, "unknown_point")
    assert read_entry(stored.header, stored.body) == entry


def test_a_held_one_that_is_accepted_later_is_back(connection: Connection, office: Office) -> None:
    entry = check_in(connection, office, "p1")
    held = receipt(entry, Verdict.HELD, reason=Reason.AUTHOR_INACTIVE)
    keep_receipts(connection, office.identity, [held])
    keep_receipts(connection, office.identity, [receipt(entry, seq=99)])
    assert [line.id for line in lines(connection)] == [entry.header.id]
    assert row(connection, entry).reason == ""


def test_the_same_receipt_twice_changes_nothing(connection: Connection, office: Office) -> None:
    entry = check_in(connection, office, "p1")
    for _ in range(2):
        keep_receipts(connection, office.identity, [receipt(entry, seq=99)])
    assert len(lines(connection)) == 1


def test_receipts_of_nobodys_entries_are_passed_over(
    connection: Connection, office: Office
) -> None:
    strange = Receipt(id="0" * 36, verdict=Verdict.ACCEPTED, seq=5)
    assert keep_receipts(connection, office.identity, [strange]) == []
    assert keep_receipts(connection, office.identity, []) == []


def test_more_receipts_than_a_statement_has_room_for(
    connection: Connection, office: Office
) -> None:
    entries = [check_in(connection, office, "p1") for _ in range(3)]
    many = [Receipt(id=f"{n:036}", verdict=Verdict.REFUSED) for n in range(1200)]
    answers = [receipt(one, seq=900 + n) for n, one in enumerate(entries)]
    assert len(keep_receipts(connection, office.identity, [*many, *answers])) == 1
    assert {line.seq for line in lines(connection)} == {900, 901, 902}


def test_what_goes_out_is_the_oldest_unanswered_byte_for_byte(
    connection: Connection, office: Office
) -> None:
    entries = [check_in(connection, office, "p1") for _ in range(5)]
    keep_receipts(connection, office.identity, [receipt(entries[0], seq=99)])
    batch = next_outgoing(connection, office.identity, 3)
    assert batch is not None
    assert [one.header.encode() for one in batch.entries] == [
        one.header_bytes for one in entries[1:4]
    ]
    assert [(one.body or "").encode() for one in batch.entries] == [
        one.body_bytes for one in entries[1:4]
    ]
    assert (batch.number, batch.hash) == (4, entries[3].hash)


def test_nothing_goes_out_when_all_was_answered(connection: Connection, office: Office) -> None:
    assert next_outgoing(connection, office.identity, PUSH_LIMIT_ENTRIES) is None
    entry = check_in(connection, office, "p1")
    refused = receipt(entry, Verdict.REFUSED, reason=Reason.NOT_ALLOWED)
    keep_receipts(connection, office.identity, [refused])
    assert next_outgoing(connection, office.identity, PUSH_LIMIT_ENTRIES) is None


def test_a_server_that_lost_some_gets_them_again_whatever_it_said(
    connection: Connection, office: Office
) -> None:
    entries = [check_in(connection, office, "p1") for _ in range(4)]
    answers = [receipt(one, seq=90 + one.header.number) for one in entries[:3]]
    keep_receipts(connection, office.identity, answers)
    batch = outgoing_from(connection, office.identity, 2, 2)
    assert batch is not None
    assert batch.number == 3
    assert outgoing_from(connection, office.identity, 9, 2) is None


def test_a_restored_server_may_give_every_seq_anew(connection: Connection, office: Office) -> None:
    """It came back from a backup: what it lost is sent again, in another order than before."""
    mine = check_in(connection, office, "p1")
    keep_receipts(connection, office.identity, [receipt(mine, seq=office.seq + 2)])
    theirs = office.walk("p2")
    lost_answer = office.answer()
    history.store(connection, office.identity, history.check(lost_answer))
    assert row(connection, theirs).seq == office.seq
    keep_receipts(connection, office.identity, [receipt(mine, seq=office.seq)])
    assert row(connection, mine).seq == office.seq
    stored = row(connection, theirs)
    assert (stored.verdict, stored.seq) == ("held", None), "until its author has sent it again"
    assert {line.id for line in lines(connection)} == {mine.header.id}
    again = lost_answer.entries[0].model_copy(update={"seq": office.seq + 1})
    answer = lost_answer.model_copy(update={"entries": [again]})
    history.store(connection, office.identity, history.check(answer))
    stored = row(connection, theirs)
    assert (stored.verdict, stored.seq) == ("accepted", office.seq + 1)
    assert {line.id for line in lines(connection)} == {mine.header.id, theirs.header.id}


def test_heads_are_kept_once(connection: Connection, office: Office) -> None:
    entry = check_in(connection, office, "p1")
    head = office.desk.key.sign_head(PHONE, 1, entry.hash, "2026-03-02T07:00:00+08:00")
    keep_head(connection, head)
    keep_head(connection, head.model_copy(update={"at": "2027-03-02T07:00:00+08:00"}))


def label(version: int, token: str) -> LabelIssued:
    return LabelIssued(label=Label(version=version, token=token, typed=typed_code(token)))


def test_labels_issued_without_a_network_stay_while_the_point_is_changed_further(
    connection: Connection, office: Office
) -> None:
    """A safety officer reissues a label twice and renames the point before the next contact."""
    new = ["CCCCCCCCC1", "CCCCCCCCC2"]
    steps: list[tuple[str, Any, int]] = [
        ("label.issued", label(2, new[0]), 2),
        ("label.issued", label(3, new[1]), 3),
        ("point.set", PointSet(area="gate", name="东门", items=()), 3),
        ("point.set", PointSet(area="gate", name="西门", items=()), 3),
    ]
    for kind, body, version in steps:
        append(connection, office.identity, stamp(), kind=kind, subject="point:p1", body=body)
        found = point_of_label(connection, SCHOOL, token=new[version - 2])
        assert found is not None
        point, newest = found
        assert (newest.version, newest.void) == (version, False)
        assert [one.void for one in point.labels] == [True] * (version - 1) + [False]


def test_a_person_changes_an_area_twice_and_it_is_refused_once(
    connection: Connection, office: Office
) -> None:
    names = ["一", "二"]
    entries = [
        append(
            connection,
            office.identity,
            stamp(SEVEN + timedelta(seconds=n)),
            kind="area.set",
            subject="area:gate",
            body=AreaSet(name=name),
        )
        for n, name in enumerate(names)
    ]

    def name() -> str | None:
        area = RECORDS["area"]
        return connection.scalar(select(area.c.name).where(area.c.id == "gate"))

    assert name() == "二"
    refused = receipt(entries[1], Verdict.REFUSED, reason=Reason.LOST_RACE)
    keep_receipts(connection, office.identity, [refused])
    assert name() == "一"


def test_a_clock_of_nonsense_does_not_keep_anybody_from_working(
    connection: Connection, office: Office
) -> None:
    entry = check_in(connection, office, "p1", at=SEVEN.replace(year=2000))
    assert row(connection, entry).at.startswith("2000-03-02")
    connection.execute(update(ENTRY).where(ENTRY.c.id == entry.header.id).values(remarks="{}"))
    assert len(lines(connection)) == 1
