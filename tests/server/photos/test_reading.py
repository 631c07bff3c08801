"""Photos go out to those who may read an entry that names them, from either storage."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import httpx
import pytest
from fastapi import FastAPI
from moto.server import ThreadedMotoServer
from PIL import Image

from client.gateway.gateway import Gateway
from client.gateway.tokens import MemoryTokens
from ledger.wire.photos import PHOTOS_AT_ONCE
from ledger.wire.problems import ProblemCode
from server.district import District
from server.journal.append import Sender
from server.messages import SMALL_LIMIT_BYTES
from server.photos.shelves import BucketShelf, LocalShelf, Shelf, ShelfFailed, open_shelf
from server.photos.store import PhotoStore
from tests.server.photos.pictures import bearer, device_with, jpeg, named
from tests.server.school import OFFICER, TEACHER, admit


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A real S3 server on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    told = {
        "AWS_ENDPOINT": f"http://127.0.0.1:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    s3 = boto3.client("s3", endpoint_url=told["AWS_ENDPOINT"], region_name="us-east-1")
    s3.create_bucket(Bucket="photos")
    yield "s3://photos/district"
    server.stop()
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


@pytest.fixture(params=["folder", "bucket"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    if request.param == "folder":
        return LocalShelf(tmp_path / "photos")
    return BucketShelf(request.getfixturevalue("bucket"))


def test_a_shelf_gives_back_what_was_put_there(shelf: Shelf):
    shelf.put("SY01/ab/x.jpg", b"one")
    assert shelf.get("SY01/ab/x.jpg") == b"one"
    assert shelf.get("SY01/ab/never.jpg") is None


def test_the_store_works_with_either(shelf: Shelf, district: District):
    data = jpeg(side=1000)
    device, _ = device_with(district, TEACHER, data)
    store = PhotoStore(district.database, shelf, district.now)
    store.keep(Sender("SY01", device.id, TEACHER), named(data), data)
    assert store.get("SY01", named(data)) == data
    small = store.thumbnail("SY01", named(data))
    assert small is not None
    assert Image.open(io.BytesIO(small)).size == (320, 320)
    assert store.thumbnail("SY01", named(data)) == small


def test_a_storage_that_fails_says_so(tmp_path: Path):
    (tmp_path / "photos").write_bytes(b"in the way")
    with pytest.raises(ShelfFailed):
        LocalShelf(tmp_path / "photos").put("SY01/a.jpg", b"x")


def test_an_unknown_storage_is_named(tmp_path: Path):
    with pytest.raises(ValueError, match="gopher"):
        open_shelf("gopher://hole", tmp_path)


async def test_whoever_may_read_the_entry_may_see_its_photo(
    client: httpx.AsyncClient, district: District
):
    data, missing = jpeg(side=800), jpeg("blue")
    device, _ = device_with(district, TEACHER, data, missing)
    district.photos.keep(Sender("SY01", device.id, TEACHER), named(data), data)
    _, officer = admit(district, OFFICER)
    whole = await client.get(f"/v1/photos/{named(data)}", headers=bearer(officer))
    assert (whole.status_code, whole.content) == (200, data)
    assert whole.headers["content-type"] == "image/jpeg"
    small = await client.get(f"/v1/photos/{named(data)}/thumbnail", headers=bearer(officer))
    assert max(Image.open(io.BytesIO(small.content)).size) == 320
    asked = {"hashes": [named(data), named(missing), "0" * 64]}
    held = await client.post("/v1/photos/held", json=asked, headers=bearer(officer))
    assert held.json() == {"held": [named(data)]}
    gone = await client.get(f"/v1/photos/{named(missing)}", headers=bearer(officer))
    assert (gone.status_code, gone.json()["code"]) == (404, ProblemCode.PHOTO_UNKNOWN)


async def test_a_name_that_is_no_hash_is_not_looked_for(
    client: httpx.AsyncClient, district: District
):
    _, officer = admit(district, OFFICER)
    for name in ("x", "..%2f..%2fdistrict.sqlite3", "A" * 64):
        answer = await client.get(f"/v1/photos/{name}", headers=bearer(officer))
        assert answer.status_code in (400, 404, 422, 500) and answer.content[:1] == b"{"
        assert answer.status_code != 500 or answer.json()["code"] == ProblemCode.BAD_REQUEST


async def test_a_month_of_photos_is_asked_for_at_once(app: FastAPI, district: District):
    """By the app itself, which zips what is more than a packet."""
    data = jpeg()
    device, tokens = device_with(district, TEACHER, data)
    district.photos.keep(Sender("SY01", device.id, TEACHER), named(data), data)
    others = [f"{number:064x}" for number in range(PHOTOS_AT_ONCE - 1)]
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    line = Gateway("http://district", MemoryTokens(tokens), app_version="1", transport=transport)
    assert await line.photos_held([*others, named(data)]) == {named(data)}


async def test_what_asks_for_photos_is_limited(client: httpx.AsyncClient, district: District):
    _, officer = admit(district, OFFICER)
    long = b'{"hashes": [], "x": "' + b"y" * SMALL_LIMIT_BYTES + b'"}'
    answer = await client.post("/v1/photos/held", content=long, headers=bearer(officer))
    assert (answer.status_code, answer.json()["code"]) == (413, ProblemCode.TOO_LARGE)


@pytest.mark.parametrize("side", [30_000, 65_535])
async def test_a_bomb_has_no_thumbnail(client: httpx.AsyncClient, district: District, side: int):
    plain = jpeg()
    frame = plain.index(b"\xff\xc0") + 5
    data = plain[:frame] + side.to_bytes(2, "big") * 2 + plain[frame + 4 :]
    device, tokens = device_with(district, TEACHER, data)
    district.photos.keep(Sender("SY01", device.id, TEACHER), named(data), data)
    answer = await client.get(f"/v1/photos/{named(data)}/thumbnail", headers=bearer(tokens))
    assert (answer.status_code, answer.json()["code"]) == (404, ProblemCode.PHOTO_UNKNOWN)
