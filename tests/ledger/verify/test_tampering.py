"""Take a good journal, change one thing, and it is named exactly."""

from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from ledger.entry import digest
from ledger.rules.people import DeviceSet
from ledger.tables.journal import ENTRY, HEAD
from ledger.verdicts import Reason, Verdict
from ledger.verify import Broken, Fault, verify_journal
from tests.ledger.verify.journals import DESK, PHONE, SERVER, Journal, row_of

CHECK_INS = 9


@pytest.fixture
def journal() -> Journal:
    """Signed after every third check-in of the phone, and after every one of the desk's."""
    return Journal().walk(PHONE, CHECK_INS).walk(DESK, 3, sign_each=1)


@pytest.fixture
def connection(journal: Journal) -> Connection:
    return journal.open()


def row(connection: Connection, device: str, number: int) -> Any:
    query = select(ENTRY).where(ENTRY.c.device == device, ENTRY.c.number == number)
    return connection.execute(query).one()


def change(connection: Connection, device: str, number: int, /, **columns: Any) -> str:
    """Change an entry's columns; returns its id."""
    one = row(connection, device, number)
    connection.execute(update(ENTRY).where(ENTRY.c.id == one.id).values(**columns))
    return one.id


def flipped(data: bytes, place: int = 20) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def broken(connection: Connection) -> Broken | None:
    return verify_journal(connection).broken


def test_a_good_journal_is_good(connection: Connection) -> None:
    report = verify_journal(connection)
    assert report.broken is None
    assert (report.devices, report.entries, report.heads) == (3, 15, 7)
    assert (report.unvouched, report.erased, report.unchecked_heads) == (0, 0, 0)


@pytest.mark.parametrize("number", range(1, CHECK_INS + 1))
def test_one_byte_of_a_header(connection: Connection, number: int) -> None:
    header = flipped(row(connection, PHONE, number).header)
    id = change(connection, PHONE, number, header=header)
    assert broken(connection) == Broken(PHONE, number, id, Fault.HASH)


@pytest.mark.parametrize("number", range(1, CHECK_INS + 1))
def test_one_byte_of_a_hash(connection: Connection, number: int) -> None:
    hash = row(connection, PHONE, number).hash
    id = change(connection, PHONE, number, hash=hash[:-1] + ("0" if hash[-1] != "0" else "1"))
    assert broken(connection) == Broken(PHONE, number, id, Fault.HASH)


@pytest.mark.parametrize("number", range(1, CHECK_INS + 1))
def test_one_byte_of_a_body(connection: Connection, number: int) -> None:
    id = change(connection, PHONE, number, body=flipped(row(connection, PHONE, number).body))
    assert broken(connection) == Broken(PHONE, number, id, Fault.BODY)


@pytest.mark.parametrize("number", range(1, CHECK_INS + 1))
def test_a_header_rewritten_with_its_hash(connection: Connection, number: int) -> None:
    """Whoever can compute a hash still can't make the neighbours name it, nor sign it."""
    header = row(connection, PHONE, number).header.replace(b'"uptime":', b'"uptime":1')
    id = change(connection, PHONE, number, header=header, hash=digest(header))
    fault = Fault.HEAD if number % 3 == 0 else Fault.ALTERED
    assert broken(connection) == Broken(PHONE, number, id, fault)


def test_two_headers_rewritten_to_fit_each_other(connection: Connection) -> None:
    first, second = row(connection, PHONE, 4), row(connection, PHONE, 5)
    header = first.header.replace(b'"uptime":', b'"uptime":1')
    change(connection, PHONE, 4, header=header, hash=digest(header))
    header = second.header.replace(first.hash.encode(), digest(header).encode())
    id = change(connection, PHONE, 5, header=header, hash=digest(header))
    assert broken(connection) == Broken(PHONE, 5, id, Fault.ALTERED)


@pytest.mark.parametrize("number", [3, 6, 9])
@pytest.mark.parametrize("column", ["signature", "hash", "at"])
def test_one_character_of_a_signed_head(connection: Connection, number: int, column: str) -> None:
    on = (HEAD.c.device == PHONE) & (HEAD.c.number == number)
    value = connection.scalar(select(HEAD.c[column]).where(on))
    assert value is not None
    connection.execute(update(HEAD).where(on).values({column: flipped(value.encode()).decode()}))
    id = row(connection, PHONE, number).id
    assert broken(connection) == Broken(PHONE, number, id, Fault.SIGNATURE)


def test_a_head_signed_by_another_device(connection: Connection, journal: Journal) -> None:
    head = journal.devices[DESK].key.sign_head(PHONE, 3, row(connection, PHONE, 3).hash, "now")
    on = (HEAD.c.device == PHONE) & (HEAD.c.number == 3)
    connection.execute(update(HEAD).where(on).values(**head.model_dump()))
    id = row(connection, PHONE, 3).id
    assert broken(connection) == Broken(PHONE, 3, id, Fault.SIGNATURE)


@pytest.mark.parametrize("number", range(1, CHECK_INS + 1))
def test_an_entry_taken_away(connection: Connection, number: int) -> None:
    connection.execute(delete(ENTRY).where(ENTRY.c.id == row(connection, PHONE, number).id))
    assert broken(connection) == Broken(PHONE, number, "", Fault.MISSING)


def test_two_entries_swapped(connection: Connection) -> None:
    second = row(connection, PHONE, 2)
    change(connection, PHONE, 1, number=99)
    change(connection, PHONE, 2, number=1)
    change(connection, PHONE, 99, number=2)
    assert broken(connection) == Broken(PHONE, 1, second.id, Fault.COLUMN, "number")


def test_two_contents_swapped(connection: Connection) -> None:
    first, second = row(connection, PHONE, 1), row(connection, PHONE, 2)
    for one, other in ((first, second), (second, first)):
        contents = {name: getattr(other, name) for name in ("hash", "header", "body")}
        connection.execute(update(ENTRY).where(ENTRY.c.id == one.id).values(**contents))
    assert broken(connection) == Broken(PHONE, 1, first.id, Fault.COLUMN, "id")


@pytest.mark.parametrize(
    "column", ["id", "school", "device", "number", "kind", "subject", "scope", "actor", "at"]
)
def test_a_column_that_contradicts_its_header(connection: Connection, column: str) -> None:
    value: Any = 99 if column == "number" else "zz"
    id = change(connection, PHONE, CHECK_INS, **{column: value})
    found = broken(connection)
    if column in ("device", "number"):
        # It is gone from where it was, and its device's head says so.
        assert found == Broken(PHONE, CHECK_INS, "", Fault.MISSING)
    else:
        expected = "zz" if column == "id" else id
        assert found == Broken(PHONE, CHECK_INS, expected, Fault.COLUMN, column)


@pytest.mark.parametrize("last", [True, False])
def test_a_forged_entry_beside_a_genuine_one(
    connection: Connection, journal: Journal, last: bool
) -> None:
    """It names the right predecessor and comes with a fresh seq; nobody names or signed it."""
    number = CHECK_INS if last else 5
    device = journal.devices[PHONE]
    previous = row(connection, PHONE, number - 1).hash
    forged = device.check_in("p9", number=number, previous=previous)
    connection.execute(insert(ENTRY), row_of(forged, seq=16))
    assert broken(connection) == Broken(PHONE, number, forged.header.id, Fault.SECOND)


def test_a_forged_entry_at_the_end(connection: Connection, journal: Journal) -> None:
    forged = journal.devices[PHONE].check_in("p9")
    connection.execute(insert(ENTRY), row_of(forged, seq=16))
    assert broken(connection) == Broken(PHONE, 10, forged.header.id, Fault.NOBODY_SIGNED)


def test_a_forged_entry_that_fits_nothing(connection: Connection, journal: Journal) -> None:
    forged = journal.devices[PHONE].check_in("p9", previous="ab" * 32)
    connection.execute(insert(ENTRY), row_of(forged, seq=16))
    assert broken(connection) == Broken(PHONE, 10, forged.header.id, Fault.LINK)


def test_a_first_entry_that_names_one_before_it(journal: Journal) -> None:
    journal = Journal()
    entry = journal.add(journal.devices[PHONE].check_in("p1", previous="ab" * 32))
    journal.sign(PHONE)
    assert broken(journal.open()) == Broken(PHONE, 1, entry.header.id, Fault.LINK)


def test_a_key_that_was_exchanged_is_found_where_it_stands(
    connection: Connection, journal: Journal
) -> None:
    """Not at the phone's heads, which no longer verify because of it."""
    introduction = row(connection, SERVER, 2)
    mine, theirs = (journal.devices[one].key.public.encode() for one in (PHONE, DESK))
    id = change(connection, SERVER, 2, body=introduction.body.replace(mine, theirs))
    assert broken(connection) == Broken(SERVER, 2, id, Fault.BODY)


def test_a_forged_introduction_is_found(connection: Connection, journal: Journal) -> None:
    body = bytes(row(connection, SERVER, 2).body)
    phone = journal.devices[PHONE]
    forged = phone.write("device.set", f"device:{DESK}", DeviceSet.model_validate_json(body))
    connection.execute(insert(ENTRY), row_of(forged, seq=16))
    assert broken(connection) == Broken(PHONE, 10, forged.header.id, Fault.NOBODY_SIGNED)


def test_heads_of_a_device_nobody_introduced(journal: Journal) -> None:
    del journal.rows[2]
    journal.rows[2:] = [{**one, "seq": one["seq"] and one["seq"] - 1} for one in journal.rows[2:]]
    connection = journal.open()
    assert broken(connection) == Broken(SERVER, 3, "", Fault.MISSING)
    connection.execute(delete(HEAD).where(HEAD.c.device == SERVER))
    id = row(connection, SERVER, 1).id
    assert broken(connection) == Broken(SERVER, 1, id, Fault.NOBODY_SIGNED)


def test_all_heads_of_a_device_taken_away(connection: Connection) -> None:
    connection.execute(delete(HEAD).where(HEAD.c.device == PHONE))
    id = row(connection, PHONE, 1).id
    assert broken(connection) == Broken(PHONE, 1, id, Fault.NOBODY_SIGNED)


@pytest.mark.parametrize(
    ("columns", "detail"),
    [
        ({"seq": None}, "none"),
        ({"verdict": Verdict.REFUSED.value}, "not accepted"),
        ({"verdict": Verdict.PENDING.value}, "not accepted"),
        ({"verdict": Verdict.HELD.value}, "not accepted"),
    ],
)
def test_a_seq_that_does_not_fit_the_verdict(
    connection: Connection, columns: dict[str, Any], detail: str
) -> None:
    id = change(connection, PHONE, 4, **columns)
    assert broken(connection) == Broken(PHONE, 4, id, Fault.SEQ, detail)


def test_a_verdict_that_is_none(connection: Connection) -> None:
    id = change(connection, PHONE, 4, verdict="maybe")
    assert broken(connection) == Broken(PHONE, 4, id, Fault.COLUMN, "verdict")


def test_a_gap_in_the_schools_history(connection: Connection) -> None:
    id = change(connection, PHONE, 4, seq=40)
    found = broken(connection)
    after = row(connection, PHONE, 5)
    assert after.seq == 8
    assert found == Broken(PHONE, 5, after.id, Fault.SEQ, "8 after 6")
    change(connection, PHONE, 5, seq=7)
    change(connection, PHONE, 4, seq=8)
    assert broken(connection) is None, "their order among each other nobody signed"
    change(connection, PHONE, 4, verdict="refused", seq=None)
    assert broken(connection) == Broken(
        PHONE, 6, row(connection, PHONE, 6).id, Fault.SEQ, "9 after 7"
    )
    assert id == row(connection, PHONE, 4).id


@pytest.mark.parametrize(
    "excuse",
    [
        {"verdict": "refused", "reason": Reason.CHAIN_FORKED.value, "seq": None},
        {"verdict": "held", "reason": Reason.EARLIER_MISSING.value, "seq": None},
    ],
)
def test_an_excuse_written_into_the_table_is_no_way_out(
    connection: Connection, excuse: dict[str, Any]
) -> None:
    """A verdict is not signed: but whoever changes one leaves a hole elsewhere."""
    change(connection, PHONE, 4, **excuse)
    assert broken(connection) is not None


def test_the_first_broken_entry_is_named_when_there_are_many(connection: Connection) -> None:
    for number in (8, 5, 7):
        change(connection, PHONE, number, body=b"{}")
    assert broken(connection) == Broken(PHONE, 5, row(connection, PHONE, 5).id, Fault.BODY)


@pytest.mark.parametrize(("column", "fault"), [("header", Fault.HASH), ("body", Fault.BODY)])
def test_text_written_by_hand_where_bytes_were(
    connection: Connection, column: str, fault: Fault
) -> None:
    """What a plain SQL UPDATE leaves behind."""
    one = row(connection, PHONE, 4)
    altered = getattr(one, column).decode().replace('"', "'", 1)
    connection.exec_driver_sql(f"UPDATE entry SET {column} = ? WHERE id = ?", (altered, one.id))
    assert broken(connection) == Broken(PHONE, 4, one.id, fault)
