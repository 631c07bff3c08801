"""What an honest journal may look like, on a server and on a phone."""

import pytest
from sqlalchemy import create_engine, delete, insert, select, text, update

from ledger.entry import digest
from ledger.keys import DeviceKey
from ledger.rules.people import DeviceSet
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Reason, Verdict
from ledger.verify import Broken, Fault, NotAJournal, verify_journal
from ledger.verify.journal import PAGE_ROWS
from tests.ledger.verify.journals import DESK, PHONE, SCHOOL, SERVER, Journal, row_of

ACCEPTED, REFUSED, HELD, PENDING = (
    Verdict.ACCEPTED,
    Verdict.REFUSED,
    Verdict.HELD,
    Verdict.PENDING,
)


def test_erased_bodies_leave_the_chain_whole() -> None:
    connection = Journal().walk(PHONE, 6).open()
    connection.execute(update(ENTRY).where(ENTRY.c.device == PHONE).values(body=None))
    report = verify_journal(connection)
    assert report.broken is None
    assert report.erased == 6


def test_refused_entries_keep_their_place_in_the_chain() -> None:
    journal = Journal()
    phone = journal.devices[PHONE]
    journal.add(phone.check_in("p1"))
    journal.add(phone.check_in("p2"), REFUSED, reason=Reason.NOT_ALLOWED.value)
    journal.add(phone.check_in("p3"))
    journal.sign(PHONE)
    assert verify_journal(journal.open()).broken is None


@pytest.mark.parametrize(
    ("field", "reason"),
    [("school", Reason.WRONG_SCHOOL), ("device", Reason.WRONG_AUTHOR)],
)
def test_a_server_keeps_what_it_refused_under_its_sender(field: str, reason: Reason) -> None:
    journal = Journal()
    entry = journal.devices[PHONE].check_in("p1", **{field: "other"})
    sender = {"school": SCHOOL, "device": PHONE}
    journal.add(entry, REFUSED, reason=reason.value, **sender)
    journal.sign(PHONE)
    assert verify_journal(journal.open()).broken is None


def test_a_server_keeps_a_body_it_refused_as_altered() -> None:
    journal = Journal()
    entry = journal.devices[PHONE].check_in("p1")
    journal.add(entry, REFUSED, reason=Reason.BODY_ALTERED.value, body=b"{}")
    journal.sign(PHONE)
    assert verify_journal(journal.open()).broken is None


def test_a_server_keeps_an_unreadable_header_in_its_place() -> None:
    journal = Journal()
    phone = journal.devices[PHONE]
    journal.add(phone.check_in("p1"))
    hash = digest(b"\xff no header")
    opaque = dict.fromkeys(("kind", "subject", "scope", "actor", "at"), "")
    opaque |= {"hash": hash, "id": f"{hash}@{PHONE}", "header": b"\xff no header"}
    journal.add(phone.check_in("p2"), REFUSED, reason=Reason.UNREADABLE.value, body=b"{", **opaque)
    journal.add(phone.check_in("p3", previous=hash))
    journal.sign(PHONE)
    connection = journal.open()
    assert verify_journal(connection).broken is None
    changed = {"header": b"\xff other header", "hash": digest(b"\xff other header")}
    connection.execute(update(ENTRY).where(ENTRY.c.hash == hash).values(**changed))
    assert verify_journal(connection).broken == Broken(PHONE, 2, f"{hash}@{PHONE}", Fault.ALTERED)


def test_a_server_keeps_forks_beside_the_chain() -> None:
    journal = Journal().walk(PHONE, 6)
    phone = journal.devices[PHONE]
    genuine = list(phone.entries)
    phone.entries = genuine[:3]
    for point in ("p8", "p9"):
        journal.add(phone.check_in(point), REFUSED, reason=Reason.CHAIN_FORKED.value)
    head = phone.head_of(phone.entries)
    assert head.number == 5, "the fork's head comes to lie where the chain had none"
    journal.heads.append(head)
    report = verify_journal(journal.open())
    assert report.broken is None
    assert report.entries == 11


def test_a_server_holds_what_came_too_early() -> None:
    journal = Journal().walk(PHONE, 3)
    phone = journal.devices[PHONE]
    phone.check_in("lost")
    for _ in range(2):
        journal.add(phone.check_in("p5"), HELD, reason=Reason.EARLIER_MISSING.value)
    journal.sign(PHONE)
    connection = journal.open()
    assert verify_journal(connection).broken is None
    connection.execute(update(ENTRY).where(ENTRY.c.number == 6).values(reason="unknown_point"))
    assert verify_journal(connection).broken == Broken(PHONE, 4, "", Fault.MISSING)


def test_the_servers_counter_must_stand_at_the_newest() -> None:
    connection = Journal().walk(PHONE, 3).open()
    connection.execute(text("CREATE TABLE counter (school TEXT, seq INTEGER)"))
    connection.execute(text("INSERT INTO counter VALUES (:school, 6)"), {"school": SCHOOL})
    assert verify_journal(connection).broken is None
    connection.execute(text("UPDATE counter SET seq = 8"))
    broken = verify_journal(connection).broken
    assert broken == Broken("", 0, "", Fault.SEQ, f"{SCHOOL}: 6 of 8")


def test_a_phone_lacks_what_it_may_not_read() -> None:
    missing = [(DESK, number) for number in (1, 4, 5, 9)] + [(SERVER, 3)]
    connection = Journal().walk(PHONE, 3).walk(DESK, 9).open_as(PHONE, missing)
    report = verify_journal(connection)
    assert not report.whole
    assert report.broken is None
    assert report.entries == 10
    assert report.unchecked_heads == 2, "the desk was introduced by what is missing"


def test_a_phone_verifies_the_links_it_has() -> None:
    connection = Journal().walk(DESK, 9).open_as(PHONE, [(DESK, 2)])
    entry = connection.execute(
        select(ENTRY).where(ENTRY.c.device == DESK, ENTRY.c.number == 4)
    ).one()
    header = entry.header.replace(b'"uptime":', b'"uptime":1')
    connection.execute(
        update(ENTRY).where(ENTRY.c.id == entry.id).values(header=header, hash=digest(header))
    )
    assert verify_journal(connection).broken == Broken(DESK, 4, entry.id, Fault.ALTERED)


def test_a_phones_own_entries_must_all_be_there() -> None:
    connection = Journal().walk(PHONE, 9).open_as(PHONE, [(PHONE, 5)])
    assert verify_journal(connection).broken == Broken(PHONE, 5, "", Fault.MISSING)


def test_what_a_phone_has_yet_to_send_is_signed_by_nobody() -> None:
    journal = Journal().walk(PHONE, 3)
    phone = journal.devices[PHONE]
    for _ in range(4):
        journal.add(phone.check_in("p1"), PENDING)
    connection = journal.open_as(PHONE)
    report = verify_journal(connection)
    assert report.broken is None
    assert report.unvouched == 4
    forged = phone.check_in("p2")
    connection.execute(insert(ENTRY), row_of(forged, seq=99))
    connection.execute(update(ENTRY).where(ENTRY.c.verdict == "pending").values(verdict="held"))
    first = phone.entries[3].header.id
    assert verify_journal(connection).broken == Broken(PHONE, 4, first, Fault.NOBODY_SIGNED)


def test_the_pinned_server_key_counts_and_not_one_the_journal_brings() -> None:
    journal = Journal()
    journal.devices[SERVER].key = journal.devices[DESK].key
    connection = journal.open_as(PHONE)
    id = connection.scalar(select(ENTRY.c.id).where(ENTRY.c.number == 3))
    assert verify_journal(connection).broken == Broken(SERVER, 3, id or "", Fault.SIGNATURE)


def test_a_device_that_was_given_a_new_key_is_believed_with_both() -> None:
    journal = Journal().walk(PHONE, 3)
    phone, server = journal.devices[PHONE], journal.devices[SERVER]
    phone.key = DeviceKey.generate()
    body = DeviceSet(name="phone", actor=phone.actor, public_key=phone.key.public)
    journal.add(server.write("device.set", f"device:{PHONE}", body))
    journal.sign(SERVER)
    journal.add(phone.check_in("p1"))
    journal.sign(PHONE)
    assert verify_journal(journal.open()).broken is None


def test_an_empty_journal_is_good() -> None:
    journal = Journal()
    connection = journal.open()
    connection.execute(delete(ENTRY))
    connection.execute(delete(HEAD))
    report = verify_journal(connection)
    assert report.broken is None
    assert report.entries == 0


def test_a_journal_of_many_pages_is_read_to_its_end() -> None:
    journal = Journal().walk(PHONE, 2 * PAGE_ROWS + 1, sign_each=1)
    connection = journal.open()
    report = verify_journal(connection)
    assert report.broken is None
    assert report.entries == 2 * PAGE_ROWS + 4
    assert report.heads == 2 * PAGE_ROWS + 2
    last = journal.rows[-1]["id"]
    connection.execute(update(ENTRY).where(ENTRY.c.id == last).values(body=b"{}"))
    assert verify_journal(connection).broken == Broken(PHONE, 4001, last, Fault.BODY)


@pytest.mark.parametrize(
    "statements",
    [
        [],
        ["CREATE TABLE entry (id TEXT)", "CREATE TABLE head (device TEXT)"],
        ["CREATE TABLE moz_places (id INTEGER)"],
    ],
)
def test_another_database_is_no_journal(statements: list[str]) -> None:
    connection = create_engine("sqlite://").connect()
    for statement in statements:
        connection.execute(text(statement))
    with pytest.raises(NotAJournal):
        verify_journal(connection)
