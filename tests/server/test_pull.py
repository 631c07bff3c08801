"""Pulling: a cursor misses nothing, and says what it has seen."""

from typing import Any

import httpx
import pytest

from ledger.entry import AnyBody
from ledger.identifiers import new_id
from ledger.keys import head_is_genuine
from ledger.rules.people import StaffSet
from ledger.rules.rule import Role
from ledger.verdicts import Reason
from ledger.wire.journal import PULL_LIMIT_ENTRIES, Pull, Pulled, Push
from server.district import District
from server.journal import outgoing
from server.journal import pull as pull_of_server
from server.journal.own_hand import Fact, write_as_server
from tests.devices import check_in_body, sent
from tests.server.school import PRINCIPAL, SCHOOL, TEACHER, admit, point_facts
from tests.server.test_push import Admitted, push

SCOPE = f"school:{SCHOOL}"


@pytest.fixture
def phone(district: District) -> Admitted:
    return admit(district, TEACHER)


@pytest.fixture
def desk(district: District) -> Admitted:
    return admit(district, PRINCIPAL)


async def pull(client: httpx.AsyncClient, admitted: Admitted, **message: object) -> Pulled:
    answer = await client.post(
        "/v1/pull",
        content=Pull.model_validate(message).model_dump_json(),
        headers={"Authorization": f"Bearer {admitted[1].access_token}"},
    )
    assert answer.status_code == 200, answer.text
    return Pulled.model_validate_json(answer.content)


async def test_page_by_page_everything_comes_once_and_in_order(
    client: httpx.AsyncClient, phone: Admitted, desk: Admitted
):
    for _ in range(7):
        phone[0].check_in("p1")
    await push(client, phone)
    cursors: dict[str, int] = {}
    seqs: list[int] = []
    more = True
    while more:
        page = await pull(client, desk, cursors=cursors, limit=4)
        seqs += [entry.seq for entry in page.entries]
        cursors, more = page.cursors, page.more
    assert seqs == list(range(1, len(seqs) + 1))
    assert set(cursors.values()) == {len(seqs)}
    assert SCOPE in cursors
    assert (await pull(client, desk, cursors=cursors)).entries == []


@pytest.mark.parametrize("rounds_from", ["", "2026-01-01"])
async def test_a_page_ends_where_it_grows_too_large(
    client: httpx.AsyncClient,
    phone: Admitted,
    desk: Admitted,
    monkeypatch: pytest.MonkeyPatch,
    rounds_from: str,
):
    for _ in range(7):
        phone[0].check_in("p1")
    await push(client, phone)
    whole = [one.seq for one in (await pull(client, desk, rounds_from=rounds_from)).entries]
    size = max(len(one.header_bytes) + len(one.body_bytes or b"") for one in phone[0].entries)
    for limit, least in ((3 * size, 3), (1, 1)):
        monkeypatch.setattr(outgoing, "PAGE_LIMIT_BYTES", limit)
        page = await pull(client, desk, rounds_from=rounds_from, limit=1000 - least)
        seqs = [one.seq for one in page.entries]
        while page.more:
            page = await pull(
                client,
                desk,
                cursors=page.cursors,
                rounds_from=rounds_from,
                limit=1000 - least,
            )
            seqs += [one.seq for one in page.entries]
            assert sum(len(one.header + (one.body or "")) for one in page.entries) <= max(
                limit, size
            )
        assert seqs == whole


async def test_own_entries_are_left_out_and_still_passed(
    client: httpx.AsyncClient, phone: Admitted
):
    before = (await pull(client, phone)).cursors
    phone[0].check_in("p1")
    await push(client, phone)
    after = await pull(client, phone, cursors=before)
    assert after.entries == [] and after.cursors[SCOPE] == before[SCOPE] + 1
    assert (after.number, after.hash) == (1, phone[0].entries[0].hash)


async def test_own_entries_are_not_turned_over_page_by_page(
    client: httpx.AsyncClient, phone: Admitted, desk: Admitted
):
    before = (await pull(client, phone)).cursors
    for _ in range(30):
        phone[0].check_in("p1")
    await push(client, phone)
    desk[0].check_in("p2")
    await push(client, desk)
    page = await pull(client, phone, cursors=before, limit=5)
    assert [one.header for one in page.entries] == [desk[0].entries[0].header_bytes.decode()]
    assert not page.more and page.cursors[SCOPE] == page.newest


async def test_who_asks_from_the_same_place_is_answered_by_one_look(
    client: httpx.AsyncClient,
    district: District,
    phone: Admitted,
    desk: Admitted,
    monkeypatch: pytest.MonkeyPatch,
):
    look, looks = pull_of_server._stretch, []

    def note(*parts: Any) -> Any:
        looks.append(parts)
        return look(*parts)

    monkeypatch.setattr(pull_of_server, "_stretch", note)
    colleague = admit(district, TEACHER)
    first, second = await pull(client, phone), await pull(client, colleague)
    assert first.entries == second.entries and len(looks) == 1
    phone[0].check_in("p1")
    await push(client, phone)
    own, others = await pull(client, phone), await pull(client, colleague)
    assert own.entries == first.entries and len(looks) == 2
    assert others.entries[:-1] == first.entries and len(others.heads) == len(own.heads) + 1
    # Whoever may read more than a teacher looks for himself.
    await pull(client, desk)
    assert len(looks) == 3


async def test_heads_come_with_the_entries_they_vouch_for(
    client: httpx.AsyncClient, phone: Admitted, desk: Admitted
):
    seen = (await pull(client, desk)).cursors
    phone[0].check_in("p1")
    phone[0].check_in("p2")
    await push(client, phone)
    (head,) = (await pull(client, desk, cursors=seen)).heads
    assert head.hash == phone[0].entries[1].hash
    assert head_is_genuine(head, phone[0].key.public)


async def test_a_receipt_comes_when_an_entry_need_not_wait_any_longer(
    client: httpx.AsyncClient, phone: Admitted, district: District
):
    entry = phone[0].write(
        "checkin.recorded",
        "round:daily:2026-03-02:0",
        check_in_body("p4", "2026-03-02"),
    )
    await push(client, phone)
    waiting = [entry.header.id]
    assert (await pull(client, phone, waiting=waiting)).receipts == []
    point = point_facts("p1", 4)[0].body
    with district.journal.append(SCHOOL) as work:
        write_as_server(work, [Fact("point.set", "point:p4", point)])
    (receipt,) = (await pull(client, phone, waiting=waiting)).receipts
    assert receipt.verdict == "accepted" and receipt.seq is not None


async def test_under_a_new_key_news_comes_of_what_the_former_one_wrote(
    client: httpx.AsyncClient, phone: Admitted, desk: Admitted, district: District
):
    entry = phone[0].write(
        "checkin.recorded", "round:daily:2026-03-02:0", check_in_body("p4", "2026-03-02")
    )
    await push(client, phone)
    with district.journal.append(SCHOOL) as work:
        write_as_server(work, [Fact("point.set", "point:p4", point_facts("p1", 4)[0].body)])
    waiting = [entry.header.id]
    renewed = admit(district, TEACHER)
    (receipt,) = (await pull(client, renewed, waiting=waiting)).receipts
    assert (receipt.id, receipt.verdict) == (entry.header.id, "accepted")
    assert (await pull(client, desk, waiting=waiting)).receipts == [], "nobody else's business"


async def test_as_many_waiting_entries_may_be_named_as_the_protocol_says(
    client: httpx.AsyncClient, phone: Admitted
):
    longest = max(Reason, key=len)
    ids = [new_id() for _ in range(PULL_LIMIT_ENTRIES)]
    answer = await pull(client, phone, waiting=ids, reasons=dict.fromkeys(ids, longest))
    assert answer.receipts == []


async def test_a_receipt_comes_when_an_entry_waits_for_another_reason(
    client: httpx.AsyncClient, phone: Admitted
):
    first = phone[0].check_in("p1")
    newer = phone[0].write("hazard.sniffed", "hazard:h1", AnyBody())
    head = phone[0].head_of([newer])
    await push(client, phone, Push(head=head, entries=[sent(newer)]))
    id = newer.header.id
    waiting: dict[str, Any] = {"waiting": [id], "reasons": {id: "earlier_missing"}}
    assert (await pull(client, phone, **waiting)).receipts == []
    await push(client, phone, Push(head=phone[0].head_of([first]), entries=[sent(first)]))
    (receipt,) = (await pull(client, phone, **waiting)).receipts
    assert (receipt.verdict, receipt.reason) == ("held", "unknown_kind")
    waiting["reasons"] = {id: "unknown_kind"}
    assert (await pull(client, phone, **waiting)).receipts == []
    assert (await pull(client, phone, waiting=[id])).receipts == [], "an older app names none"


async def test_who_is_no_longer_active_loses_the_scope_and_their_entries_wait(
    client: httpx.AsyncClient, phone: Admitted, desk: Admitted, district: District
):
    phone[0].check_in("p1")

    def set_active(active: bool) -> None:
        body = StaffSet(name="陈晓", roles=(Role.TEACHER,), active=active)
        with district.journal.append(SCHOOL) as work:
            write_as_server(work, [Fact("staff.set", f"staff:{TEACHER}", body)])

    set_active(False)
    held = await push(client, phone)
    assert held.receipts[0].reason == "author_inactive"
    assert (await pull(client, phone)).cursors == {}
    set_active(True)
    assert (await push(client, phone)).receipts[0].verdict == "accepted"


async def test_a_cursor_from_before_a_restored_backup_starts_again(
    client: httpx.AsyncClient, desk: Admitted
):
    everything = await pull(client, desk)
    again = await pull(client, desk, cursors={SCOPE: 10**12})
    assert again.entries == everything.entries
