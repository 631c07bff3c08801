"""Pictures that were taken and belong to nothing yet: files that outlive a killed app."""

from pathlib import Path

from client.photos.errors import PictureGone
from client.photos.folder import write_durably
from ledger.identifiers import new_id


class DraftPictures:
    def __init__(self, root: Path) -> None:
        self.root = root

    def add(self, picture: bytes) -> str:
        """Keep it as it came; it is on the disk when this returns. Returns its name."""
        name = new_id()
        write_durably(self._path(name), picture)
        return name

    def read(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except OSError as error:
            raise PictureGone from error

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Oldest first."""
        if not self.root.is_dir():
            return []
        return sorted(path.stem for path in self.root.glob("*.picture"))

    def _path(self, name: str) -> Path:
        if not all(letter in "0123456789abcdef-" for letter in name):
            raise PictureGone
        return self.root / f"{name}.picture"
