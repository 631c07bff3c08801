"""The photo lane: one photo that can't go keeps back none of the others, and loses nothing."""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import cast

import httpx
import pytest

from client.gateway.errors import Refused
from client.gateway.gateway import Gateway
from client.gateway.tokens import MemoryTokens
from client.store.photos import PhotoState, note_own
from client.store.receipts import keep_word
from client.store.store import Store
from client.store.tables import PHOTO
from client.sync.photo_folder import Folder
from client.sync.photos import PhotoLane
from ledger.wire.accounts import Tokens
from ledger.wire.photos import PhotosAsked, PhotosHeld
from ledger.wire.problems import Problem, ProblemCode
from tests.client.store.office import SEVEN, Office, check_in, open_school, receipt

PICTURES = {hashlib.sha256(one).hexdigest(): one for one in (b"one", b"two", b"three")}
FIRST, SECOND, THIRD = sorted(PICTURES)
WAITING, RECEIVED, REFUSED = (state.value for state in PhotoState)


class Shelf:
    """The server's photos; `faulty` are those it stumbles over."""

    def __init__(self) -> None:
        self.held: set[str] = set()
        self.faulty: set[str] = set()
        self.bytes = 0

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("/held"):
            asked = PhotosAsked.model_validate_json(request.content)
            held = tuple(one for one in asked.hashes if one in self.held)
            return httpx.Response(200, content=PhotosHeld(held=held).model_dump_json())
        if request.method == "POST":
            told = request.headers["upload-metadata"].rpartition(" ")[2]
            hash = base64.b64decode(told).decode()
            return httpx.Response(201, headers={"Location": f"/v1/photos/uploads/{hash}"})
        hash = path.rpartition("/")[2]
        if hash in self.faulty:
            problem = Problem(code=ProblemCode.SERVER_FAULT)
            return httpx.Response(500, content=problem.model_dump_json())
        if request.method == "HEAD":
            return httpx.Response(404)
        self.bytes += len(request.content)
        self.held.add(hash)
        return httpx.Response(204)


class Files:
    """This device's photo files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for hash, picture in PICTURES.items():
            (root / hash).write_bytes(picture)

    def path(self, hash: str) -> Path | None:
        return self.root / hash if (self.root / hash).exists() else None

    def thumbnail_path(self, hash: str) -> Path | None:
        return self.path(hash)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def store(tmp_path: Path):
    office = Office()
    store = Store(open_school(tmp_path / "xunan.sqlite3", office))

    def write(connection) -> None:  # type: ignore[no-untyped-def]
        entry = check_in(connection, office, "p1")
        sizes = [(hash, len(PICTURES[hash])) for hash in sorted(PICTURES)]
        note_own(connection, entry.header.id, sizes, SEVEN.isoformat())
        keep_word(
            connection,
            office.identity,
            [receipt(entry, seq=office.seq + 1)],
            [entry.header.id],
            1,
            entry.hash,
            SEVEN.isoformat(),
        )

    await store.write(write)
    yield store
    store.close()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    (tmp_path / "photos").mkdir()
    return Files(tmp_path / "photos")


@pytest.fixture
def lane(store: Store, shelf: Shelf, files: Files) -> PhotoLane:
    tokens = MemoryTokens(Tokens(access_token="a", refresh_token="r", expires_in=600))
    transport = httpx.MockTransport(shelf.answer)
    gateway = Gateway("http://d", tokens, app_version="1", transport=transport)
    folder = cast(Folder, files)
    return PhotoLane(store, gateway, Office().identity, folder, SEVEN.isoformat)


async def states(store: Store) -> list[str]:
    return await store.read(
        lambda c: list(
            c.scalars(PHOTO.select().with_only_columns(PHOTO.c.state).order_by(PHOTO.c.hash))
        )
    )


async def test_all_of_them_arrive(lane: PhotoLane, store: Store, shelf: Shelf) -> None:
    await lane.run()
    assert await states(store) == [RECEIVED] * 3


async def test_one_the_server_stumbles_over_keeps_back_none_behind_it(
    lane: PhotoLane, store: Store, shelf: Shelf
) -> None:
    shelf.faulty = {FIRST}
    for _ in range(2):
        with pytest.raises(Refused):
            await lane.run()
    assert await states(store) == [WAITING, RECEIVED, RECEIVED]
    shelf.faulty = set()
    await lane.run()
    assert await states(store) == [RECEIVED] * 3


@pytest.mark.parametrize(
    "spoil", [lambda path: path.unlink() or path.mkdir(), Path.unlink], ids=["unreadable", "gone"]
)
async def test_a_file_that_cannot_be_read_keeps_back_none_behind_it(
    lane: PhotoLane, store: Store, files: Files, spoil: Callable[[Path], None]
) -> None:
    spoil(files.root / FIRST)
    await lane.run()
    assert (await states(store))[1:] == [RECEIVED, RECEIVED]


async def test_a_file_that_is_no_longer_the_photo_is_not_sent_again_and_again(
    lane: PhotoLane, store: Store, files: Files, shelf: Shelf
) -> None:
    (files.root / SECOND).write_bytes(b"tw")
    await lane.run()
    assert await states(store) == [RECEIVED, REFUSED, RECEIVED]
    assert shelf.bytes == len(PICTURES[FIRST]) + len(PICTURES[THIRD])
