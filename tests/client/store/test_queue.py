"""The chip and the list behind it say what became of every own entry."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from client.store.inheritance import carry_over
from client.store.journal import append
from client.store.queue import (
    PAGE_ROWS,
    held,
    own_entries,
    queue,
    sync_view,
)
from client.store.receipts import keep_word
from client.store.refusals import put_aside
from client.store.sync_state import change_sync_state, read_sync_state
from client.store.sync_views import Reach, ServerWord
from client.store.verdicts import keep_receipts
from client.sync.enrol import become
from ledger.identifiers import new_id
from ledger.rules.places import AreaSet, PointSet
from ledger.verdicts import Reason, Verdict
from ledger.wire.journal import Receipt
from tests.client.store.office import SEVEN, Office, check_in, stamp


def answer(connection: Connection, office: Office, id: str, verdict: Verdict, **rest) -> None:
    keep_receipts(connection, office.identity, [Receipt(id=id, verdict=verdict, **rest)])


def test_a_new_device_has_nothing_to_say(connection: Connection, office: Office) -> None:
    view = sync_view(connection, office.identity, SEVEN)
    assert view.reach is Reach.NEVER
    assert (view.pending, view.held, view.refused, view.written) == (0, 0, 0, 0)
    assert view.word is ServerWord.UNSPOKEN
    assert not view.all_synced
    assert queue(connection, office.identity) == ((), 0)
    own = own_entries(connection, office.identity)
    assert (own.pending, own.first_pending, own.written) == (0, 0, 0)


def test_every_verdict_is_counted_for_itself(connection: Connection, office: Office) -> None:
    ids = [check_in(connection, office, "p1").header.id for _ in range(5)]
    answer(connection, office, ids[0], Verdict.ACCEPTED, seq=99)
    answer(connection, office, ids[1], Verdict.HELD, reason=Reason.AUTHOR_INACTIVE)
    answer(connection, office, ids[2], Verdict.REFUSED, reason=Reason.NOT_ALLOWED)
    view = sync_view(connection, office.identity, SEVEN)
    assert (view.pending, view.held, view.refused, view.written) == (2, 1, 1, 5)
    assert not view.all_synced
    own = own_entries(connection, office.identity)
    assert (own.pending, own.first_pending, own.written) == (2, 4, 5)
    assert held(connection, office.identity) == {ids[1]: Reason.AUTHOR_INACTIVE.value}


def test_refused_ones_put_aside_no_longer_count(connection: Connection, office: Office) -> None:
    for _ in range(2):
        id = check_in(connection, office, "p1").header.id
        answer(connection, office, id, Verdict.REFUSED, reason=Reason.NOT_ALLOWED)
    change_sync_state(connection, dismissed=1)
    assert sync_view(connection, office.identity, SEVEN).refused == 1


def test_one_that_is_refused_after_others_were_put_aside_counts(
    connection: Connection, office: Office
) -> None:
    ids = [check_in(connection, office, "p1").header.id for _ in range(2)]
    answer(connection, office, ids[0], Verdict.HELD, reason=Reason.UNKNOWN_POINT)
    answer(connection, office, ids[1], Verdict.REFUSED, reason=Reason.NOT_ALLOWED)
    put_aside(connection, 2)
    assert sync_view(connection, office.identity, SEVEN).refused == 0
    for _ in range(2):
        answer(connection, office, ids[0], Verdict.REFUSED, reason=Reason.ALREADY_CLOSED)
        assert sync_view(connection, office.identity, SEVEN).refused == 1
    put_aside(connection, 2)
    answer(connection, office, ids[0], Verdict.REFUSED, reason=Reason.ALREADY_CLOSED)
    assert sync_view(connection, office.identity, SEVEN).refused == 0


def test_what_a_former_key_wrote_is_asked_about_and_its_refusal_told(
    connection: Connection, office: Office
) -> None:
    ids = [check_in(connection, office, "p1").header.id for _ in range(4)]
    answer(connection, office, ids[0], Verdict.HELD, reason=Reason.UNKNOWN_POINT)
    answer(connection, office, ids[1], Verdict.HELD, reason=Reason.AUTHOR_INACTIVE)
    answer(connection, office, ids[2], Verdict.HELD, reason=Reason.EARLIER_MISSING)
    answer(connection, office, ids[3], Verdict.REFUSED, reason=Reason.NOT_ALLOWED)
    renewed = replace(office.identity, device=new_id())
    become(connection, renewed)
    assert held(connection, renewed) == {
        ids[0]: Reason.UNKNOWN_POINT.value,
        ids[1]: Reason.AUTHOR_INACTIVE.value,
    }, "what lost its chain is written anew"
    view = sync_view(connection, renewed, SEVEN)
    assert (view.pending, view.held, view.refused) == (1, 2, 1), "one was not read yet"
    carry_over(connection, renewed)
    view = sync_view(connection, renewed, SEVEN)
    assert (view.pending, view.held, view.refused) == (1, 2, 1)
    refused = Receipt(id=ids[0], verdict=Verdict.REFUSED, reason=Reason.ALREADY_CLOSED)
    waits = Receipt(id=ids[1], verdict=Verdict.HELD, reason=Reason.UNKNOWN_POINT)
    asked = held(connection, renewed)
    keep_word(connection, renewed, [refused, waits], asked, 0, "", SEVEN.isoformat())
    assert held(connection, renewed) == {ids[1]: Reason.UNKNOWN_POINT.value}
    view = sync_view(connection, renewed, SEVEN)
    assert (view.held, view.refused) == (1, 2)
    put_aside(connection, view.written)
    assert sync_view(connection, renewed, SEVEN).refused == 0


def test_all_is_synced_only_when_the_server_says_so(connection: Connection, office: Office) -> None:
    entry = check_in(connection, office, "p1")
    answer(connection, office, entry.header.id, Verdict.ACCEPTED, seq=99)
    assert not sync_view(connection, office.identity, SEVEN).all_synced
    keep_word(connection, office.identity, [], [], 1, entry.hash, SEVEN.isoformat())
    assert sync_view(connection, office.identity, SEVEN).all_synced


def test_one_field_changes_and_the_others_stay(connection: Connection) -> None:
    change_sync_state(connection, reach=Reach.OFFLINE, since=SEVEN.isoformat())
    change_sync_state(connection, problem="problems.outdated")
    state = read_sync_state(connection)
    assert (state.reach, state.problem) == (Reach.OFFLINE, "problems.outdated")
    assert datetime.fromisoformat(state.since) == SEVEN


def test_a_line_says_what_it_is_about(connection: Connection, office: Office) -> None:
    check_in(connection, office, "p2")
    for kind, subject, body in (
        ("area.set", "area:gate", AreaSet(name="新大门")),
        ("point.set", "point:p3", PointSet(area="lab", name="新三号点")),
    ):
        append(connection, office.identity, stamp(), kind=kind, subject=subject, body=body)
    lines, total = queue(connection, office.identity)
    assert total == 3
    assert [line.about for line in lines] == ["新三号点", "新大门", "2号点"]
    assert [line.number for line in lines] == [3, 2, 1]


def test_a_reason_comes_with_its_values_and_names_instead_of_ids(
    connection: Connection, office: Office
) -> None:
    id = check_in(connection, office, "p1").header.id
    remarks = {"who": "head", "at": "2026-03-02T07:00:00+08:00"}
    answer(connection, office, id, Verdict.REFUSED, reason=Reason.ALREADY_CLOSED, remarks=remarks)
    (line,), _ = queue(connection, office.identity)
    assert line.reason is Reason.ALREADY_CLOSED
    assert dict(line.detail)["who"] == "张校长"


def test_the_list_comes_in_pages_newest_first(connection: Connection, office: Office) -> None:
    for count in range(PAGE_ROWS + 3):
        check_in(connection, office, "p1", at=SEVEN + timedelta(seconds=count))
    first, total = queue(connection, office.identity)
    second, _ = queue(connection, office.identity, page=1)
    beyond, _ = queue(connection, office.identity, page=9)
    assert total == PAGE_ROWS + 3
    assert [line.number for line in (*first, *second)] == list(range(total, 0, -1))
    assert beyond == ()


@pytest.mark.parametrize(
    ("verdicts", "many"), [((Verdict.PENDING,), 2), ((Verdict.HELD, Verdict.REFUSED), 1), ((), 3)]
)
def test_the_list_can_be_narrowed(
    connection: Connection, office: Office, verdicts: tuple[Verdict, ...], many: int
) -> None:
    ids = [check_in(connection, office, "p1").header.id for _ in range(3)]
    answer(connection, office, ids[0], Verdict.HELD, reason=Reason.UNKNOWN_POINT)
    lines, total = queue(connection, office.identity, verdicts)
    assert len(lines) == total == many


def test_others_entries_are_not_in_my_list(connection: Connection, office: Office) -> None:
    from client.store import history

    office.walk("p1")
    history.store(connection, office.identity, history.check(office.answer()))
    assert queue(connection, office.identity) == ((), 0)
