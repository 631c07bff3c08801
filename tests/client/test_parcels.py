"""Writing a bundle and taking one in: told step by step, stopped at any of them, nothing lost."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from client.actions.errors import ActionFailed
from client.bar import ERASE_LINE, bar, line
from client.bundle_run import BundleRun, DeliveryRun
from client.carrying import Carrying
from client.long_work import Note, Stopped
from client.parcels import export_bundle
from client.photos.folder import PhotoFolder
from client.store import outgoing
from client.store.own_chain import exported_up_to
from client.store.photos import note_own, photo_counts
from client.store.queue import own_entries
from client.store.store import Store
from client.store.sync_views import Moving, ProgressView
from ledger.bundle.format import BundleDamaged
from ledger.bundle.reading import open_bundle, photos_in
from ledger.keys import DeviceKey
from tests.client.store.office import SEVEN, Office, check_in, open_school

pytestmark = pytest.mark.asyncio
ENTRIES, PHOTOS, PHOTO_BYTES = 4, 120, 20_000
KEY = DeviceKey.generate()


@dataclass
class Phone:
    """A device with unsent records and many photos."""

    store: Store
    office: Office
    photos: PhotoFolder
    target: Path

    async def export(
        self,
        note: Note = lambda done, total: None,
        path: Callable[[str], Path | None] | None = None,
    ):
        return await export_bundle(
            self.store,
            self.office.identity,
            KEY,
            SEVEN.isoformat(),
            path or self.photos.path,
            self.target,
            note,
        )

    async def is_as_before(self) -> None:
        """No entry and no photo is marked, no number is used up, no half file stands anywhere."""
        own = await self.store.read(lambda c: own_entries(c, self.office.identity))
        assert own.pending == ENTRIES
        assert (await self.store.read(photo_counts)).waiting == PHOTOS
        assert await self.store.read(exported_up_to) == 0
        assert not [one for one in self.target.parent.iterdir() if one.is_file()]

    async def exports_all(self) -> None:
        """What was lost by an attempt before would be missing now."""
        done = await self.export()
        assert (done.entries, done.photos) == (ENTRIES, PHOTOS)
        data = io.BytesIO(self.target.read_bytes())
        assert len(open_bundle(data, self.office.server.key).entries) == ENTRIES
        data.seek(0)
        found = {hash for hash, _ in photos_in(data, self.office.server.key)}
        assert len(found) == PHOTOS
        assert await self.store.read(exported_up_to) == ENTRIES


@pytest.fixture
async def phone(tmp_path: Path) -> AsyncIterator[Phone]:
    office, folder = Office(), PhotoFolder(tmp_path / "photos")
    store = Store(open_school(tmp_path / "xunan.sqlite3", office))
    jpegs = [number.to_bytes(4, "big") * (PHOTO_BYTES // 4) for number in range(PHOTOS)]
    kept = [(hashlib.sha256(jpeg).hexdigest(), jpeg) for jpeg in jpegs]
    for hash, jpeg in kept:
        file = folder.root / hash[:2] / f"{hash}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(jpeg)

    def write(connection) -> None:
        entries = [check_in(connection, office, f"p{place}") for place in range(1, ENTRIES + 1)]
        sizes = [(hash, len(jpeg)) for hash, jpeg in kept]
        note_own(connection, entries[0].header.id, sizes, SEVEN.isoformat())

    await store.write(write)
    (tmp_path / "stick").mkdir()
    yield Phone(store, office, folder, tmp_path / "stick" / "records.xunan")
    store.close()


def stop_at(share: float) -> Note:
    def note(done: int, total: int) -> None:
        if done >= share * total:
            raise Stopped

    return note


async def test_every_entry_and_photo_moves_the_bar(phone: Phone) -> None:
    told: list[tuple[int, int]] = []
    await phone.export(lambda done, total: told.append((done, total)))
    assert len(told) == 1 + ENTRIES + PHOTOS
    assert told == sorted(told)
    assert {total for _, total in told} == {told[-1][0]}, "the bar ends full"
    assert told[-1][0] > PHOTOS * PHOTO_BYTES


async def test_it_holds_more_than_goes_into_one_push(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A month is more, and what the first bundle lacks would be in none."""
    monkeypatch.setattr(outgoing, "BATCH_BYTES", 1000)
    await phone.exports_all()


async def test_a_spoilt_photo_spoils_no_record(phone: Phone) -> None:
    """The server would find the bundle damaged as a whole."""
    cut, unreadable = sorted(phone.photos.root.glob("*/*.jpg"))[:2]
    cut.write_bytes(cut.read_bytes()[:-1])
    unreadable.unlink()
    unreadable.mkdir()
    done = await phone.export(path=lambda hash: phone.photos.root / hash[:2] / f"{hash}.jpg")
    assert (done.entries, done.photos) == (ENTRIES, PHOTOS - 2)
    assert open_bundle(io.BytesIO(phone.target.read_bytes()), phone.office.server.key)


@pytest.mark.parametrize("share", [0, 0.0001, 0.5, 1])
async def test_stopped_anywhere_it_leaves_no_file_and_uses_no_number(
    phone: Phone, share: float
) -> None:
    with pytest.raises(Stopped):
        await phone.export(stop_at(share))
    await phone.is_as_before()
    await phone.exports_all()


async def test_a_photo_that_goes_meanwhile_stays_away(phone: Phone) -> None:
    """As if somebody took the card out."""
    gone = sorted(phone.photos.root.glob("*/*.jpg"))[-1]
    done = await phone.export(lambda done, total: gone.unlink(missing_ok=True))
    assert (done.entries, done.photos) == (ENTRIES, PHOTOS - 1)
    assert open_bundle(io.BytesIO(phone.target.read_bytes()), phone.office.server.key)


async def test_a_failed_one_leaves_no_file_and_uses_no_number(phone: Phone) -> None:
    phone.target.mkdir()
    with pytest.raises(OSError, match="directory"):
        await phone.export()
    await phone.is_as_before()
    phone.target.rmdir()
    await phone.exports_all()


async def test_the_app_goes_on_while_it_is_written(phone: Phone) -> None:
    """With the writing held still in its midst, records are saved and read as ever."""
    midst, go_on = Event(), Event()

    def note(done: int, total: int) -> None:
        if done > total // 2:
            midst.set()
            assert go_on.wait(10)

    exporting = asyncio.create_task(phone.export(note))
    assert await asyncio.to_thread(midst.wait, 10)
    await phone.store.write(lambda c: check_in(c, phone.office, "p1"))
    own = await phone.store.read(lambda c: own_entries(c, phone.office.identity))
    assert own.pending == ENTRIES + 1
    assert not exporting.done()
    go_on.set()
    assert (await exporting).entries == ENTRIES, "what was saved meanwhile is for the next one"
    assert await phone.store.read(exported_up_to) == ENTRIES


async def test_an_app_that_ends_meanwhile_leaves_nothing(phone: Phone) -> None:
    midst = Event()
    exporting = asyncio.create_task(phone.export(lambda done, total: midst.set()))
    assert await asyncio.to_thread(midst.wait, 10)
    exporting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await exporting
    await phone.is_as_before()


async def test_taking_in_can_be_stopped_and_done_again(phone: Phone, tmp_path: Path) -> None:
    await phone.exports_all()
    carrying, folder = Carrying(tmp_path / "carried"), tmp_path / "carried"
    identity = phone.office.identity
    for share in (0.1, 0.6, 1):
        with pytest.raises(Stopped):
            await carrying.take_in(phone.target, identity, stop_at(share))
        assert not list(folder.iterdir())
    # What a killed process left is neither taken for a bundle nor in the way.
    (folder / ".arriving").write_bytes(phone.target.read_bytes()[:1000])
    assert not carrying.all()
    told: list[tuple[int, int]] = []
    found = await carrying.take_in(phone.target, identity, lambda *now: told.append(now))
    size = phone.target.stat().st_size
    assert told == sorted(told)
    assert told[-1] == (size, size)
    assert (found.entries, found.photos, found.known) == (ENTRIES, PHOTOS, False)
    assert (await carrying.take_in(phone.target, identity)).known
    assert [one.path.name for one in carrying.all()] == [one.name for one in folder.iterdir()]


async def test_what_is_no_whole_bundle_is_not_kept(phone: Phone, tmp_path: Path) -> None:
    await phone.exports_all()
    phone.target.write_bytes(phone.target.read_bytes()[:-1])
    with pytest.raises(BundleDamaged):
        await Carrying(tmp_path / "carried").take_in(phone.target, phone.office.identity)
    assert not list((tmp_path / "carried").iterdir())


async def test_one_bundle_at_a_time_is_shown_until_it_ends() -> None:
    shown: list[ProgressView | None] = []
    run = BundleRun(shown.append)
    with run.under_way(Moving.PACKED) as note:
        with pytest.raises(ActionFailed) as busy, run.under_way(Moving.TAKEN_IN):
            pass
        assert busy.value.word == "bundle.busy"
        await asyncio.to_thread(note, 5, 10)
        await asyncio.sleep(0)
    assert shown == [
        ProgressView(Moving.PACKED, 0, 0),
        ProgressView(Moving.PACKED, 5, 10),
        None,
    ]
    with pytest.raises(ActionFailed) as stopped, run.under_way(Moving.PACKED) as note:
        run.stop()
        note(1, 10)
    assert stopped.value.word == "bundle.stopped"
    assert shown[-1] is None
    run.stop()
    with run.under_way(Moving.PACKED) as note:
        note(1, 10)  # a stop that came too late stops nothing later


async def test_a_delivery_is_shown_until_it_ends_and_knows_nothing_of_other_bundles() -> None:
    shown: list[ProgressView | None] = []
    run = DeliveryRun(shown.append)
    with BundleRun(lambda _: None).under_way(Moving.PACKED), run.under_way() as note:
        note(5, 10)
        note(6, 10)  # too soon for anybody's eyes
    first, second = ProgressView(Moving.DELIVERED, 0, 0), ProgressView(Moving.DELIVERED, 5, 10)
    assert shown == [first, second, None]
    with pytest.raises(OSError), run.under_way():
        raise OSError("the line is dead")
    assert shown[-1] is None


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def test_the_command_shows_how_far_an_export_is(phone: Phone) -> None:
    seen = Terminal()
    with bar(seen) as note:
        done = await phone.export(note)
    lines = seen.getvalue().split(ERASE_LINE)
    assert "100%" in lines[-2] and "MB" in lines[-2]
    assert lines[-1] == "", "nothing of it is left beside the result"
    assert done.entries == ENTRIES
    silent = io.StringIO()
    with bar(silent) as note:
        note(1, 2)
    assert silent.getvalue() == "", "a file gets no bar"


async def test_a_bars_line_says_share_size_and_time_left() -> None:
    assert line(1_200_000, 2_400_000, 12) == f"[{'#' * 15}{'-' * 15}]  50%  1.2 / 2.4 MB, 12 s left"
    assert line(0, 0, None).startswith(f"[{'#' * 30}] 100%")
