"""Entries nobody honest writes: each gets its answer, and the ones behind it go on."""

import httpx
import pytest

from ledger.codes import typed_code
from ledger.entry import START_HASH, digest
from ledger.rules.checkins import LabelRead, Method
from ledger.rules.places import Label, LabelIssued
from ledger.rules.registry import BY_PREFIX
from ledger.rules.rounds import RoundRule
from ledger.wire.journal import Push, SentEntry
from server.district import District
from tests.devices import check_in_body, sent
from tests.server.school import PRINCIPAL, SCHOOL, TEACHER, TOKENS, admit
from tests.server.test_pull import pull
from tests.server.test_push import Admitted, push, verdicts

DAY = "2026-03-02"
ROUND = f"round:daily:{DAY}:0"


@pytest.fixture
def phone(district: District) -> Admitted:
    return admit(district, TEACHER)


def raw(header: str, body: str = "{}") -> SentEntry:
    return SentEntry(header=header, body=body)


async def test_characters_a_database_cannot_hold(client: httpx.AsyncClient, phone: Admitted):
    device, _ = phone
    noted = check_in_body("p1", DAY).model_copy(update={"note": "a\0b"})
    device.write("checkin.recorded", ROUND, noted)
    device.write("checkin.recorded", "round:\0", check_in_body("p1", DAY))
    quoted = check_in_body("p1", DAY).model_copy(update={"note": "\\u0000"})
    device.write("checkin.recorded", ROUND, quoted)
    assert verdicts(await push(client, phone)) == ["unreadable", "unreadable", "accepted"]


async def test_numbers_no_database_holds(client: httpx.AsyncClient, phone: Admitted):
    device, _ = phone
    header = device.check_in("p1").header_bytes.decode().replace('"number":1', f'"number":{2**70}')
    device.entries.clear()
    after = device.check_in("p2", number=2, previous=digest(header.encode()))
    message = Push(head=device.head_of([after]), entries=[raw(header), sent(after)])
    assert verdicts(await push(client, phone, message)) == ["unreadable", "accepted"]
    round_of_millions = f"round:daily:{DAY}:{'9' * 80}"
    device.write("checkin.recorded", round_of_millions, check_in_body("p1", DAY))
    device.check_in("p3")
    pushed = await push(client, phone, device.push_of(device.entries[1:]))
    assert verdicts(pushed) == ["rule_broken", "accepted"]


async def test_a_stretch_of_rubbish_is_passed_over_as_a_whole(
    client: httpx.AsyncClient, phone: Admitted
):
    device, _ = phone
    rubbish = [raw("rubbish 1"), raw("rubbish 2")]
    after = device.check_in("p1", number=3, previous=digest(b"rubbish 2"))
    message = Push(head=device.head_of([after]), entries=[*rubbish, sent(after)])
    pushed = await push(client, phone, message)
    assert verdicts(pushed) == ["unreadable", "unreadable", "accepted"]
    assert (await push(client, phone, message)).receipts == pushed.receipts


async def test_rubbish_nobody_names_does_not_take_an_honest_entrys_place(
    client: httpx.AsyncClient, phone: Admitted
):
    device, _ = phone
    first, second = device.check_in("p1"), device.check_in("p2")
    message = Push(head=device.head_of([second]), entries=[raw("rubbish"), sent(second)])
    assert verdicts(await push(client, phone, message)) == ["unreadable", "earlier_missing"]
    assert verdicts(await push(client, phone, device.push_of([first]))) == ["accepted"]
    assert verdicts(await push(client, phone)) == ["accepted", "accepted"]


async def test_an_id_that_is_taken_and_an_entry_of_somebody_else(
    client: httpx.AsyncClient, phone: Admitted, district: District
):
    mine = phone[0].check_in("p1")
    await push(client, phone)
    for _ in range(2):  # two thieves of the same entry must not stumble over each other
        thief = admit(district, TEACHER)
        thief[0].entries.append(mine)
        assert verdicts(await push(client, thief)) == ["already_exists"]
        thief[0].check_in("p1", id=mine.header.id)
        pushed = await push(client, thief)
        assert verdicts(pushed) == ["already_exists", "already_exists"]
        assert [one.id for one in pushed.receipts] == [mine.header.id] * 2
    assert verdicts(await push(client, phone)) == ["accepted"]


async def test_a_chain_that_starts_twice(client: httpx.AsyncClient, phone: Admitted):
    device, _ = phone
    one = device.check_in("p1")
    two = device.check_in("p2", number=1, previous=START_HASH)
    pushed = await push(client, phone, device.push_of([one, two]))
    assert verdicts(pushed) == ["accepted", "chain_forked"]


async def test_a_rule_that_stumbles_holds_the_entry_and_keeps_its_state(
    client: httpx.AsyncClient,
    phone: Admitted,
    district: District,
    monkeypatch: pytest.MonkeyPatch,
):
    device, _ = phone
    honest = RoundRule.apply

    def stumbles(self: RoundRule, state: object, submission: object) -> None:
        honest(self, state, submission)  # type: ignore[arg-type]
        if submission.entry.header.number == 2:  # type: ignore[attr-defined]
            raise ArithmeticError

    assert isinstance(BY_PREFIX["round"], RoundRule)
    with monkeypatch.context() as faulty:
        faulty.setattr(RoundRule, "apply", stumbles)
        for point in ("p1", "p2", "p3"):
            device.check_in(point)
        pushed = await push(client, phone)
        assert verdicts(pushed) == ["accepted", "rule_fault", "accepted"]
        assert [receipt.seq for receipt in pushed.receipts if receipt.seq][-1] - 1 in {
            receipt.seq for receipt in pushed.receipts
        }, "no place in the history is left empty"
    # The next version starts: the fault was ours, and the entry is judged again.
    district.journal.catch_up()
    assert verdicts(await push(client, phone)) == ["accepted", "accepted", "accepted"]


async def test_records_that_cannot_be_made_block_nobody(
    client: httpx.AsyncClient, phone: Admitted, monkeypatch: pytest.MonkeyPatch
):
    device, _ = phone
    with monkeypatch.context() as faulty:
        faulty.setattr(RoundRule, "records", lambda self, state: {"checkin": [][1]})
        device.check_in("p1")
        assert verdicts(await push(client, phone)) == ["accepted"]
    device.check_in("p2")
    assert verdicts(await push(client, phone)) == ["accepted", "accepted"]


async def test_an_accepted_entry_the_next_version_stumbles_over_blocks_nobody(
    client: httpx.AsyncClient,
    phone: Admitted,
    district: District,
    monkeypatch: pytest.MonkeyPatch,
):
    device, _ = phone
    device.check_in("p1")
    assert verdicts(await push(client, phone)) == ["accepted"]
    first = device.entries[0].header.id
    honest = RoundRule.apply

    def stumbles(self: RoundRule, state: object, submission: object) -> None:
        if submission.entry.header.id == first:  # type: ignore[attr-defined]
            raise KeyError
        honest(self, state, submission)  # type: ignore[arg-type]

    monkeypatch.setattr(RoundRule, "apply", stumbles)
    district.journal._states.forget(SCHOOL)
    device.check_in("p2")
    assert verdicts(await push(client, phone)) == ["accepted", "accepted"]


async def test_a_kind_of_another_duty_cannot_use_a_rounds_subject(
    client: httpx.AsyncClient, district: District
):
    desk = admit(district, PRINCIPAL)
    desk[0].write("checkin.recorded", "staff:t1", check_in_body("p1", DAY))
    assert verdicts(await push(client, desk)) == ["rule_broken"]
    assert (await pull(client, desk)).number == 1


async def test_kinds_of_a_newer_version_are_judged_after_the_upgrade(
    client: httpx.AsyncClient,
    phone: Admitted,
    district: District,
    monkeypatch: pytest.MonkeyPatch,
):
    from ledger.rules.registry import BY_KIND

    device, _ = phone
    device.check_in("p1")
    with monkeypatch.context() as older:
        older.delitem(BY_KIND, "checkin.recorded")
        assert verdicts(await push(client, phone)) == ["unknown_kind"]
    district.journal.catch_up()
    assert verdicts(await push(client, phone)) == ["accepted"]


async def test_a_label_of_other_characters_keeps_nobody_from_typing(
    client: httpx.AsyncClient, phone: Admitted, district: District
):
    """Void labels are held against every code that is typed."""
    desk = admit(district, PRINCIPAL)
    for version, token in enumerate(("中" * 10, "BBBBBBBBB2"), start=2):
        issued = LabelIssued(label=Label(version=version, token=token, typed=f"0000000{version}"))
        desk[0].write("label.issued", "point:p3", issued)
    assert verdicts(await push(client, desk)) == ["accepted", "accepted"]
    typed = LabelRead(method=Method.TYPED, typed=typed_code(TOKENS["p1"]))
    body = check_in_body("p1", DAY).model_copy(update={"label": typed})
    phone[0].write("checkin.recorded", ROUND, body)
    assert verdicts(await push(client, phone)) == ["accepted"]
