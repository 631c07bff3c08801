"""A device that lost part of its chain goes on only where no number could be used twice."""

from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from client.store.errors import NotGenuine
from client.store.own_chain import (
    check_own,
    judge_chain,
    last_number,
    note_exported,
    take_back,
)
from client.store.rescue.note import ChainState, chain_state
from client.store.verdicts import keep_receipts
from ledger.chain import Link
from ledger.entry import Entry
from ledger.keys import DeviceKey
from ledger.tables.journal import ENTRY
from ledger.verdicts import Reason, Verdict
from ledger.wire.journal import OwnEntry, Receipt
from tests.client.store.office import PHONE, SEVEN, Office, check_in
from tests.devices import sent

KEY = DeviceKey.generate()


@pytest.fixture
def entries(connection: Connection, office: Office) -> list[Entry]:
    return [check_in(connection, office, f"p{number % 4 + 1}") for number in range(6)]


@pytest.fixture
def sent_four(connection: Connection, office: Office, entries: list[Entry]) -> Link:
    """The server has answered for the first four."""
    receipts = [one.receipt for one in given(office, entries[:4])]
    keep_receipts(connection, office.identity, receipts)
    return end_of(entries[3])


def lose(connection: Connection, *entries: Entry) -> None:
    ids = [one.header.id for one in entries]
    connection.execute(delete(ENTRY).where(ENTRY.c.id.in_(ids)))


def given(office: Office, entries: list[Entry], **receipt: Any) -> list[OwnEntry]:
    found = []
    for entry in entries:
        office.seq += 1
        said = {"verdict": Verdict.ACCEPTED, "seq": office.seq, **receipt}
        plain = sent(entry)
        answer = Receipt(id=entry.header.id, **said)
        found.append(OwnEntry(header=plain.header, body=plain.body, receipt=answer))
    return found


def end_of(entry: Entry) -> Link:
    return Link(entry.header.number, entry.hash)


def heads(*entries: Entry, key: DeviceKey = KEY):
    at = SEVEN.isoformat()
    return [key.sign_head(PHONE, one.header.number, one.hash, at) for one in entries]


def back(office: Office, entries: list[Entry], key: DeviceKey = KEY):
    last = entries[-1]
    return check_own(given(office, entries), heads(last, key=key), end_of(last), PHONE, KEY.public)


def test_what_was_lost_and_sent_is_back_and_the_chain_goes_on(
    connection: Connection, office: Office, entries: list[Entry]
) -> None:
    lose(connection, *entries[1:3])
    take_back(connection, office.identity, back(office, entries[:4]))
    assert chain_state(connection) is ChainState.SOUND
    rows = connection.execute(select(ENTRY.c.id, ENTRY.c.verdict).where(ENTRY.c.device == PHONE))
    verdicts = {row.id: row.verdict for row in rows}
    said = [verdicts[one.header.id] for one in entries]
    assert said == [Verdict.ACCEPTED] * 4 + [Verdict.PENDING] * 2


@pytest.mark.parametrize("place", [0, 2, 4])
def test_rubbish_that_an_older_server_keeps_beside_the_chain_is_passed_over(
    office: Office, entries: list[Entry], place: int
) -> None:
    told = given(office, entries[:4])
    receipt = Receipt(id="x", verdict=Verdict.REFUSED, reason=Reason.UNREADABLE)
    told.insert(place, OwnEntry(header="rubbish", body="{}", receipt=receipt))
    returned = check_own(told, heads(entries[3]), end_of(entries[3]), PHONE, KEY.public)
    assert returned.entries == entries[:4]
    assert [one.id for one in returned.receipts] == [one.header.id for one in entries[:4]]
    assert last_number(told) == 4


def test_a_hole_in_what_was_not_sent_ends_the_chain(
    connection: Connection, office: Office, entries: list[Entry]
) -> None:
    lose(connection, entries[4])
    take_back(connection, office.identity, back(office, entries[:4]))
    assert chain_state(connection) is ChainState.BROKEN


def test_a_lost_end_that_nobody_ever_saw_is_no_hole(
    connection: Connection, sent_four: Link, entries: list[Entry]
) -> None:
    lose(connection, *entries[4:])
    assert judge_chain(connection, PHONE, sent_four) is ChainState.SOUND


def test_a_lost_end_that_left_in_a_bundle_ends_the_chain(
    connection: Connection, sent_four: Link, entries: list[Entry]
) -> None:
    note_exported(connection, 6)
    assert judge_chain(connection, PHONE, sent_four) is ChainState.SOUND
    lose(connection, entries[5])
    assert judge_chain(connection, PHONE, sent_four) is ChainState.BROKEN


def test_a_number_used_for_something_else_ends_the_chain(
    connection: Connection, office: Office, entries: list[Entry]
) -> None:
    """An older database was put back, and written on before there was a network."""
    lose(connection, *entries[3:])
    other = check_in(connection, office, "p4")
    assert other.header.number == entries[3].header.number
    take_back(connection, office.identity, back(office, entries))
    assert chain_state(connection) is ChainState.BROKEN


def test_a_fork_the_server_refused_ends_the_chain(
    connection: Connection, sent_four: Link, entries: list[Entry]
) -> None:
    connection.execute(
        update(ENTRY)
        .where(ENTRY.c.id == entries[5].header.id)
        .values(verdict=Verdict.REFUSED.value, reason=Reason.CHAIN_FORKED.value)
    )
    assert judge_chain(connection, PHONE, sent_four) is ChainState.BROKEN


def test_a_server_can_put_no_words_in_our_mouth(
    connection: Connection, office: Office, entries: list[Entry]
) -> None:
    """What did not lead to a head of our own key is not ours."""
    last = end_of(entries[-1])
    with pytest.raises(NotGenuine, match="signature"):
        back(office, entries, key=DeviceKey.generate())
    with pytest.raises(NotGenuine, match="signature"):
        check_own(given(office, entries), heads(entries[2]), last, PHONE, KEY.public)
    with pytest.raises(NotGenuine, match="end"):
        check_own(given(office, entries[:3]), heads(entries[2]), last, PHONE, KEY.public)
    with pytest.raises(NotGenuine, match="gap"):
        check_own(given(office, entries[1:]), heads(entries[-1]), last, PHONE, KEY.public)
    foreign = given(office, entries)
    altered = foreign[2].model_copy(update={"body": '{"note":"!"}'})
    with pytest.raises(NotGenuine, match="body"):
        check_own(
            [*foreign[:2], altered, *foreign[3:]], heads(entries[-1]), last, PHONE, KEY.public
        )
