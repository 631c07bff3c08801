"""A real server's journal verifies after everything phones can send, on both databases."""

import pytest
from sqlalchemy import delete, select, update

from ledger.command import main
from ledger.entry import Entry, digest
from ledger.rules.people import StaffSet
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Reason, Verdict
from ledger.wire.journal import Push, SentEntry
from server.district import District
from server.journal.append import Sender
from server.journal.push import push
from server.settings import Settings
from tests.devices import TestDevice, check_in_body, sent
from tests.server.school import SCHOOL, TEACHER, admit


def send(district: District, device: TestDevice, entries: list[Entry]) -> list[str]:
    return deliver(district, device, device.push_of(entries))


def deliver(district: District, device: TestDevice, message: Push) -> list[str]:
    sender = Sender(SCHOOL, device.id, TEACHER)
    receipts = push(district.journal, sender, message).receipts
    return [one.reason or one.verdict for one in receipts]


@pytest.fixture
def phone(district: District) -> TestDevice:
    """It sent what a server answers in every way there is."""
    phone, _ = admit(district, TEACHER)
    send(district, phone, [phone.check_in(f"p{n}") for n in (1, 2, 3)])
    refused = [
        phone.write("staff.set", "staff:t9", StaffSet(name="朋友")),
        phone.check_in("nowhere"),
        phone.check_in("p1", school="other"),
        phone.check_in("p1", device="other"),
        phone.check_in("p1", id=phone.entries[0].header.id),
        phone.check_in("p2"),
    ]
    answers = send(district, phone, refused)
    assert answers[-1] == Verdict.ACCEPTED
    assert Verdict.ACCEPTED not in answers[:-1]
    altered, after = phone.check_in("p1"), phone.check_in("p2")
    other = check_in_body("p2", "2026-03-02").model_dump_json(exclude_defaults=True)
    batch = [sent(altered).model_copy(update={"body": other}), sent(after)]
    message = Push(head=phone.head_of(phone.entries), entries=batch)
    assert deliver(district, phone, message) == [Reason.BODY_ALTERED, Verdict.ACCEPTED]
    return phone


def test_a_journal_of_all_verdicts_is_intact(
    district: District, phone: TestDevice, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", settings.database_url]) == 0, capsys.readouterr().out
    assert "is intact" in capsys.readouterr().out


def test_forks_early_and_unreadable_entries_break_nothing(
    district: District, phone: TestDevice, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    genuine = list(phone.entries)
    phone.entries = genuine[:4]
    fork = [phone.check_in("p3"), phone.check_in("p3")]
    assert set(send(district, phone, fork)) == {Reason.CHAIN_FORKED}
    phone.entries = genuine
    lost, *early = [phone.check_in("p1") for _ in range(3)]
    assert set(send(district, phone, early)) == {Reason.EARLIER_MISSING}
    assert main(["verify", settings.database_url]) == 0, capsys.readouterr().out
    assert send(district, phone, [lost]) == [Verdict.ACCEPTED]
    unreadable = SentEntry(header='{"id": 1}', body=None)
    phone.check_in("p2")
    hash = digest(unreadable.header.encode())
    last = phone.check_in("p3", previous=hash)
    message = Push(head=phone.head_of([last]), entries=[unreadable, sent(last)])
    assert deliver(district, phone, message) == [Reason.UNREADABLE, Verdict.ACCEPTED]
    assert main(["verify", settings.database_url]) == 0, capsys.readouterr().out


def test_a_row_changed_by_hand_is_named(
    district: District, phone: TestDevice, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = phone.entries[1].header
    with district.database.write() as connection:
        connection.execute(update(ENTRY).where(ENTRY.c.id == entry.id).values(actor="principal"))
    assert main(["verify", settings.database_url]) == 1
    assert f"entry 2 of device {phone.id} ({entry.id})" in capsys.readouterr().out


def test_a_row_deleted_by_hand_is_named(
    district: District, phone: TestDevice, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with district.database.write() as connection:
        connection.execute(delete(ENTRY).where(ENTRY.c.id == phone.entries[1].header.id))
    assert main(["verify", settings.database_url]) == 1
    assert f"entry 2 of device {phone.id}: it is missing" in capsys.readouterr().out


def test_the_end_deleted_with_everything_that_speaks_of_it_is_noticed(
    district: District, phone: TestDevice, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without its head nothing in the chain misses the last entry; the school's counter does."""
    with district.database.write() as connection:
        numbers = select(ENTRY.c.id).where(ENTRY.c.device == phone.id)
        assert len(connection.scalars(numbers).all()) == 11
        connection.execute(delete(ENTRY).where(ENTRY.c.device == phone.id, ENTRY.c.number > 9))
        connection.execute(delete(HEAD).where(HEAD.c.device == phone.id, HEAD.c.number > 9))
    assert main(["verify", settings.database_url]) == 1
    assert "accepted entries are missing" in capsys.readouterr().out


@pytest.mark.postgres
def test_a_postgresql_without_a_journal(
    postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", postgres_url]) == 2
    assert "holds no journal" in capsys.readouterr().err
