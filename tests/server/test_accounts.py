"""Coming in: passwords, tokens, one-time codes, devices and their end."""

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Event
from time import sleep

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, select

from ledger.wire.accounts import EnrolByCode, EnrolByPassword, Enrolled, Tokens
from ledger.wire.journal import Pull
from ledger.wire.problems import Problem
from server.accounts import passwords, slowdown
from server.accounts import sign_in as sign_in_module
from server.accounts import tokens as tokens_module
from server.accounts.enrolment import make_code, revoke_device
from server.accounts.schools import close_account
from server.district import District
from server.problems import Refusal
from server.tables import ACCOUNT, ENROLMENT_CODE, REFRESH_TOKEN
from tests.devices import TestDevice
from tests.server.conftest import Later
from tests.server.school import GONE, PASSWORD, SCHOOL, TEACHER, admit, open_account


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """These tests guess by the dozen. What a guess really costs is in `tests/docs`."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(1, memory_cost=8, parallelism=1))
    passwords._nobody.cache_clear()
    yield
    passwords._nobody.cache_clear()


@pytest.fixture
def account(district: District) -> str:
    open_account(district, "chenxiao", TEACHER)
    return "chenxiao"


async def sign_in(client: httpx.AsyncClient, username: str, password: str) -> httpx.Response:
    form = {"grant_type": "password", "username": username, "password": password}
    return await client.post("/v1/token", data=form)


async def refresh(client: httpx.AsyncClient, token: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return await client.post("/v1/token", data=form)


async def enrol(client: httpx.AsyncClient, code: str, device: TestDevice) -> httpx.Response:
    message = EnrolByCode(code=code, device=device.introduction())
    return await client.post("/v1/enrol", content=message.model_dump_json())


async def pull(client: httpx.AsyncClient, access_token: str) -> httpx.Response:
    return await client.post(
        "/v1/pull",
        content=Pull().model_dump_json(),
        headers={"Authorization": f"Bearer {access_token}"},
    )


def tokens_in(answer: httpx.Response) -> Tokens:
    assert answer.status_code == 200, answer.text
    return Tokens.model_validate_json(answer.content)


def problem_in(answer: httpx.Response) -> str:
    assert not answer.is_success
    return Problem.model_validate_json(answer.content).code.value


def new_code(district: District, hours: float = 1.0) -> str:
    with district.database.write() as connection:
        life = timedelta(hours=hours)
        return make_code(connection, SCHOOL, TEACHER, district.now(), life)


async def test_a_password_lets_in_and_a_wrong_one_does_not(client: httpx.AsyncClient, account: str):
    assert problem_in(await sign_in(client, account, "wrong")) == "wrong_password"
    assert problem_in(await sign_in(client, "nobody", PASSWORD)) == "wrong_password"
    tokens_in(await sign_in(client, f" {account.upper()} ", PASSWORD))


async def test_five_wrong_passwords_slow_the_account_down_for_longer_and_longer(
    client: httpx.AsyncClient, account: str, clock: Later
):
    for _ in range(5):
        assert problem_in(await sign_in(client, account, "wrong")) == "wrong_password"
    slowed = await sign_in(client, account, PASSWORD)
    assert (slowed.status_code, problem_in(slowed)) == (429, "slow_down")
    first = Problem.model_validate_json(slowed.content).retry_after_seconds
    assert first is not None and 0 < first <= 15
    clock.wait(seconds=16)
    assert problem_in(await sign_in(client, account, "wrong")) == "wrong_password"
    second = Problem.model_validate_json((await sign_in(client, account, "wrong")).content)
    assert second.retry_after_seconds is not None and second.retry_after_seconds > 15
    clock.wait(seconds=31)
    tokens_in(await sign_in(client, account, PASSWORD))
    assert problem_in(await sign_in(client, account, "wrong")) == "wrong_password"


async def test_guessing_at_many_accounts_slows_the_address_down(
    client: httpx.AsyncClient, district: District
):
    answers = [problem_in(await sign_in(client, f"user{one}", "x")) for one in range(31)]
    assert answers == ["wrong_password"] * 30 + ["slow_down"]


async def test_a_closed_account_is_told_so_only_with_its_password(
    client: httpx.AsyncClient, account: str, district: District
):
    tokens = tokens_in(await sign_in(client, account, PASSWORD))
    with district.database.write() as connection:
        close_account(connection, account, district.now())
    assert problem_in(await sign_in(client, account, "wrong")) == "wrong_password"
    assert problem_in(await sign_in(client, account, PASSWORD)) == "account_closed"
    assert problem_in(await refresh(client, tokens.refresh_token)) == "account_closed"


async def test_a_lost_answer_to_a_refresh_costs_nothing(client: httpx.AsyncClient, account: str):
    first = tokens_in(await sign_in(client, account, PASSWORD))
    tokens_in(await refresh(client, first.refresh_token))  # never arrived
    again = tokens_in(await refresh(client, first.refresh_token))
    tokens_in(await refresh(client, again.refresh_token))


async def test_a_copied_refresh_token_ends_the_whole_family(
    client: httpx.AsyncClient, account: str
):
    first = tokens_in(await sign_in(client, account, PASSWORD))
    second = tokens_in(await refresh(client, first.refresh_token))
    third = tokens_in(await refresh(client, second.refresh_token))
    assert problem_in(await refresh(client, first.refresh_token)) == "sign_in_again"
    assert problem_in(await refresh(client, third.refresh_token)) == "sign_in_again"


async def test_a_replaced_refresh_token_ends_the_family_too(
    client: httpx.AsyncClient, account: str
):
    first = tokens_in(await sign_in(client, account, PASSWORD))
    theirs = tokens_in(await refresh(client, first.refresh_token))
    thiefs = tokens_in(await refresh(client, first.refresh_token))
    assert problem_in(await refresh(client, theirs.refresh_token)) == "sign_in_again"
    assert problem_in(await refresh(client, thiefs.refresh_token)) == "sign_in_again"


async def test_access_ends_after_a_quarter_of_an_hour(
    client: httpx.AsyncClient, district: District, clock: Later
):
    _, tokens = admit(district, TEACHER)
    assert (await pull(client, tokens.access_token)).status_code == 200
    clock.wait(minutes=16)
    assert problem_in(await pull(client, tokens.access_token)) == "sign_in_again"
    renewed = tokens_in(await refresh(client, tokens.refresh_token))
    assert (await pull(client, renewed.access_token)).status_code == 200


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
async def test_a_foreign_token_is_asked_to_sign_in(
    client: httpx.AsyncClient, district: District, token: str
):
    assert problem_in(await pull(client, token)) == "sign_in_again"


async def test_a_device_is_enrolled_after_a_password_sign_in(
    client: httpx.AsyncClient, account: str
):
    signed_in = tokens_in(await sign_in(client, account, PASSWORD))
    assert problem_in(await pull(client, signed_in.access_token)) == "not_allowed"
    device = TestDevice()
    headers = {"Authorization": f"Bearer {signed_in.access_token}"}
    body = EnrolByPassword(device=device.introduction()).model_dump_json()
    answer = await client.post("/v1/devices", content=body, headers=headers)
    enrolled = Enrolled.model_validate_json(answer.content)
    assert (enrolled.school, enrolled.actor) == (SCHOOL, TEACHER)
    assert enrolled.scopes == (f"school:{SCHOOL}",)
    assert (await pull(client, enrolled.tokens.access_token)).status_code == 200
    assert problem_in(await refresh(client, signed_in.refresh_token)) == "sign_in_again"
    again = await client.post("/v1/devices", content=body, headers=headers)
    assert Enrolled.model_validate_json(again.content).device == enrolled.device


async def test_a_code_enrols_one_device_and_no_other(client: httpx.AsyncClient, district: District):
    code, device = new_code(district), TestDevice()
    typed = "-".join(code[at : at + 4] for at in range(0, 16, 4)).lower()
    answer = await enrol(client, typed, device)
    enrolled = Enrolled.model_validate_json(answer.content)
    assert (await pull(client, enrolled.tokens.access_token)).status_code == 200
    assert problem_in(await enrol(client, code, TestDevice())) == "code_used"
    again = await enrol(client, code, device)
    assert Enrolled.model_validate_json(again.content).device == enrolled.device


async def test_codes_that_do_not_count(client: httpx.AsyncClient, district: District, clock: Later):
    assert problem_in(await enrol(client, "0000000000000000", TestDevice())) == "code_unknown"
    assert problem_in(await enrol(client, "x", TestDevice())) == "code_unknown"
    code = new_code(district, hours=1)
    clock.wait(hours=2)
    assert problem_in(await enrol(client, code, TestDevice())) == "code_expired"


async def test_a_device_must_hold_the_key_it_names(client: httpx.AsyncClient, district: District):
    device, other = TestDevice(), TestDevice()
    forged = device.introduction().model_copy(update={"proof": other.introduction().proof})
    message = EnrolByCode(code=new_code(district), device=forged)
    answer = await client.post("/v1/enrol", content=message.model_dump_json())
    assert problem_in(answer) == "bad_request"


async def test_nobody_enrols_for_somebody_who_left(client: httpx.AsyncClient, district: District):
    with district.database.write() as connection:
        code = make_code(connection, SCHOOL, GONE, district.now(), timedelta(hours=1))
    assert problem_in(await enrol(client, code, TestDevice())) == "not_allowed"


async def test_a_revoked_device_hears_so_from_the_next_request_on(
    client: httpx.AsyncClient, district: District, clock: Later
):
    device, tokens = admit(district, TEACHER)
    device.check_in("p1")
    revoke_device(district.journal, device.id)
    push = device.push_of().model_dump_json()
    headers = {"Authorization": f"Bearer {tokens.access_token}"}
    assert problem_in(await client.post("/v1/push", content=push, headers=headers)) == (
        "device_revoked"
    )
    clock.wait(days=1)
    assert problem_in(await pull(client, tokens.access_token)) == "device_revoked"
    assert problem_in(await refresh(client, tokens.refresh_token)) == "device_revoked"
    assert problem_in(await enrol(client, new_code(district), device)) == "device_revoked"


async def test_secrets_are_kept_only_as_hashes(
    client: httpx.AsyncClient, account: str, district: District
):
    code = new_code(district)
    tokens = tokens_in(await sign_in(client, account, PASSWORD))
    with district.database.read() as connection:
        rows = [
            *connection.execute(select(ACCOUNT)),
            *connection.execute(select(REFRESH_TOKEN)),
            *connection.execute(select(ENROLMENT_CODE)),
        ]
    kept = repr(rows)
    assert PASSWORD not in kept and code not in kept and tokens.refresh_token not in kept
    assert "$argon2id$" in kept


async def test_closing_an_account_names_the_devices_that_never_needed_it(
    client: httpx.AsyncClient, account: str, district: District
):
    device, tokens = admit(district, TEACHER)
    with district.database.write() as connection:
        assert close_account(connection, account, district.now()) == [device.id]
    assert (await pull(client, tokens.access_token)).status_code == 200


def test_two_who_sign_in_at_once_do_not_lock_each_other_out(district: District):
    """One is being counted while the other is forgiven: both take the address first."""
    account, place = slowdown.account_key("chen"), slowdown.address_key("10.0.0.1")
    counted = (slowdown.ADDRESS_LIMIT, slowdown.ACCOUNT_LIMIT)
    with district.database.write() as connection:
        for key, limit in zip((place, account), counted, strict=True):
            slowdown.count_attempt(connection, key, limit, district.now())

    def forgive() -> None:
        with district.database.write() as connection:
            slowdown.forgive(connection, account, place)

    with ThreadPoolExecutor(1) as other:
        with district.database.write() as connection:
            slowdown.count_attempt(connection, place, counted[0], district.now())
            forgiving = other.submit(forgive)
            with contextlib.suppress(TimeoutError):
                forgiving.result(0.3)
            slowdown.count_attempt(connection, account, counted[1], district.now())
        forgiving.result(10)


def first_tokens(district: District, many: int) -> list[str]:
    """Refresh tokens of one sign-in, each the last one's successor."""
    tokens = [admit(district, TEACHER)[1].refresh_token]
    while len(tokens) < many:
        tokens.append(refreshed(district, tokens[-1]).refresh_token)
    return tokens


def refreshed(district: District, token: str) -> Tokens:
    return sign_in_module.refresh(district.database, district.mint, token, district.now())


def test_two_copied_tokens_at_once_end_their_family_and_do_not_lock_each_other_out(
    district: District, monkeypatch: pytest.MonkeyPatch
):
    """One holds the older token's row, the other the younger's, and each ends all of them."""
    first, second, *_ = first_tokens(district, 5)
    both, ending = Barrier(2), tokens_module.end_family

    def end_together(connection: Connection, family: str) -> None:
        with contextlib.suppress(BrokenBarrierError):
            both.wait(0.5)
        ending(connection, family)

    monkeypatch.setattr(tokens_module, "end_family", end_together)
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(refreshed, district, token) for token in (first, second)]
        for one in tries:
            with pytest.raises(Refusal):
                one.result(10)


def test_a_copied_token_ends_what_is_being_made_at_that_moment(
    district: District, monkeypatch: pytest.MonkeyPatch
):
    first, *_, newest = first_tokens(district, 3)
    made, keeping = Event(), sign_in_module.keep_successor

    def keep_late(connection: Connection, used_hash: str, tokens: Tokens) -> None:
        made.set()
        sleep(0.3)
        keeping(connection, used_hash, tokens)

    monkeypatch.setattr(sign_in_module, "keep_successor", keep_late)
    with ThreadPoolExecutor(1) as pool:
        honest = pool.submit(refreshed, district, newest)
        assert made.wait(5)
        with pytest.raises(Refusal):
            refreshed(district, first)
        token = honest.result(10).refresh_token
    with pytest.raises(Refusal):
        refreshed(district, token)
