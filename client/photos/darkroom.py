"""Developing away from the screen: one thread, one picture after the other.

One, so that a burst of pictures never needs more memory than one does.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from client.photos.develop import LONG_SIDE, Developed, develop, preview
from client.photos.drafts import DraftPictures
from client.photos.folder import PhotoFolder
from client.photos.marking import Mark, Stroke
from client.photos.reading import check_picture

T = TypeVar("T")


class Darkroom:
    def __init__(
        self, folder: PhotoFolder, drafts: DraftPictures, long_side: int = LONG_SIDE
    ) -> None:
        self.folder = folder
        self._drafts = drafts
        self._long_side = long_side
        self._thread: ThreadPoolExecutor | None = None

    async def take_in(self, picture: bytes) -> str:
        """Keep a picture that can be read; returns the draft's name. Raises `PhotoError`."""

        def work() -> str:
            check_picture(picture)
            return self._drafts.add(picture)

        return await self._run(work)

    async def preview(self, name: str, strokes: Sequence[Stroke] = ()) -> bytes:
        return await self._run(lambda: preview(self._drafts.read(name), strokes))

    async def develop_draft(
        self, name: str, mark: Mark | None, strokes: Sequence[Stroke] = ()
    ) -> Developed:
        """Make a photo of the draft and keep it in the folder; the draft stays."""

        def work() -> Developed:
            done = develop(
                self._drafts.read(name), mark, long_side=self._long_side, drawing=strokes
            )
            self.folder.keep(done)
            return done

        return await self._run(work)

    async def drop(self, names: Sequence[str]) -> None:
        def work() -> None:
            for name in names:
                self._drafts.remove(name)

        await self._run(work)

    def close(self) -> None:
        """Let the picture at hand be finished; the thread starts again when it is needed."""
        if self._thread is not None:
            self._thread.shutdown(wait=True)
            self._thread = None

    async def _run(self, work: Callable[[], T]) -> T:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="darkroom")
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
