"""What goes to the server is what was written, oldest first, and again when it has lost some."""

from sqlalchemy import Connection

from client.store.outgoing import keep_head, next_outgoing, outgoing_from
from client.store.verdicts import keep_receipts
from ledger.verdicts import Reason, Verdict
from ledger.wire.journal import PUSH_LIMIT_ENTRIES
from tests.client.store.office import PHONE, Office, check_in, receipt


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


def test_heads_are_kept_once(connection: Connection, office: Office) -> None:
    entry = check_in(connection, office, "p1")
    head = office.desk.key.sign_head(PHONE, 1, entry.hash, "2026-03-02T07:00:00+08:00")
    keep_head(connection, head)
    keep_head(connection, head.model_copy(update={"at": "2027-03-02T07:00:00+08:00"}))
