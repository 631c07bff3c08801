"""Pushing: every entry gets a verdict, and one bad entry never blocks those behind it."""

import gzip

import httpx
import pytest

from ledger.abridged import abridge
from ledger.entry import digest
from ledger.rules.people import StaffSet
from ledger.rules.rule import Role
from ledger.verdicts import Reason, Verdict
from ledger.wire.accounts import Tokens
from ledger.wire.journal import Push, Pushed, SentEntry
from ledger.wire.problems import ProblemCode
from server.district import District
from tests.devices import TestDevice, check_in_body, sent
from tests.server.school import OFFICER, TEACHER, admit

Admitted = tuple[TestDevice, Tokens]


@pytest.fixture
def phone(district: District) -> Admitted:
    return admit(district, TEACHER)


async def push(
    client: httpx.AsyncClient, admitted: Admitted, message: Push | None = None
) -> Pushed:
    device, tokens = admitted
    answer = await client.post(
        "/v1/push",
        content=(message or device.push_of()).model_dump_json(),
        headers={"Authorization": f"Bearer {tokens.access_token}"},
    )
    assert answer.status_code == 200, answer.text
    return Pushed.model_validate_json(answer.content)


def verdicts(pushed: Pushed) -> list[str]:
    return [one.reason or one.verdict for one in pushed.receipts]


async def test_a_check_in_is_accepted_and_numbered(client: httpx.AsyncClient, phone: Admitted):
    device, _ = phone
    entry = device.check_in("p1")
    pushed = await push(client, phone)
    assert verdicts(pushed) == ["accepted"]
    assert (pushed.number, pushed.hash) == (1, entry.hash)


async def test_the_same_push_twice_gets_the_same_answer(client: httpx.AsyncClient, phone: Admitted):
    device, _ = phone
    for point in ("p1", "p2", "nowhere"):
        device.check_in(point)
    first = await push(client, phone)
    again = await push(client, phone)
    assert verdicts(first) == ["accepted", "accepted", "unknown_point"]
    assert again.receipts == first.receipts


async def test_entries_that_come_too_early_wait_for_the_earlier_ones(
    client: httpx.AsyncClient, phone: Admitted
):
    device, _ = phone
    first, *rest = [device.check_in(point) for point in ("p1", "p2", "p3")]
    early = await push(client, phone, device.push_of(rest))
    assert verdicts(early) == ["earlier_missing"] * 2
    assert early.number == 0
    complete = await push(client, phone, device.push_of([first]))
    assert complete.number == 3
    assert verdicts(await push(client, phone)) == ["accepted"] * 3


async def test_an_unreadable_header_does_not_block_the_entries_behind_it(
    client: httpx.AsyncClient, phone: Admitted
):
    device, _ = phone
    device.check_in("p1")
    broken = '{"kind": 7}'
    after = device.check_in("p2", number=3, previous=digest(broken.encode()))
    message = Push(
        head=device.head_of([after]),
        entries=[sent(device.entries[0]), SentEntry(header=broken), sent(after)],
    )
    pushed = await push(client, phone, message)
    assert verdicts(pushed) == ["accepted", "unreadable", "accepted"]
    assert pushed.number == 3
    assert (await push(client, phone, message)).receipts == pushed.receipts


async def test_an_altered_body_is_refused_and_the_chain_goes_on(
    client: httpx.AsyncClient, phone: Admitted
):
    device, _ = phone
    one, two = device.check_in("p1"), device.check_in("p2")
    altered = SentEntry(header=one.header_bytes.decode(), body='{"salt":"x"}')
    message = Push(head=device.head_of([two]), entries=[altered, sent(two)])
    assert verdicts(await push(client, phone, message)) == ["body_altered", "accepted"]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"school": "SY02"}, "wrong_school"),
        ({"scope": "leaders:SY01"}, "wrong_scope"),
        ({"actor": OFFICER}, "wrong_author"),
        ({"device": "another"}, "wrong_author"),
        ({"at": "2026-02-31T25:00:00Z"}, "unreadable"),
    ],
)
async def test_whoever_claims_to_be_elsewhere_is_refused(
    client: httpx.AsyncClient, phone: Admitted, header: dict[str, str], reason: str
):
    device, _ = phone
    device.check_in("p1", **header)
    device.check_in("p2")
    assert verdicts(await push(client, phone)) == [reason, "accepted"]


async def test_another_entry_at_a_held_number_is_a_fork_and_so_is_what_follows(
    client: httpx.AsyncClient, phone: Admitted
):
    device, _ = phone
    device.check_in("p1")
    await push(client, phone)
    device.entries.clear()
    device.check_in("p2")
    device.check_in("p3")
    forked = await push(client, phone)
    assert verdicts(forked) == ["chain_forked"] * 2
    assert forked.number == 1
    assert (await push(client, phone)).receipts == forked.receipts


async def test_a_check_in_at_an_unknown_point_is_accepted_when_the_point_arrives(
    client: httpx.AsyncClient, phone: Admitted, district: District
):
    device, _ = phone
    entry = device.write(
        "checkin.recorded",
        "round:daily:2026-03-02:0",
        check_in_body("", "2026-03-02", "NEWTOKEN01"),
    )
    held = await push(client, phone)
    assert verdicts(held) == ["unknown_point"]
    officer = admit(district, OFFICER)
    TOKENS = {"p9": "NEWTOKEN01"}
    from ledger.codes import typed_code
    from ledger.rules.places import Label, LabelIssued, PointSet

    officer[0].write("point.set", "point:p9", PointSet(area="gate", name="新点"))
    officer[0].write(
        "label.issued",
        "point:p9",
        LabelIssued(label=Label(version=1, token=TOKENS["p9"], typed=typed_code(TOKENS["p9"]))),
        seen=1,
    )
    assert verdicts(await push(client, officer)) == ["accepted"] * 2
    again = await push(client, phone)
    assert again.receipts[0].verdict is Verdict.ACCEPTED
    assert again.receipts[0].remarks == {"point": "p9"}
    assert again.receipts[0].id == entry.header.id


async def test_an_unknown_kind_is_held(client: httpx.AsyncClient, phone: Admitted):
    device, _ = phone
    device.write("hazard.imagined", "hazard:1", StaffSet(name="x"))
    device.check_in("p1")
    assert verdicts(await push(client, phone)) == ["unknown_kind", "accepted"]


async def test_what_a_role_may_not_write_is_refused(client: httpx.AsyncClient, phone: Admitted):
    device, _ = phone
    device.write("staff.set", f"staff:{TEACHER}", StaffSet(name="我", roles=(Role.PRINCIPAL,)))
    assert verdicts(await push(client, phone)) == [Reason.NOT_ALLOWED]


async def test_gzip_is_understood_both_ways(client: httpx.AsyncClient, phone: Admitted):
    device, tokens = phone
    for _ in range(20):
        device.check_in("p1")
    answer = await client.post(
        "/v1/push",
        content=gzip.compress(device.push_of().model_dump_json().encode()),
        headers={
            "Authorization": f"Bearer {tokens.access_token}",
            "Content-Encoding": "gzip",
            "Accept-Encoding": "gzip",
        },
    )
    assert answer.headers["content-encoding"] == "gzip"
    assert len(Pushed.model_validate_json(answer.content).receipts) == 20


async def test_an_abridged_push_is_the_same_push(client: httpx.AsyncClient, phone: Admitted):
    device, _ = phone
    entries = [device.check_in(point) for point in ("p1", "p2", "nowhere")]
    whole = device.push_of()
    way, abridged = abridge(whole.entries)
    assert abridged and way != whole.entries
    pushed = await push(client, phone, Push(head=whole.head, entries=way, abridged=True))
    assert verdicts(pushed) == ["accepted", "accepted", "unknown_point"]
    assert (pushed.number, pushed.hash) == (3, entries[-1].hash)
    assert (await push(client, phone, whole)).receipts == pushed.receipts


async def test_what_was_changed_on_the_way_is_not_vouched_for(
    client: httpx.AsyncClient, phone: Admitted
):
    device, tokens = phone
    for point in ("p1", "p2"):
        device.check_in(point)
    whole = device.push_of()
    way, _ = abridge(whole.entries)
    assert way[1].body is not None
    way[1] = SentEntry(header=way[1].header, body=way[1].body.replace("normal", "abnormal"))
    message = Push(head=whole.head, entries=way, abridged=True)
    answer = await client.post(
        "/v1/push",
        content=message.model_dump_json(),
        headers={"Authorization": f"Bearer {tokens.access_token}"},
    )
    assert answer.json()["code"] == ProblemCode.HEAD_NOT_GENUINE
    assert verdicts(await push(client, phone)) == ["accepted"] * 2
