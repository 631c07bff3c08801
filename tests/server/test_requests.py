"""Requests as a whole: versions, sizes, and answers that are always ours."""

import gzip
import json

import httpx
import pytest

from ledger.wire.problems import Problem
from ledger.wire.protocol import APP_HEADER, PROTOCOL_HEADER, REQUEST_LIMIT_BYTES, Hello
from server.district import District
from tests.devices import TestDevice
from tests.server.school import SCHOOL, TEACHER, admit


def problem_in(answer: httpx.Response) -> str:
    return Problem.model_validate_json(answer.content).code.value


async def test_hello_answers_anyone(client: httpx.AsyncClient, district: District):
    answer = await client.get("/v1/hello", headers={PROTOCOL_HEADER: ""})
    assert Hello.model_validate_json(answer.content).product == "xunan"


@pytest.mark.parametrize("protocol", ["", "0", "2", "one"])
async def test_a_client_of_another_protocol_is_told_so(
    client: httpx.AsyncClient, district: District, protocol: str
):
    headers = {PROTOCOL_HEADER: protocol, APP_HEADER: "0.0.1"}
    answer = await client.post("/v1/pull", content="{}", headers=headers)
    assert (answer.status_code, problem_in(answer)) == (426, "outdated")


async def test_a_request_that_is_too_large_is_stopped(
    client: httpx.AsyncClient, district: District
):
    _, tokens = admit(district, TEACHER)
    headers = {"Authorization": f"Bearer {tokens.access_token}"}
    answer = await client.post(
        "/v1/push", content=b" " * (REQUEST_LIMIT_BYTES + 1), headers=headers
    )
    assert (answer.status_code, problem_in(answer)) == (413, "too_large")
    bomb = gzip.compress(b" " * (REQUEST_LIMIT_BYTES + 1))
    answer = await client.post(
        "/v1/push", content=bomb, headers={**headers, "Content-Encoding": "gzip"}
    )
    assert (answer.status_code, problem_in(answer)) == (413, "too_large")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"", ""),
        (b"not json", ""),
        (b"{}", ""),
        (b"not gzip", "gzip"),
        pytest.param(gzip.compress(b"{}" * 1000)[:-9], "gzip", id="half a gzip"),
        (b"{}", "br"),
    ],
)
async def test_what_is_not_a_message_is_a_bad_request(
    client: httpx.AsyncClient, district: District, content: bytes, encoding: str
):
    _, tokens = admit(district, TEACHER)
    headers = {"Authorization": f"Bearer {tokens.access_token}", "Content-Encoding": encoding}
    answer = await client.post("/v1/push", content=content, headers=headers)
    assert (answer.status_code, problem_in(answer)) == (400, "bad_request")


async def test_a_head_that_does_not_vouch_stores_nothing(
    client: httpx.AsyncClient, district: District
):
    device, tokens = admit(district, TEACHER)
    headers = {"Authorization": f"Bearer {tokens.access_token}"}
    one, two = device.check_in("p1"), device.check_in("p2")
    other, _ = admit(district, TEACHER)
    good = device.push_of()
    forged = [
        good.model_copy(update={"head": good.head.model_copy(update={"signature": "AA"})}),
        good.model_copy(update={"head": device.head_of([one])}),
        good.model_copy(update={"head": other.key.sign_head(device.id, 2, two.hash, good.head.at)}),
        good.model_copy(update={"head": other.key.sign_head(other.id, 2, two.hash, good.head.at)}),
    ]
    for message in forged:
        answer = await client.post("/v1/push", content=message.model_dump_json(), headers=headers)
        assert (answer.status_code, problem_in(answer)) == (400, "head_not_genuine")
    pulled = await client.post("/v1/pull", content="{}", headers=headers)
    assert pulled.json()["number"] == 0


async def test_every_answer_keeps_a_browser_from_doing_anything_with_it(
    client: httpx.AsyncClient, district: District
):
    answer = await client.get("/v1/nowhere")
    assert answer.status_code == 404 and problem_in(answer) == "bad_request"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


async def test_the_api_describes_itself_without_the_public_internet(
    client: httpx.AsyncClient, district: District
):
    described = (await client.get("/openapi.json")).json()
    assert {"/v1/push", "/v1/pull", "/v1/token", "/v1/live"} <= set(described["paths"])
    body = described["paths"]["/v1/push"]["post"]["requestBody"]
    assert "head" in json.dumps(body)
    assert (await client.get("/docs")).status_code == 404


NUL_ASKED = {
    "/v1/pull": ({"epoch": "a\0b"}, {"waiting": ["\0"]}, {"reasons": {"\0": "x"}}),
    "/v1/open": ({"rounds_from": "2026-03-02", "after": "point:\0"},),
    "/v1/own": ({"after": 2**31}, {"after": 10**40}),
}


@pytest.mark.parametrize("path", sorted(NUL_ASKED))
async def test_what_one_of_the_databases_cannot_hold_is_a_bad_request_on_both(
    client: httpx.AsyncClient, district: District, path: str
):
    _, tokens = admit(district, TEACHER)
    headers = {"Authorization": f"Bearer {tokens.access_token}"}
    for asked in NUL_ASKED[path]:
        answer = await client.post(path, content=json.dumps(asked), headers=headers)
        assert (answer.status_code, problem_in(answer)) == (400, "bad_request"), asked
    quoted = {"rounds_from": "2026-03-02", "after": "point:\\u0000"}
    answer = await client.post("/v1/open", content=json.dumps(quoted), headers=headers)
    assert answer.status_code == 200


async def test_a_name_nobody_can_type_is_a_bad_request(
    client: httpx.AsyncClient, district: District
):
    for form in ({"username": "a\0", "password": "x"}, {"username": "a", "password": "\0"}):
        answer = await client.post("/v1/token", data=form)
        assert (answer.status_code, problem_in(answer)) == (400, "bad_request")
    device = TestDevice(SCHOOL, TEACHER).introduction("手机\0").model_dump()
    answer = await client.post("/v1/enrol", content=json.dumps({"code": "x", "device": device}))
    assert (answer.status_code, problem_in(answer)) == (400, "bad_request")


@pytest.mark.parametrize("at", ["2026\0", "2026\n", "2" * 100_000])
async def test_a_head_says_its_time_in_one_short_line(
    client: httpx.AsyncClient, district: District, at: str
):
    """It goes to everybody who reads the entry it is of."""
    device, tokens = admit(district, TEACHER)
    headers = {"Authorization": f"Bearer {tokens.access_token}"}
    entry = device.check_in("p1")
    push = device.push_of().model_dump()
    head = push["head"] | {"at": at}
    signed = f"xunan head 1\n{device.id}\n1\n{entry.hash}\n{at}"
    head["signature"] = device.key.sign(signed.encode())
    content = json.dumps(push | {"head": head})
    answer = await client.post("/v1/push", content=content, headers=headers)
    assert (answer.status_code, problem_in(answer)) == (400, "bad_request")
