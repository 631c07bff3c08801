"""A watched hazard opened at the district: times are shown corrected, with what a clock said."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from client.store import history
from client.store.journal import append
from client.store.verdicts import keep_receipts
from client.store.watched_detail import watched_hazard
from client.store.watched_views import WatchedDetail
from ledger.clock import Stamp
from ledger.entry import Clock, Entry
from ledger.rules.district.bodies import WatchedNoted, WatchedNotified, WatchedStep, Why
from ledger.rules.district.rule import watched_subject
from ledger.rules.hazards.bodies import Category, HazardGrade
from ledger.rules.hazards.states import HazardState
from ledger.verdicts import Reason, Verdict
from tests.client.store.office import SEVEN, Office, receipt, stamp

SUBJECT = watched_subject("SY02", "h1")
LATER = SEVEN + timedelta(days=2)
A_YEAR = timedelta(days=365)
A_YEAR_AHEAD = Clock(uptime=1.0, boot="b", server=SEVEN.isoformat(), offset=-A_YEAR.total_seconds())


def note(office: Office, **step: str) -> None:
    """The server tells the district of a major hazard."""
    at = SEVEN.isoformat(timespec="milliseconds")
    reported = {"entry": "0" * 36, "kind": "hazard.reported", "by": "陈晓", "at": at}
    body = WatchedNoted(
        school="SY02",
        school_name="第二小学",
        why=(Why.MAJOR,),
        state=HazardState.REGISTERED,
        grade=HazardGrade.MAJOR,
        category=Category.FIRE,
        reported_at=at,
        told=1,
        steps=(WatchedStep.model_validate({**reported, **step}),),
    )
    office.tell("watched.noted", SUBJECT, body)


@pytest.fixture
def listed(connection: Connection, office: Office) -> Connection:
    note(office)
    history.store(connection, office.identity, history.check(office.answer()))
    return connection


def notify(connection: Connection, office: Office, at: Stamp) -> Entry:
    return append(
        connection,
        office.identity,
        at,
        kind="watched.notified",
        subject=SUBJECT,
        body=WatchedNotified(text="请重视"),
    )


def opened(connection: Connection, office: Office) -> WatchedDetail:
    found = watched_hazard(connection, office.identity, "SY02:h1", LATER)
    assert found is not None
    return found


def ahead() -> Stamp:
    """Of a device that is a year ahead and has learned so from the server."""
    return Stamp((SEVEN + A_YEAR).isoformat(timespec="milliseconds"), A_YEAR_AHEAD)


def test_an_officers_word_from_a_wrong_clock_is_corrected_and_says_so(
    listed: Connection, office: Office
) -> None:
    entry = notify(listed, office, ahead())
    keep_receipts(listed, office.identity, [receipt(entry, seq=99)])
    reported, said = opened(listed, office).steps
    assert reported.device_at is None
    assert (said.entry, said.at, said.device_at) == (entry.header.id, SEVEN, SEVEN + A_YEAR)


def test_a_step_at_the_school_says_what_its_devices_clock_said(
    connection: Connection, office: Office
) -> None:
    note(office, device_at=(SEVEN - A_YEAR).isoformat(timespec="milliseconds"))
    history.store(connection, office.identity, history.check(office.answer()))
    (reported,) = opened(connection, office).steps
    assert (reported.at, reported.device_at) == (SEVEN, SEVEN - A_YEAR)


def test_a_right_clock_is_not_remarked_on(listed: Connection, office: Office) -> None:
    entry = notify(listed, office, stamp())
    keep_receipts(listed, office.identity, [receipt(entry, seq=99)])
    assert [one.device_at for one in opened(listed, office).steps] == [None, None]


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.HELD])
def test_what_was_not_adopted_stands_at_its_true_time_too(
    listed: Connection, office: Office, verdict: Verdict
) -> None:
    entry = notify(listed, office, ahead())
    lost = receipt(entry, verdict, reason=Reason.LOST_RACE)
    keep_receipts(listed, office.identity, [lost])
    said = opened(listed, office).steps[-1]
    assert (said.verdict, said.at, said.device_at) == (verdict, SEVEN, SEVEN + A_YEAR)
