"""This device's photos behind the port that `client.actions` names.

Puts the photo folder, the darkroom's thread and the network together, and turns what goes wrong
with a picture into a sentence.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from client.actions.errors import ActionFailed
from client.actions.pictures import Developed, Marking
from client.photos.darkroom import Darkroom
from client.photos.develop import Mark, Stroke
from client.photos.errors import PhotoError
from client.store.hazard_drafts import Picture

Fetch = Callable[[str], Awaitable[None]]
"""Bring a photo, or its thumbnail, into the folder; does nothing while there is no network."""


class DeviceAlbum:
    def __init__(self, darkroom: Darkroom) -> None:
        self._darkroom = darkroom
        self.fetch_photo: Fetch = _stay
        self.fetch_thumbnail: Fetch = _stay

    async def add(self, picture: bytes) -> str:
        with _explained():
            return await self._darkroom.take_in(picture)

    async def preview(self, picture: Picture) -> bytes:
        with _explained():
            return await self._darkroom.preview(picture.name, _strokes(picture))

    async def develop(self, picture: Picture, marking: Marking) -> Developed:
        mark = Mark(marking.school, marking.place, marking.at, marking.person, marking.entry)
        with _explained():
            done = await self._darkroom.develop_draft(picture.name, mark, _strokes(picture))
        return Developed(done.hash, len(done.jpeg), done.source_hash)

    async def remove(self, names: Sequence[str]) -> None:
        with _explained():
            await self._darkroom.drop(names)

    async def photo(self, hash: str) -> Path | None:
        folder = self._darkroom.folder
        if folder.path(hash) is None:
            await self.fetch_photo(hash)
        return folder.path(hash)

    async def thumbnail(self, hash: str) -> Path | None:
        folder = self._darkroom.folder
        if folder.thumbnail_path(hash) is None:
            await self.fetch_thumbnail(hash)
        return folder.thumbnail_path(hash)

    def close(self) -> None:
        self._darkroom.close()


async def _stay(_hash: str) -> None:
    """Without a network there is nothing to fetch."""


def _strokes(picture: Picture) -> tuple[Stroke, ...]:
    return tuple(
        Stroke("circle" if shape == "circle" else "arrow", x1, y1, x2, y2)
        for shape, x1, y1, x2, y2 in picture.strokes
    )


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except PhotoError as error:
        raise ActionFailed(error.word) from error
