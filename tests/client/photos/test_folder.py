"""Photos on the disk: whole under their name, or not there at all."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from client.photos.develop import develop
from client.photos.drafts import DraftPictures
from client.photos.errors import DamagedPicture, PictureGone
from client.photos.folder import PhotoFolder
from tests.client.photos.test_develop import MARK, encoded, scene


@pytest.fixture
def folder(tmp_path: Path) -> PhotoFolder:
    return PhotoFolder(tmp_path / "photos")


def files(folder: PhotoFolder) -> list[Path]:
    return [path for path in folder.root.rglob("*") if path.is_file()]


def test_a_photo_is_kept_with_its_thumbnail(folder: PhotoFolder) -> None:
    done = develop(encoded(scene()), MARK)
    folder.keep(done)
    folder.keep(done)
    whole, small = folder.path(done.hash), folder.thumbnail_path(done.hash)
    assert whole is not None and small is not None
    assert (whole.read_bytes(), small.read_bytes()) == (done.jpeg, done.thumbnail)
    assert len(files(folder)) == 2
    folder.forget(done.hash)
    assert files(folder) == []


def test_a_photo_from_elsewhere_must_be_the_one_it_is_called(folder: PhotoFolder) -> None:
    done = develop(encoded(scene()), MARK)
    with pytest.raises(DamagedPicture):
        folder.take_in("0" * 64, done.jpeg)
    assert files(folder) == []
    folder.take_in(done.hash, done.jpeg)
    assert folder.thumbnail_path(done.hash) is not None


def test_a_lost_device_keeps_only_its_owners_photos(folder: PhotoFolder) -> None:
    mine, other = (develop(encoded(scene(width, 300)), MARK) for width in (300, 400))
    folder.keep(mine)
    folder.keep(other)
    folder.forget_all_but({mine.hash})
    assert folder.path(mine.hash) is not None and folder.thumbnail_path(mine.hash) is not None
    assert folder.path(other.hash) is None and folder.thumbnail_path(other.hash) is None


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 63 + "/"])
def test_only_hashes_are_names(folder: PhotoFolder, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        folder.path(name)


def test_a_full_disk_leaves_nothing_half_written(folder: PhotoFolder, tmp_path: Path) -> None:
    """In a process whose files may not grow beyond 4 kB, which the system treats alike."""
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(encoded(scene(), quality=95))
    script = f"""
import resource, signal
from pathlib import Path
from client.photos.develop import develop
from client.photos.errors import NoRoomForPhoto
from client.photos.folder import PhotoFolder
done = develop(Path({str(picture)!r}).read_bytes(), None)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    PhotoFolder(Path({str(folder.root)!r})).keep(done)
except NoRoomForPhoto as error:
    raise SystemExit(0 if error.word == "photos.no_room" else 2)
raise SystemExit(1)
"""
    assert resource.RLIMIT_FSIZE
    done = subprocess.run([sys.executable, "-c", script], timeout=60, check=False)
    assert done.returncode == 0
    left = files(folder)
    assert [path for path in left if not path.name.endswith(".thumb.jpg")] == []


def test_pictures_that_were_begun_outlive_the_app(tmp_path: Path) -> None:
    name = DraftPictures(tmp_path).add(b"one")
    again = DraftPictures(tmp_path)
    assert again.names() == [name] and again.read(name) == b"one"
    again.remove(name)
    with pytest.raises(PictureGone):
        again.read(name)
    with pytest.raises(PictureGone):
        again.read("../secrets")
