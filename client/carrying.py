"""Others' bundles, carried to where there is a network.

What is carried stays sealed: this device can't open it and need not. It lies in `carried/` under
the SHA-256 of its bytes until the server has taken it.
"""

import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from client.long_work import Note, beside, no_note
from client.store.identity import Identity
from ledger.bundle.format import BundleError, BundleForeign, BundleLine, check_whole, read_line

log = logging.getLogger(__name__)
ENDING, REFUSED, ARRIVING = ".xunan", ".refused", ".arriving"


@dataclass(frozen=True, slots=True)
class Carried:
    """A bundle on its way. `known` when it was here before."""

    path: Path
    entries: int
    photos: int
    known: bool = False


class Carrying:
    """Others' bundles on this device, in their folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def take_in(self, source: Path, identity: Identity, note: Note = no_note) -> Carried:
        """Check a bundle as far as its carrier can, and keep a copy until it is delivered.

        Raises `BundleError`, OSError and whatever `note` raises; then nothing is kept.
        """
        return await beside(lambda note: self._take_in(source, identity, note), note)

    def _take_in(self, source: Path, identity: Identity, note: Note) -> Carried:
        # One at a time: whatever a killed process left here is written over.
        aside = self._folder / ARRIVING
        total = source.stat().st_size
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with source.open("rb") as file, aside.open("wb") as copy:
                # Read twice, the file and the copy: each is half of it.
                line, name = check_whole(_Copied(file, copy), lambda done: note(done // 2, total))
                _check_ours(line, identity)
                path = self._folder / f"{name}{ENDING}"
                if path.exists():
                    return Carried(path, line.entries, line.photos, True)
                copy.flush()
                os.fsync(copy.fileno())
            with aside.open("rb") as file:
                if check_whole(file, lambda done: note((total + done) // 2, total))[1] != name:
                    raise OSError("the copy is not the file")
            aside.replace(path)
        finally:
            with suppress(OSError):
                aside.unlink(missing_ok=True)
        return Carried(path, line.entries, line.photos)

    def all(self) -> list[Carried]:
        """Those that still have to be delivered, oldest first."""
        return self._lying_here(ENDING)

    def refused(self) -> list[Carried]:
        """Those that the server will never take."""
        return self._lying_here(REFUSED)

    def _lying_here(self, ending: str) -> list[Carried]:
        found = []
        for path in sorted(self._folder.glob(f"*{ending}"), key=lambda one: one.stat().st_mtime):
            try:
                with path.open("rb") as file:
                    line, _ = read_line(file)
            except (BundleError, OSError) as error:
                log.warning("a carried bundle can't be read: %s", error)
                continue
            found.append(Carried(path, line.entries, line.photos, True))
        return found

    def delivered(self, path: Path) -> None:
        """The server has taken it."""
        path.unlink(missing_ok=True)

    def turned_away(self, path: Path) -> None:
        """The server will never take it; it is kept for whoever wants to know why."""
        path.replace(path.with_suffix(REFUSED))

    def forget(self) -> None:
        """Remove what was turned away. What still has to be delivered is another's and stays."""
        for path in self._folder.glob(f"*{REFUSED}"):
            path.unlink(missing_ok=True)


class _Copied:
    """A file that is also written to another as it is read."""

    def __init__(self, file: BinaryIO, copy: BinaryIO) -> None:
        self._file = file
        self._copy = copy

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self._copy.write(data)
        return data

    def readline(self, size: int = -1, /) -> bytes:
        line = self._file.readline(size)
        self._copy.write(line)
        return line


def _check_ours(line: BundleLine, identity: Identity) -> None:
    if (line.school, line.to) != (identity.school, identity.server_key):
        raise BundleForeign("of another school, or for another server")
