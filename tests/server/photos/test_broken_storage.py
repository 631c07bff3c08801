"""A bucket that fails, hangs, or gives back something else: the answer is clear, nobody else waits
for it, and no photo counts as kept that isn't."""

import asyncio
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from ledger.wire.problems import ProblemCode
from server.district import District
from server.photos import shelves
from server.photos.shelves import BucketShelf, ShelfFailed, open_shelf
from server.photos.store import PhotoStore
from tests.server.photos.pictures import bearer, device_with, jpeg, named
from tests.server.photos.test_uploads import TUS, UPLOADS, announce, code, send, upload_of
from tests.server.school import SCHOOL, TEACHER


class Bucket(ThreadingHTTPServer):
    """Speaks as much of S3 as one object needs, as badly as it is told."""

    daemon_threads = True
    kept: bytes | None = None
    status = 200
    slow_s = 0.0
    asked = 0

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked has hung up."""


class Talk(BaseHTTPRequestHandler):
    def do_PUT(self) -> None:
        data, bucket = self.rfile.read(int(self.headers["content-length"])), self.bucket()
        if bucket.status == 200:
            bucket.kept = data
        self.answer(b"")

    def do_GET(self) -> None:
        kept = self.bucket().kept
        self.answer(kept or b"", 200 if kept is not None else 404)

    def bucket(self) -> Bucket:
        assert isinstance(self.server, Bucket)
        return self.server

    def answer(self, data: bytes, status: int = 200) -> None:
        bucket = self.bucket()
        bucket.asked += 1
        time.sleep(bucket.slow_s)
        status = status if bucket.status == 200 else bucket.status
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Mon, 02 Mar 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    bucket = Bucket(("127.0.0.1", 0), Talk)
    thread = threading.Thread(target=bucket.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{bucket.server_port}")
    for name, value in (
        ("ALLOW_HTTP", "true"),
        ("REGION", "us-east-1"),
        ("ACCESS_KEY_ID", "test"),
        ("SECRET_ACCESS_KEY", "test"),
    ):
        monkeypatch.setenv(f"AWS_{name}", value)
    yield bucket
    bucket.shutdown()
    bucket.server_close()


@pytest.fixture
def shelf(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> BucketShelf:
    monkeypatch.setenv("AWS_TIMEOUT", "500ms")
    monkeypatch.setenv("AWS_CONNECT_TIMEOUT", "500ms")
    monkeypatch.setattr(shelves, "TRY_AGAIN_FOR", timedelta(seconds=0.5))
    shelf = open_shelf("s3://photos/district", Path())
    assert isinstance(shelf, BucketShelf)
    return shelf


@pytest.mark.parametrize(("status", "slow_s"), [(503, 0.0), (403, 0.0), (200, 2.0)])
def test_a_bucket_that_fails_or_hangs_is_given_up_soon(
    bucket: Bucket, shelf: BucketShelf, status: int, slow_s: float
) -> None:
    bucket.kept, bucket.status, bucket.slow_s = b"x", status, slow_s
    began = time.monotonic()
    with pytest.raises(ShelfFailed):
        shelf.put("a", b"x")
    with pytest.raises(ShelfFailed):
        shelf.get("a")
    assert time.monotonic() - began < 8


def test_one_bad_answer_is_not_the_last_word(bucket: Bucket, shelf: BucketShelf) -> None:
    bucket.status = 503
    threading.Timer(0.1, lambda: setattr(bucket, "status", 200)).start()
    shelf.put("a", b"x")
    assert bucket.asked > 1 and shelf.get("a") == b"x"


@pytest.fixture
def stored(district: District, shelf: BucketShelf) -> PhotoStore:
    district.photos = PhotoStore(district.database, shelf, district.now)
    return district.photos


async def test_a_photo_that_could_not_be_kept_counts_for_nothing_and_the_next_try_keeps_it(
    client: httpx.AsyncClient, district: District, stored: PhotoStore, bucket: Bucket
) -> None:
    data = jpeg("green")
    _, tokens = device_with(district, TEACHER, data)
    upload = upload_of(await announce(client, tokens, data))
    bucket.status = 503
    assert code(await send(client, tokens, upload, data)) == ProblemCode.SERVER_FAULT
    assert stored.held(SCHOOL, [named(data)]) == set()
    bucket.status = 200
    there = await client.head(f"{UPLOADS}/{upload}", headers={**bearer(tokens), **TUS})
    at = int(there.headers["upload-offset"])
    assert (await send(client, tokens, upload, data[at:], at)).status_code == 204
    assert stored.held(SCHOOL, [named(data)]) == {named(data)}
    assert bucket.kept == data


async def test_something_else_than_the_photo_is_given_to_nobody(
    client: httpx.AsyncClient, district: District, stored: PhotoStore, bucket: Bucket
) -> None:
    data = jpeg("green")
    _, tokens = device_with(district, TEACHER, data)
    upload = upload_of(await announce(client, tokens, data))
    await send(client, tokens, upload, data)
    for wrong, said in ((jpeg("red"), "server_fault"), (None, "photo_unknown")):
        bucket.kept = wrong
        whole = await client.get(f"/v1/photos/{named(data)}", headers=bearer(tokens))
        assert code(whole) == said
    bucket.kept, bucket.status = data, 503
    whole = await client.get(f"/v1/photos/{named(data)}", headers=bearer(tokens))
    assert code(whole) == ProblemCode.SERVER_FAULT
    bucket.status = 200
    whole = await client.get(f"/v1/photos/{named(data)}", headers=bearer(tokens))
    assert whole.content == data


async def test_nobody_else_waits_for_a_slow_bucket(
    client: httpx.AsyncClient,
    district: District,
    bucket: Bucket,
    shelf: BucketShelf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_TIMEOUT", "20s")
    slow = open_shelf("s3://photos/district", Path())
    district.photos = PhotoStore(district.database, slow, district.now)
    data = jpeg("green")
    _, tokens = device_with(district, TEACHER, data)
    upload = upload_of(await announce(client, tokens, data))
    await send(client, tokens, upload, data)
    bucket.slow_s = 2.0
    path = f"/v1/photos/{named(data)}"
    looking = [asyncio.create_task(client.get(path, headers=bearer(tokens))) for _ in range(6)]
    await asyncio.sleep(0.1)
    answer = await client.post("/v1/pull", content="{}", headers=bearer(tokens))
    assert answer.status_code == 200 and not any(one.done() for one in looking)
    assert [(await one).content for one in looking] == [data] * 6
