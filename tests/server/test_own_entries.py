"""A device that lost its journal gets its own entries back, and a new key when it needs one."""

import httpx
import pytest

from client.store.own_chain import check_own
from ledger.chain import Link
from ledger.entry import digest
from ledger.keys import DeviceKey
from ledger.verdicts import Reason, Verdict
from ledger.wire.accounts import Enrolled, Successor, successor_text
from ledger.wire.journal import OwnAsked, OwnHeld, Push, SentEntry
from ledger.wire.problems import ProblemCode
from server.accounts.enrolment import revoke_device
from server.district import District
from server.journal import outgoing
from tests.devices import TestDevice, check_in_body, sent
from tests.server.school import SCHOOL, TEACHER, admit
from tests.server.test_push import Admitted, push


@pytest.fixture
def phone(district: District) -> Admitted:
    return admit(district, TEACHER)


async def own(client: httpx.AsyncClient, admitted: Admitted, **message: int) -> OwnHeld:
    answer = await client.post(
        "/v1/own",
        content=OwnAsked.model_validate(message).model_dump_json(),
        headers={"Authorization": f"Bearer {admitted[1].access_token}"},
    )
    assert answer.status_code == 200, answer.text
    return OwnHeld.model_validate_json(answer.content)


async def test_everything_it_sent_comes_back_with_its_answer_and_under_its_own_signature(
    client: httpx.AsyncClient, phone: Admitted
) -> None:
    device = phone[0]
    device.check_in("p1")
    device.check_in("nowhere")
    device.write("staff.set", "staff:x", check_in_body("p1", "2026-03-02"))
    await push(client, phone)
    device.check_in("p2")
    await push(client, phone)
    given, heads, after = [], [], 0
    while True:
        page = await own(client, phone, after=after, limit=2)
        given, heads = given + page.entries, heads + page.heads
        if not page.more:
            break
        after = len(given)
    back = check_own(given, heads, Link(page.number, page.hash), device.id, device.key.public)
    assert [one.header_bytes for one in back.entries] == [
        one.header_bytes for one in device.entries
    ]
    verdicts = [one.verdict for one in back.receipts]
    assert verdicts == [Verdict.ACCEPTED, Verdict.HELD, Verdict.REFUSED, Verdict.ACCEPTED]


async def test_a_page_ends_where_it_grows_too_large(
    client: httpx.AsyncClient, phone: Admitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        phone[0].check_in("p1")
    await push(client, phone)
    size = max(len(one.header_bytes) + len(one.body_bytes or b"") for one in phone[0].entries)
    for limit, most in ((2 * size, 2), (1, 1)):
        monkeypatch.setattr(outgoing, "PAGE_LIMIT_BYTES", limit)
        given: list[str] = []
        more = True
        while more:
            page = await own(client, phone, after=len(given))
            assert 0 < len(page.entries) <= most
            assert len(page.heads) <= len(page.entries)
            given += [one.header for one in page.entries]
            more = page.more
        assert given == [one.header_bytes.decode() for one in phone[0].entries]


async def test_nobody_elses_and_no_forks_come_along(
    client: httpx.AsyncClient, phone: Admitted, district: District
) -> None:
    other = admit(district, TEACHER)
    other[0].check_in("p1")
    await push(client, other)
    device = phone[0]
    device.check_in("p1")
    await push(client, phone)
    forked = TestDevice(SCHOOL, TEACHER, device.id, device.key)
    forked.check_in("p2")
    pushed = await push(client, (forked, phone[1]))
    assert pushed.receipts[0].reason is Reason.CHAIN_FORKED
    held = await own(client, phone)
    assert [one.receipt.id for one in held.entries] == [device.entries[0].header.id]


async def test_rubbish_that_stands_beside_an_entry_stays_away(
    client: httpx.AsyncClient, phone: Admitted
) -> None:
    device = phone[0]
    first, second, third = (device.check_in(f"p{number}") for number in (1, 2, 3))
    rubbish = [SentEntry(header=f"rubbish {number}", body="{}") for number in range(2)]
    beside = Push(head=device.head_of([second]), entries=[*rubbish, sent(second)])
    await push(client, phone, beside)
    await push(client, phone, device.push_of([first]))
    await push(client, phone, device.push_of([first, second, third]))
    given, heads = [], []
    while True:
        page = await own(client, phone, after=len(given), limit=1)
        given, heads = given + page.entries, heads + page.heads
        if not page.more:
            break
    back = check_own(given, heads, Link(page.number, page.hash), device.id, device.key.public)
    assert back.entries == [first, second, third]


async def test_rubbish_that_an_entry_names_keeps_its_place(
    client: httpx.AsyncClient, phone: Admitted
) -> None:
    device = phone[0]
    third = device.check_in("p1", number=3, previous=digest(b"rubbish 2"))
    for between in ("rubbish beside", "rubbish 2"):
        entries = [SentEntry(header=one, body="{}") for one in ("rubbish 1", between)]
        message = Push(head=device.head_of([third]), entries=[*entries, sent(third)])
        await push(client, phone, message)
    headers = [one.header for one in (await own(client, phone)).entries]
    assert headers == ["rubbish 1", "rubbish 2", third.header_bytes.decode()]


async def succeed(
    client: httpx.AsyncClient, admitted: Admitted, new: TestDevice, signature: str
) -> httpx.Response:
    message = Successor(device=new.introduction(), signature=signature)
    return await client.post(
        "/v1/devices/successor",
        content=message.model_dump_json(),
        headers={"Authorization": f"Bearer {admitted[1].access_token}"},
    )


async def test_the_old_key_names_the_new_one_and_asking_again_brings_the_same_device(
    client: httpx.AsyncClient, phone: Admitted
) -> None:
    new = TestDevice(SCHOOL, TEACHER)
    signature = phone[0].key.sign(successor_text(phone[0].id, new.key.public))
    first = Enrolled.model_validate_json((await succeed(client, phone, new, signature)).content)
    second = Enrolled.model_validate_json((await succeed(client, phone, new, signature)).content)
    assert first.device == second.device != phone[0].id
    new.id = first.device
    new.check_in("p1")
    pushed = await push(client, (new, second.tokens))
    assert pushed.receipts[0].verdict is Verdict.ACCEPTED


async def test_a_stolen_token_alone_gets_no_new_key(
    client: httpx.AsyncClient, phone: Admitted
) -> None:
    new = TestDevice(SCHOOL, TEACHER)
    for signer, text in (
        (DeviceKey.generate(), successor_text(phone[0].id, new.key.public)),
        (phone[0].key, successor_text("another", new.key.public)),
        (phone[0].key, successor_text(phone[0].id, DeviceKey.generate().public)),
    ):
        answer = await succeed(client, phone, new, signer.sign(text))
        assert answer.json()["code"] == ProblemCode.NOT_ALLOWED


async def test_a_revoked_device_names_no_successor(
    client: httpx.AsyncClient, phone: Admitted, district: District
) -> None:
    revoke_device(district.journal, phone[0].id)
    new = TestDevice(SCHOOL, TEACHER)
    signature = phone[0].key.sign(successor_text(phone[0].id, new.key.public))
    answer = await succeed(client, phone, new, signature)
    assert answer.json()["code"] == ProblemCode.DEVICE_REVOKED
