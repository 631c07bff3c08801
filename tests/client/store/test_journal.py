"""The device's own journal: every entry follows the one before, and shows at once."""

from typing import Any

from sqlalchemy import Connection, update

from client.store import history
from client.store.journal import append, own_end
from client.store.places import point_of_label
from ledger.chain import Link, follow
from ledger.codes import typed_code
from ledger.entry import read_entry
from ledger.rules.places import Label, LabelIssued, PointSet
from ledger.tables.journal import ENTRY
from tests.client.store.office import (
    ME,
    PHONE,
    SCHOOL,
    SEVEN,
    Office,
    check_in,
    check_ins,
    row_of,
    stamp,
)


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
    stored = row_of(connection, entry)
    assert read_entry(stored.header, stored.body) == entry
    assert stored.verdict == "pending"
    assert stored.seq is None


def test_a_pending_check_in_is_in_the_records_at_once(
    connection: Connection, office: Office
) -> None:
    entry = check_in(connection, office, "p1")
    (line,) = check_ins(connection)
    assert (line.id, line.seq, line.grade) == (entry.header.id, None, "A")


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


def test_a_clock_of_nonsense_does_not_keep_anybody_from_working(
    connection: Connection, office: Office
) -> None:
    entry = check_in(connection, office, "p1", at=SEVEN.replace(year=2000))
    assert row_of(connection, entry).at.startswith("2000-03-02")
    connection.execute(update(ENTRY).where(ENTRY.c.id == entry.header.id).values(remarks="{}"))
    assert len(check_ins(connection)) == 1
