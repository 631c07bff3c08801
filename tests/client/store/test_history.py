"""What the server sends is believed only when it verifies, and then all of it or nothing."""

from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from client.store import history
from client.store.cursors import Position, cursors, read_position
from client.store.database import Database
from client.store.errors import NotGenuine
from client.store.identity import read_identity
from ledger.entry import read_entry
from ledger.keys import DeviceKey
from ledger.rules.people import StaffSet
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY, HEAD
from ledger.wire.journal import Pulled, PulledEntry
from tests.client.store.office import DESK, PHONE, SCOPE, SERVER, Office, check_in


def count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(ENTRY)) or 0


def store(connection: Connection, office: Office, answer: Pulled) -> set[str]:
    return history.store(connection, office.identity, history.check(answer))


def with_entry(answer: Pulled, place: int, **fields: Any) -> Pulled:
    entries = list(answer.entries)
    entries[place] = entries[place].model_copy(update=fields)
    return answer.model_copy(update={"entries": entries})


@pytest.fixture
def news(office: Office, connection: Connection) -> Pulled:
    """A colleague's three check-ins (the database is there, the school is founded)."""
    assert count(connection)
    for point in ("p1", "p2", "p3"):
        office.walk(point)
    return office.answer()


def test_good_news_are_stored_and_projected(
    connection: Connection, office: Office, news: Pulled
) -> None:
    before = count(connection)
    touched = store(connection, office, news)
    assert touched == {"round:daily:2026-03-02:0"}
    assert count(connection) == before + 3
    checkin = RECORDS["checkin"]
    assert connection.scalar(select(func.count()).select_from(checkin)) == 3
    assert cursors(connection) == {SCOPE: office.seq}


def test_the_same_news_twice_change_nothing(
    connection: Connection, office: Office, news: Pulled
) -> None:
    store(connection, office, news)
    before = count(connection)
    store(connection, office, news)
    assert count(connection) == before


def test_no_news_is_fine(connection: Connection, office: Office) -> None:
    assert store(connection, office, office.answer()) == set()


@pytest.mark.parametrize("header", ["", "{}", "[]", "\x00", "密"])
def test_a_header_that_is_none(news: Pulled, header: str) -> None:
    with pytest.raises(NotGenuine, match="unreadable"):
        history.check(with_entry(news, 1, header=header))


def test_a_body_that_is_another(news: Pulled) -> None:
    with pytest.raises(NotGenuine, match="body") as caught:
        history.check(with_entry(news, 1, body="{}"))
    assert caught.value.entry in news.entries[1].header


def test_an_erased_body_is_believed(connection: Connection, office: Office, news: Pulled) -> None:
    store(connection, office, with_entry(news, 1, body=None))
    checkin = RECORDS["checkin"]
    assert connection.scalar(select(func.count()).select_from(checkin)) == 2


def altered(entry: PulledEntry) -> str:
    return entry.header.replace('"actor":"t2"', '"actor":"head"')


def test_a_header_that_the_next_does_not_name(
    connection: Connection, office: Office, news: Pulled
) -> None:
    with pytest.raises(NotGenuine, match="link") as caught:
        store(connection, office, with_entry(news, 1, header=altered(news.entries[1])))
    assert caught.value.entry in news.entries[2].header


def test_a_header_that_does_not_follow_what_is_stored(
    connection: Connection, office: Office, news: Pulled
) -> None:
    store(connection, office, news)
    office.desk.entries[-1] = read_entry(altered(news.entries[2]).encode(), None)
    office.walk("p4")
    with pytest.raises(NotGenuine, match="link"):
        store(connection, office, office.answer())


def test_a_last_header_that_nobody_signed(
    connection: Connection, office: Office, news: Pulled
) -> None:
    with pytest.raises(NotGenuine, match="head"):
        store(connection, office, with_entry(news, 2, header=altered(news.entries[2])))


@pytest.mark.parametrize("whose", ["server", "stranger"])
def test_a_head_signed_with_another_key(
    connection: Connection, office: Office, news: Pulled, whose: str
) -> None:
    key = office.server.key if whose == "server" else DeviceKey.generate()
    head = news.heads[0]
    forged = key.sign_head(head.device, head.number, head.hash, head.at)
    with pytest.raises(NotGenuine, match="signature"):
        store(connection, office, news.model_copy(update={"heads": [forged]}))


def test_the_servers_own_heads_are_checked_with_the_pinned_key(
    connection: Connection, office: Office
) -> None:
    """A server that was replaced can't introduce itself again."""
    identity = office.identity
    impostor = DeviceKey.generate()
    office.server.key = impostor
    office.tell("staff.set", "staff:t9", StaffSet(name="某人"))
    arrived = history.check(office.answer())
    with pytest.raises(NotGenuine, match="signature"):
        history.store(connection, identity, arrived)


async def test_of_what_is_not_genuine_nothing_is_stored(database: Database, office: Office) -> None:
    before = await database.read(count)
    reached = await database.read(cursors)
    for point in ("p1", "p2"):
        office.walk(point)
    answer = office.answer()
    forged = DeviceKey.generate().sign_head(DESK, 2, office.desk.entries[-1].hash, "now")
    arrived = history.check(answer.model_copy(update={"heads": [forged]}))
    with pytest.raises(NotGenuine):
        await database.write(lambda c: history.store(c, office.identity, arrived))
    assert await database.read(count) == before
    assert await database.read(cursors) == reached
    assert await database.read(lambda c: len(c.execute(select(HEAD)).all())) == 1


def test_a_device_introduced_in_the_same_answer_is_known_at_once(
    connection: Connection, office: Office
) -> None:
    from ledger.rules.people import DeviceSet

    office.desk.key = DeviceKey.generate()
    office.desk.id = "new-desk"
    body = DeviceSet(name="新", actor="t2", public_key=office.desk.key.public)
    office.tell("device.set", "device:new-desk", body)
    office.walk("p1")
    store(connection, office, office.answer())


def test_numbers_may_be_missing_where_others_may_read_more(
    connection: Connection, office: Office, news: Pulled
) -> None:
    entries = [news.entries[0], news.entries[2]]
    store(connection, office, news.model_copy(update={"entries": entries}))


def test_a_lost_scope_is_wiped_but_own_entries_stay(
    connection: Connection, office: Office, news: Pulled
) -> None:
    store(connection, office, news)
    mine = check_in(connection, office, "p4")
    gone = office.answer(cursors={"leaders:SY01": 3})
    store(connection, office, gone)
    left = connection.execute(select(ENTRY.c.id, ENTRY.c.device)).all()
    assert [tuple(one) for one in left] == [(mine.header.id, PHONE)]
    assert connection.execute(select(RECORDS["staff"])).all() == []
    assert connection.execute(select(RECORDS["point"])).all() == []
    assert cursors(connection) == {"leaders:SY01": 3}
    identity = read_identity(connection)
    assert identity is not None
    assert identity.scopes == ("leaders:SY01",)


def test_heads_leave_with_the_entries_they_fell_on(connection: Connection, office: Office) -> None:
    """Or they would stand against what a restored server has in their place."""
    office.walk("p1")
    store(connection, office, office.answer())
    assert connection.execute(select(HEAD)).all()
    store(connection, office, office.answer(cursors={}))
    assert connection.execute(select(HEAD)).all() == []


def test_a_scope_that_comes_back_is_filled_again(connection: Connection, office: Office) -> None:
    office.walk("p1")
    store(connection, office, office.answer(cursors={}))
    assert count(connection) == 0
    again = Office(server=office.server, desk=office.desk)
    again.server.entries, again.desk.entries = [], []
    again.found()
    store(connection, again, again.answer())
    assert count(connection) > 10
    assert {row.device for row in connection.execute(select(HEAD.c.device))} >= {SERVER}


def test_cursors_are_kept_with_the_epoch_they_are_of(
    connection: Connection, office: Office, news: Pulled
) -> None:
    store(connection, office, news.model_copy(update={"epoch": "first"}))
    assert read_position(connection) == Position({SCOPE: office.seq}, "first")
    back = news.model_copy(update={"entries": [], "cursors": {SCOPE: 3}, "epoch": "second"})
    store(connection, office, back)
    assert read_position(connection) == Position({SCOPE: 3}, "second")
