"""Photos come in whole or not at all, from whom they belong to, and once."""

import asyncio
import io
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from tusclient.client import TusClient

from ledger.wire.accounts import Tokens
from ledger.wire.photos import PHOTO_LIMIT_BYTES
from ledger.wire.problems import ProblemCode
from ledger.wire.protocol import PROTOCOL, PROTOCOL_HEADER
from server.accounts.enrolment import revoke_device
from server.district import District
from server.photos.uploads import forget_stale
from server.settings import Settings
from tests.server.photos.pictures import bearer, device_with, jpeg, metadata, named
from tests.server.running import Running
from tests.server.school import PRINCIPAL, TEACHER, admit, found_school

TUS = {"Tus-Resumable": "1.0.0"}
UPLOADS = "/v1/photos/uploads"


async def announce(
    client: httpx.AsyncClient, tokens: Tokens, data: bytes, hash: str = "", size: int | None = None
) -> httpx.Response:
    headers = {
        **bearer(tokens),
        **TUS,
        "Upload-Length": str(len(data) if size is None else size),
        "Upload-Metadata": metadata(hash=hash or named(data)),
    }
    return await client.post(UPLOADS, headers=headers)


async def send(
    client: httpx.AsyncClient, tokens: Tokens, upload: str, data: bytes, offset: int = 0
) -> httpx.Response:
    headers = {
        **bearer(tokens),
        **TUS,
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
    }
    return await client.patch(f"{UPLOADS}/{upload}", headers=headers, content=data)


def upload_of(answer: httpx.Response) -> str:
    assert answer.status_code == 201, answer.text
    return answer.headers["location"].rsplit("/", 1)[1]


def code(answer: httpx.Response) -> str:
    return answer.json()["code"]


async def test_a_photo_that_an_entry_names_is_taken_in(
    client: httpx.AsyncClient, district: District, settings: Settings
):
    data = jpeg()
    _, tokens = device_with(district, TEACHER, data)
    upload = upload_of(await announce(client, tokens, data))
    answer = await send(client, tokens, upload, data)
    assert answer.status_code == 204, answer.text
    assert district.photos.get("SY01", named(data)) == data
    left = [path for path in (Path(settings.data) / "uploads").rglob("*") if path.is_file()]
    assert [path for path in left if ".locks" not in path.parts] == []


@pytest.mark.parametrize("cut", [0, 1, -1])
async def test_an_upload_goes_on_where_it_was_cut(
    client: httpx.AsyncClient, district: District, cut: int
):
    data = jpeg()
    end = cut % len(data)
    _, tokens = device_with(district, TEACHER, data)
    upload = upload_of(await announce(client, tokens, data))
    if end:
        await send(client, tokens, upload, data[:end])
    asked = await client.head(f"{UPLOADS}/{upload}", headers={**bearer(tokens), **TUS})
    assert asked.headers["upload-offset"] == str(end)
    await send(client, tokens, upload, data[end:], end)
    assert district.photos.get("SY01", named(data)) == data


async def test_what_a_killed_server_wrote_and_did_not_count_is_not_counted_twice(
    client: httpx.AsyncClient, district: District, settings: Settings
):
    data = jpeg()
    device, tokens = device_with(district, TEACHER, data)
    upload = upload_of(await announce(client, tokens, data))
    await send(client, tokens, upload, data[:10])
    with (Path(settings.data) / "uploads" / device.id / upload).open("ab") as file:
        file.write(data[10:50])
    await send(client, tokens, upload, data[10:], 10)
    assert district.photos.get("SY01", named(data)) == data


async def test_nobody_sends_a_photo_that_no_entry_of_theirs_names(
    client: httpx.AsyncClient, district: District
):
    data = jpeg()
    device_with(district, TEACHER, data)
    _, principal = device_with(district, PRINCIPAL, jpeg("blue"), hazard="h2")
    answer = await announce(client, principal, data)
    assert (answer.status_code, code(answer)) == (404, ProblemCode.PHOTO_UNKNOWN)


async def test_another_school_neither_sends_nor_sees_it(
    client: httpx.AsyncClient, district: District
):
    data = jpeg()
    _, tokens = device_with(district, TEACHER, data)
    await send(client, tokens, upload_of(await announce(client, tokens, data)), data)
    found_school(district, "SY02")
    _, foreign = device_with(district, TEACHER, jpeg("blue"), school="SY02")
    assert code(await announce(client, foreign, data)) == ProblemCode.PHOTO_UNKNOWN
    seen = await client.get(f"/v1/photos/{named(data)}", headers=bearer(foreign))
    assert (seen.status_code, code(seen)) == (404, ProblemCode.PHOTO_UNKNOWN)


async def test_a_wrong_photo_is_thrown_away_and_the_right_one_can_follow(
    client: httpx.AsyncClient, district: District
):
    data, other = jpeg(), jpeg("blue")
    _, tokens = device_with(district, TEACHER, data)
    upload = upload_of(await announce(client, tokens, data, size=len(other)))
    answer = await send(client, tokens, upload, other)
    assert (answer.status_code, code(answer)) == (422, ProblemCode.HASH_WRONG)
    assert district.photos.held("SY01", [named(data)]) == set()
    again = upload_of(await announce(client, tokens, data))
    assert (await send(client, tokens, again, data)).status_code == 204


async def test_something_that_is_no_photo_is_thrown_away(
    client: httpx.AsyncClient, district: District
):
    data = b"%PDF-1.7 not a photo"
    _, tokens = device_with(district, TEACHER, data)
    upload = upload_of(await announce(client, tokens, data))
    assert code(await send(client, tokens, upload, data)) == ProblemCode.HASH_WRONG


async def test_a_photo_is_announced_with_its_true_size_and_no_larger_than_allowed(
    client: httpx.AsyncClient, district: District
):
    data = jpeg()
    _, tokens = device_with(district, TEACHER, data)
    huge = await announce(client, tokens, data, size=500_000_000)
    assert (huge.status_code, code(huge)) == (413, ProblemCode.TOO_LARGE)
    assert code(await announce(client, tokens, data, size=0)) == ProblemCode.BAD_REQUEST
    assert code(await announce(client, tokens, data, hash="x")) == ProblemCode.BAD_REQUEST


async def test_half_a_gigabyte_is_refused_before_it_is_read(
    running_server: Callable[..., Running], district: District
):
    data = jpeg()
    _, tokens = device_with(district, TEACHER, data)
    address = running_server().address
    headers = {**bearer(tokens), **TUS, PROTOCOL_HEADER: str(PROTOCOL)}
    sent = 0

    async def body():
        nonlocal sent
        for _ in range(500):
            sent += 1_000_000
            yield bytes(1_000_000)

    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as client:
        upload = upload_of(
            await client.post(
                UPLOADS,
                headers={
                    "Upload-Length": str(len(data)),
                    "Upload-Metadata": metadata(hash=named(data)),
                },
            )
        )
        try:
            answer = await client.patch(
                f"{UPLOADS}/{upload}",
                headers={
                    "Upload-Offset": "0",
                    "Content-Type": "application/offset+octet-stream",
                    "Content-Length": "500000000",
                },
                content=body(),
            )
            assert code(answer) == ProblemCode.TOO_LARGE
        except (httpx.WriteError, httpx.ReadError):
            pass  # the server hung up on it, which is as good
        assert sent < 100_000_000
    assert PHOTO_LIMIT_BYTES < 100_000_000


async def test_a_phone_that_comes_back_need_not_wait_for_its_own_dead_connection(
    running_server: Callable[..., Running], district: District
):
    data = jpeg(side=400)
    _, tokens = device_with(district, TEACHER, data)
    address = running_server().address
    headers = {**bearer(tokens), **TUS, PROTOCOL_HEADER: str(PROTOCOL)}
    hang = asyncio.Event()

    async def dying():
        yield data[:50]
        await hang.wait()

    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=20) as client:
        upload = upload_of(await announce(client, tokens, data))
        told = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        told["Content-Length"] = str(len(data))
        path = f"{UPLOADS}/{upload}"
        dead = asyncio.create_task(client.patch(path, headers=told, content=dying()))
        await asyncio.sleep(0.5)
        async with asyncio.timeout(15):
            # Everybody else is served meanwhile, and the newer try goes through.
            assert (await client.get("/v1/hello")).status_code == 200
            answer = await send(client, tokens, upload, data)
        assert answer.status_code == 204, answer.text
        dead.cancel()
        hang.set()
        await asyncio.gather(dead, return_exceptions=True)
    assert district.photos.get("SY01", named(data)) == data


async def test_an_upload_belongs_to_the_device_that_began_it(
    client: httpx.AsyncClient, district: District
):
    data, other = jpeg(), jpeg("blue")
    _, tokens = device_with(district, TEACHER, data)
    _, principal = device_with(district, PRINCIPAL, other, hazard="h2")
    upload = upload_of(await announce(client, tokens, data))
    assert (await send(client, principal, upload, data)).status_code == 404
    asked = await client.head(f"{UPLOADS}/{upload}", headers={**bearer(principal), **TUS})
    assert asked.status_code == 404


async def test_without_a_valid_sign_in_not_a_byte_is_taken(
    client: httpx.AsyncClient, district: District
):
    data = jpeg()
    device, tokens = device_with(district, TEACHER, data)
    upload = upload_of(await announce(client, tokens, data))
    answer = await client.patch(f"{UPLOADS}/{upload}", content=data, headers=TUS)
    assert answer.status_code == 401
    revoke_device(district.journal, device.id)
    assert code(await announce(client, tokens, data)) == ProblemCode.DEVICE_REVOKED
    assert code(await send(client, tokens, upload, data)) == ProblemCode.DEVICE_REVOKED


async def test_the_same_photo_sent_twice_at_once_is_kept_once(
    client: httpx.AsyncClient, district: District
):
    data = jpeg()
    _, tokens = device_with(district, TEACHER, data)
    uploads = [upload_of(await announce(client, tokens, data)) for _ in range(2)]
    answers = await asyncio.gather(*(send(client, tokens, one, data) for one in uploads))
    assert {one.status_code for one in answers} == {204}
    assert district.photos.held("SY01", [named(data)]) == {named(data)}
    assert code(await announce(client, tokens, data)) == ProblemCode.PHOTO_HELD


def test_an_independent_client_uploads_in_pieces(
    running_server: Callable[..., Running], district: District
):
    data = jpeg(side=400)
    _, tokens = device_with(district, TEACHER, data)
    headers = {**bearer(tokens), PROTOCOL_HEADER: str(PROTOCOL)}
    client = TusClient(f"{running_server().address}{UPLOADS}", headers=headers)
    told = {"filename": "a.jpg", "filetype": "image/jpeg", "hash": named(data)}
    uploader = client.uploader(file_stream=io.BytesIO(data), metadata=told, chunk_size=700)
    uploader.upload_chunk()
    rest = client.uploader(
        file_stream=io.BytesIO(data), metadata=told, chunk_size=700, url=uploader.url
    )
    assert rest.offset == 700
    rest.upload()
    assert district.photos.get("SY01", named(data)) == data


def test_an_upload_nobody_went_on_with_is_forgotten_after_a_day(tmp_path: Path):
    (tmp_path / ("a" * 32)).write_bytes(b"half")
    forget_stale(tmp_path)
    assert (tmp_path / ("a" * 32)).exists()
    forget_stale(tmp_path, now=(tmp_path / ("a" * 32)).stat().st_mtime + 25 * 3600)
    assert not (tmp_path / ("a" * 32)).exists()


async def test_under_a_new_key_the_same_person_sends_what_waited(
    client: httpx.AsyncClient, district: District
):
    data = jpeg("green")
    device_with(district, TEACHER, data)
    _, renewed = admit(district, TEACHER)
    upload = upload_of(await announce(client, renewed, data))
    assert (await send(client, renewed, upload, data)).status_code == 204
    assert district.photos.held("SY01", [named(data)])


async def test_a_colleague_does_not_send_anothers(client: httpx.AsyncClient, district: District):
    data = jpeg("green")
    device_with(district, TEACHER, data)
    _, other = admit(district, PRINCIPAL)
    assert code(await announce(client, other, data)) == ProblemCode.PHOTO_UNKNOWN
