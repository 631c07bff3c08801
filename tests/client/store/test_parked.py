"""One bad entry is parked; the others go on, and after an update it is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, select

from client.store import history
from client.store.errors import NotAllowed
from client.store.journal import append
from client.store.queue import queue, sync_view
from client.store.tables import PARKED
from client.store.upkeep import follow_rules
from ledger.entry import Body
from ledger.projection import Why
from ledger.rules.hazards.bodies import HazardReported
from ledger.rules.hazards.rule import HazardRule
from ledger.rules.registry import BY_KIND, BY_PREFIX
from ledger.rules.rounds import RoundRule
from ledger.tables import RECORDS, TABLES_OF_PREFIX
from ledger.tables.journal import ENTRY
from tests.client.store.office import SEVEN, Office, check_in, stamp


class Said(Body):
    """The body of a kind this version has never heard of."""

    said: str = "以后才懂"


def check_ins(connection: Connection) -> set[str]:
    return set(connection.scalars(select(RECORDS["checkin"].c.id)))


def parked(connection: Connection) -> list[tuple[str, str, str]]:
    rows = connection.execute(select(PARKED.c.entry, PARKED.c.kind, PARKED.c.why))
    return [tuple(row) for row in rows]


def pull(connection: Connection, office: Office) -> None:
    history.store(connection, office.identity, history.check(office.answer()))


@contextmanager
def stumbling(over: set[str]) -> Iterator[None]:
    """The round's rule has a bug: it raises over check-ins with these notes, half-way through."""
    honest = RoundRule.apply

    def apply(self: RoundRule, state: Any, submission: Any) -> None:
        honest(self, state, submission)
        if any(item.note in over for item in getattr(submission.body, "items", ())):
            raise KeyError("a bug")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RoundRule, "apply", apply)
        yield


def test_a_rule_that_stumbles_over_one_entry_does_not_end_the_pull(
    connection: Connection, office: Office
) -> None:
    before = office.walk("p1")
    bad = office.walk("p2", note="bad")
    after = office.walk("p3")
    with stumbling({"bad"}):
        pull(connection, office)
    assert check_ins(connection) == {before.header.id, after.header.id}
    assert parked(connection) == [(bad.header.id, "checkin.recorded", "fault")]
    kept = connection.scalar(select(ENTRY.c.verdict).where(ENTRY.c.id == bad.header.id))
    assert kept == "accepted"
    assert sync_view(connection, office.identity, SEVEN).parked == 1

    assert follow_rules(connection, version="mended")
    assert bad.header.id in check_ins(connection)
    assert parked(connection) == []


def test_what_one_saves_oneself_is_kept_too(connection: Connection, office: Office) -> None:
    with stumbling({"bad"}):
        bad = check_in(connection, office, "p1", note="bad")
        good = check_in(connection, office, "p2")
    assert check_ins(connection) == {good.header.id}
    shown, total = queue(connection, office.identity)
    assert total == 2 and {one.id for one in shown} == {bad.header.id, good.header.id}


def test_a_subject_whose_records_cannot_be_made_keeps_its_last(
    connection: Connection, office: Office
) -> None:
    first = check_in(connection, office, "p1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RoundRule, "records", lambda self, state: {"checkin": [][1]})
        check_in(connection, office, "p2")
    assert check_ins(connection) == {first.header.id}
    assert parked(connection) == [("", "", "fault")]
    check_in(connection, office, "p3")
    assert len(check_ins(connection)) == 3 and parked(connection) == []


def test_a_rule_that_stumbles_before_saving_forbids_nothing(
    connection: Connection, office: Office
) -> None:
    def judge(self: HazardRule, *_: object) -> None:
        raise ZeroDivisionError

    def report() -> None:
        append(
            connection,
            office.identity,
            stamp(),
            kind="hazard.reported",
            subject="hazard:h1",
            body=HazardReported(content="漏水"),
            judged=True,
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HazardRule, "judge", judge)
        report()
    with pytest.raises(NotAllowed):
        report()


@pytest.mark.parametrize("subject", ["newer:1", "round:daily:2026-03-02:0"])
def test_kinds_of_a_newer_app_are_kept_and_shown_after_the_update(
    connection: Connection, office: Office, subject: str
) -> None:
    """Whether the whole duty is new or only a kind of a known one."""
    newer = office.tell("newer.done", subject, Said(), writer=office.desk)
    beside = office.walk("p1")
    pull(connection, office)
    assert beside.header.id in check_ins(connection)
    assert parked(connection) == [(newer.header.id, "newer.done", "newer")]
    view = sync_view(connection, office.identity, SEVEN)
    assert (view.newer, view.parked) == (1, 0)

    seen: list[str] = []
    rule = BY_PREFIX["round"]

    class NewerRule(RoundRule):
        """The next version's: it knows the kind."""

        prefix = subject.partition(":")[0]

        def apply(self, state: Any, submission: Any) -> None:
            seen.append(submission.entry.header.kind)
            if submission.entry.header.kind != "newer.done":
                super().apply(state, submission)

    with pytest.MonkeyPatch.context() as update:
        newer_rule = NewerRule()
        update.setitem(BY_PREFIX, newer_rule.prefix, newer_rule)
        for kind, (owner, body) in list(BY_KIND.items()):
            if owner is rule and newer_rule.prefix == "round":
                update.setitem(BY_KIND, kind, (newer_rule, body))
        update.setitem(BY_KIND, "newer.done", (newer_rule, Said))
        tables = {newer_rule.prefix: ("round",), **TABLES_OF_PREFIX}
        update.setattr("ledger.records.TABLES_OF_PREFIX", tables)
        follow_rules(connection, version="newer")
    assert "newer.done" in seen
    assert parked(connection) == []


def test_a_body_only_a_newer_app_can_read_is_parked_not_lost(
    connection: Connection, office: Office
) -> None:
    class NewerCheckIn(Body):
        label: str = "a label in a new shape"

    entry = office.tell(
        "checkin.recorded", "round:daily:2026-03-02:0", NewerCheckIn(label="?"), writer=office.desk
    )
    pull(connection, office)
    assert parked(connection) == [(entry.header.id, "checkin.recorded", Why.NEWER.value)]


def test_a_lost_scope_takes_its_parked_entries_along(
    connection: Connection, office: Office
) -> None:
    office.tell("newer.done", "newer:1", Said(), writer=office.desk)
    pull(connection, office)
    assert parked(connection)
    history.store(connection, office.identity, history.check(office.answer(cursors={})))
    assert parked(connection) == []
