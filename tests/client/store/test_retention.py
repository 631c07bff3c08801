"""What is old and settled leaves the device; what is open, unsure or asked for stays."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from client.store import history
from client.store.identity import write_setting
from client.store.journal import append, own_end
from client.store.outgoing import keep_head, next_outgoing
from client.store.receipts import keep_word
from client.store.retention import (
    EVERYTHING,
    KEEP_DAYS,
    kept_from,
    known_from,
    note_known,
    note_read,
    read_again,
    sweep,
    swept_for,
    wants_more,
)
from client.store.tables import CURSOR
from client.store.upkeep import follow_rules
from ledger.entry import Entry
from ledger.keys import DeviceKey
from ledger.rules.hazards.bodies import HazardReported
from ledger.rules.people import DeviceSet
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Verdict
from ledger.verify import verify_journal
from ledger.wire.journal import Receipt
from tests.client.store.office import DAY, SEVEN, Office, check_in, stamp

LATER = "2026-05-10"


def rounds(connection: Connection) -> list[str]:
    return sorted(connection.scalars(select(RECORDS["round"].c.subject)))


def entries(connection: Connection, device: str) -> list[tuple[int, bool]]:
    """Number, and whether the body is here."""
    rows = connection.execute(
        select(ENTRY.c.number, ENTRY.c.body).where(ENTRY.c.device == device).order_by("number")
    )
    return [(row.number, row.body is not None) for row in rows]


def answered(connection: Connection, office: Office, some: list[Entry], seq: int = 500) -> None:
    """The server has accepted these and holds everything up to the last."""
    receipts = [
        Receipt(id=one.header.id, verdict=Verdict.ACCEPTED, seq=seq + number)
        for number, one in enumerate(some)
    ]
    last, ids = some[-1], [one.header.id for one in some]
    keep_word(
        connection, office.identity, receipts, ids, last.header.number, last.hash, SEVEN.isoformat()
    )


def walk(connection: Connection, office: Office) -> None:
    """A colleague's round of the first morning arrives."""
    office.walk("p1")
    office.walk("p2")
    history.store(connection, office.identity, history.check(office.answer()))


def test_a_colleagues_old_round_leaves_altogether(connection: Connection, office: Office) -> None:
    walk(connection, office)
    desk = office.desk.id
    assert entries(connection, desk)
    assert sweep(connection, office.identity, LATER) == 1
    assert entries(connection, desk) == []
    assert rounds(connection) == []
    assert not connection.execute(select(RECORDS["checkin"])).all()
    assert not connection.execute(select(HEAD).where(HEAD.c.device == desk)).all()
    assert sweep(connection, office.identity, LATER) == 0
    assert swept_for(connection) == LATER


def test_of_an_own_one_the_header_stays_and_the_chain_verifies(
    connection: Connection, office: Office
) -> None:
    some = [check_in(connection, office, point) for point in ("p1", "p2")]
    device, key = office.identity.device, DeviceKey.generate()
    known = DeviceSet(name="我的手机", actor=office.identity.actor, public_key=key.public)
    office.tell("device.set", f"device:{device}", known)
    history.store(connection, office.identity, history.check(office.answer()))
    keep_head(connection, key.sign_head(device, 2, some[-1].hash, SEVEN.isoformat()))
    answered(connection, office, some)
    sweep(connection, office.identity, LATER)
    assert entries(connection, device) == [(1, False), (2, False)]
    assert verify_journal(connection).broken is None
    third = check_in(connection, office, "p3", day=LATER)
    assert third.header.previous == some[-1].hash
    assert own_end(connection, device).number == 3
    # New rules, and with them all records made anew, bring nothing back.
    follow_rules(connection, version="99")
    old = select(RECORDS["checkin"]).where(RECORDS["checkin"].c.day == DAY)
    assert not connection.execute(old).all()


def test_what_is_recent_stays(connection: Connection, office: Office) -> None:
    walk(connection, office)
    assert sweep(connection, office.identity, DAY) == 0
    assert len(rounds(connection)) == 1


def test_what_is_not_answered_for_stays_with_its_whole_round(
    connection: Connection, office: Office
) -> None:
    walk(connection, office)
    check_in(connection, office, "p3")
    assert sweep(connection, office.identity, LATER) == 0
    assert len(entries(connection, office.desk.id)) == 2


@pytest.mark.parametrize("hash", ["f" * 64])
def test_while_the_servers_word_is_disputed_nothing_leaves(
    connection: Connection, office: Office, hash: str
) -> None:
    walk(connection, office)
    answered(connection, office, [check_in(connection, office, "p1")])
    keep_word(connection, office.identity, [], [], 1, hash, SEVEN.isoformat())
    assert sweep(connection, office.identity, LATER) == 0


def test_beyond_the_servers_word_nothing_leaves(connection: Connection, office: Office) -> None:
    first = check_in(connection, office, "p1")
    second = check_in(connection, office, "p2")
    answered(connection, office, [first, second])
    # It holds the first only: the second is unsent again.
    keep_word(connection, office.identity, [], [], 1, first.hash, SEVEN.isoformat())
    assert sweep(connection, office.identity, LATER) == 0
    batch = next_outgoing(connection, office.identity, 10)
    assert batch is not None
    assert batch.ids == [second.header.id]


def test_hazards_never_leave(connection: Connection, office: Office) -> None:
    report = append(
        connection,
        office.identity,
        stamp(),
        kind="hazard.reported",
        subject="hazard:h1",
        body=HazardReported(content="灭火器过期", area="gate"),
    )
    answered(connection, office, [report])
    sweep(connection, office.identity, "2030-01-01")
    assert connection.execute(select(RECORDS["hazard"])).all()
    assert entries(connection, office.identity.device) == [(1, True)]


def test_the_person_chooses_how_long(connection: Connection, office: Office) -> None:
    school = office.identity.school
    today = SEVEN.date()
    wanted = (today - timedelta(days=KEEP_DAYS)).isoformat()
    assert kept_from(connection, school, SEVEN) == wanted
    write_setting(connection, "choice.keep_days", "30")
    assert kept_from(connection, school, SEVEN) == (today - timedelta(days=30)).isoformat()
    write_setting(connection, "choice.keep_days", "0")
    assert kept_from(connection, school, SEVEN) == EVERYTHING


def test_wanting_more_days_reads_from_the_start_and_keeps_every_scope(
    connection: Connection, office: Office
) -> None:
    note_read(connection, "2026-03-01")
    assert not wants_more(connection, "2026-03-02")
    assert wants_more(connection, "2026-02-01")
    assert wants_more(connection, EVERYTHING)
    before = {row.scope for row in connection.execute(select(CURSOR))}
    read_again(connection)
    assert {row.scope: row.seq for row in connection.execute(select(CURSOR))} == dict.fromkeys(
        before, 0
    )
    assert known_from(connection) == "2026-03-01", "until the reading is through"
    assert not wants_more(connection, "2026-02-01"), "it is under way"


def test_what_has_left_is_no_longer_claimed_to_be_known(
    connection: Connection, office: Office
) -> None:
    walk(connection, office)
    note_known(connection, EVERYTHING)
    sweep(connection, office.identity, LATER)
    assert known_from(connection) == LATER
