"""Verdicts change the records but never the entries."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from client.store import history
from client.store.errors import StoreFull
from client.store.journal import append
from client.store.onward import LONG
from client.store.verdicts import keep_receipts
from ledger.entry import read_entry
from ledger.rules.places import AreaSet
from ledger.tables import RECORDS
from ledger.verdicts import Reason, Verdict
from ledger.wire.journal import Receipt
from tests.client.store.office import (
    SEVEN,
    Office,
    check_in,
    check_ins,
    open_school,
    receipt,
    row_of,
    stamp,
)


def test_an_accepted_one_gets_its_seq_and_remarks(connection: Connection, office: Office) -> None:
    entry = check_in(connection, office, "p1")
    remarks = {"doubts": ["label_void"]}
    touched = keep_receipts(connection, office.identity, [receipt(entry, seq=99, remarks=remarks)])
    assert touched == [entry.header.subject]
    (line,) = check_ins(connection)
    assert (line.seq, line.grade) == (99, "B")


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.HELD])
def test_a_refused_or_held_one_leaves_the_records_and_stays_in_the_journal(
    connection: Connection, office: Office, verdict: Verdict
) -> None:
    entry = check_in(connection, office, "p1")
    answer = receipt(entry, verdict, reason=Reason.UNKNOWN_POINT, remarks={"label": "X"})
    keep_receipts(connection, office.identity, [answer])
    assert check_ins(connection) == []
    stored = row_of(connection, entry)
    assert (stored.verdict, stored.reason) == (verdict.value, "unknown_point")
    assert read_entry(stored.header, stored.body) == entry


def test_a_held_one_that_is_accepted_later_is_back(connection: Connection, office: Office) -> None:
    entry = check_in(connection, office, "p1")
    held = receipt(entry, Verdict.HELD, reason=Reason.AUTHOR_INACTIVE)
    keep_receipts(connection, office.identity, [held])
    keep_receipts(connection, office.identity, [receipt(entry, seq=99)])
    assert [line.id for line in check_ins(connection)] == [entry.header.id]
    assert row_of(connection, entry).reason == ""


def test_the_same_receipt_twice_changes_nothing(connection: Connection, office: Office) -> None:
    entry = check_in(connection, office, "p1")
    for _ in range(2):
        keep_receipts(connection, office.identity, [receipt(entry, seq=99)])
    assert len(check_ins(connection)) == 1


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
    assert {line.seq for line in check_ins(connection)} == {900, 901, 902}


def test_a_restored_server_may_give_every_seq_anew(connection: Connection, office: Office) -> None:
    """It came back from a backup: what it lost is sent again, in another order than before."""
    mine = check_in(connection, office, "p1")
    keep_receipts(connection, office.identity, [receipt(mine, seq=office.seq + 2)])
    theirs = office.walk("p2")
    lost_answer = office.answer()
    history.store(connection, office.identity, history.check(lost_answer))
    assert row_of(connection, theirs).seq == office.seq
    keep_receipts(connection, office.identity, [receipt(mine, seq=office.seq)])
    assert row_of(connection, mine).seq == office.seq
    stored = row_of(connection, theirs)
    assert (stored.verdict, stored.seq) == ("held", None), "until its author has sent it again"
    assert {line.id for line in check_ins(connection)} == {mine.header.id}
    again = lost_answer.entries[0].model_copy(update={"seq": office.seq + 1})
    answer = lost_answer.model_copy(update={"entries": [again]})
    history.store(connection, office.identity, history.check(answer))
    stored = row_of(connection, theirs)
    assert (stored.verdict, stored.seq) == ("accepted", office.seq + 1)
    assert {line.id for line in check_ins(connection)} == {mine.header.id, theirs.header.id}


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


def test_an_answer_that_could_not_be_kept_is_shown_when_it_can(tmp_path: Path) -> None:
    """On a full disk a long round's records went back with the answer, which then comes again."""
    office = Office()
    database = open_school(tmp_path / "xunan.db", office)
    mine = database.write_now(lambda c: [check_in(c, office, "p1") for _ in range(LONG + 1)])
    answers = [receipt(one, seq=office.seq + place) for place, one in enumerate(mine, start=1)]

    def no_room(connection: Connection) -> None:
        keep_receipts(connection, office.identity, answers)
        raise StoreFull(database.path)

    with pytest.raises(StoreFull):
        database.write_now(no_room)
    assert not any(row.seq for row in database._look(check_ins))
    database.write_now(lambda c: keep_receipts(c, office.identity, answers))
    assert {row.seq for row in database._look(check_ins)} == {one.seq for one in answers}
    database.close()
