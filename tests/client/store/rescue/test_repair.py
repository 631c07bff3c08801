"""A damaged database file gives back what is still readable of it, and says what is not."""

import random
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.store.database import Database
from client.store.errors import Damaged, NotADatabase
from client.store.health import log_is_torn
from client.store.rescue.note import ChainState, chain_state, read_note
from client.store.rescue.repair import repair
from ledger.verdicts import Verdict
from tests.client.store.office import Office, check_in
from tests.client.store.rescue.damage import (
    AT,
    copy_as_killed,
    fill,
    overwrite,
    own,
    page_count,
    pages_of,
    repaired,
    tear_log,
)

ACCEPTED, PENDING = 40, 40


@cache
def filled_once() -> tuple[bytes, Office, list[str]]:
    """The file's bytes, the school around it, and the ids of the own entries in their order."""
    with TemporaryDirectory() as folder:
        path, office = Path(folder) / "xunan.db", Office()
        entries = fill(path, office, accepted=ACCEPTED, pending=PENDING)
        return path.read_bytes(), office, [one.header.id for one in entries]


@pytest.fixture
def filled() -> tuple[bytes, Office, list[str]]:
    return filled_once()


@pytest.fixture
def path(tmp_path: Path, filled: tuple[bytes, Office, list[str]]) -> Path:
    path = tmp_path / "xunan.db"
    path.write_bytes(filled[0])
    return path


def test_a_file_left_without_a_clean_stop_is_looked_through(path: Path) -> None:
    overwrite(path, pages_of(path, "entry")[1:2], random.Random(1))
    with pytest.raises(Damaged):
        Database.open(path)


def test_a_clean_stop_spares_the_look(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database.open(path).close()

    def never(_raw: object) -> str:
        raise AssertionError("looked through")

    monkeypatch.setattr("client.store.file.what_is_wrong", never)
    Database.open(path).close()
    path.touch()
    with pytest.raises(AssertionError, match="looked through"):
        Database.open(path)


def test_an_unsent_entry_whose_bytes_changed_is_found_though_every_page_holds(
    path: Path, filled: tuple[bytes, Office, list[str]]
) -> None:
    """SQLite checks how pages hang together, not what is written on them."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(
            "UPDATE entry SET header = replace(header, 'phone-1', 'phone-2') WHERE id = ?",
            (filled[2][-1],),
        )
    with pytest.raises(Damaged):
        Database.open(path)


def test_every_row_outside_a_torn_leaf_comes_back(
    path: Path, filled: tuple[bytes, Office, list[str]]
) -> None:
    _, office, ids = filled
    before = own(path, office)
    leaves = pages_of(path, "entry")[1:]
    overwrite(path, [leaves[len(leaves) // 2]], random.Random(2))
    note = repaired(path)
    after = own(path, office)
    assert after.items() <= before.items()
    lost = [number for number, id in enumerate(ids, 1) if id not in after]
    assert 0 < len(lost) <= 4
    assert [(one.first, one.last) for one in note.missing] == [(lost[0], lost[-1])]
    assert note.missing[0].after and note.missing[0].before
    assert note.own == len(after)


def test_rows_below_a_torn_root_come_back_from_their_pages(
    path: Path, filled: tuple[bytes, Office, list[str]]
) -> None:
    """SQLite finds nothing any more; the own entries' leaves are whole."""
    _, office, ids = filled
    before = own(path, office)
    overwrite(path, pages_of(path, "entry")[:1], random.Random(3))
    note = repaired(path)
    assert own(path, office) == before
    assert note.missing == () and note.own == len(ids)


def test_a_torn_first_page_loses_no_own_entry(
    path: Path, filled: tuple[bytes, Office, list[str]]
) -> None:
    _, office, _ = filled
    before = own(path, office)
    overwrite(path, [0], random.Random(4))
    note = repaired(path)
    assert own(path, office) == before
    assert note.unsent == PENDING


def test_entries_that_only_stand_in_the_log_come_back(tmp_path: Path) -> None:
    """A killed app leaves its newest entries in the write-ahead log."""
    office, path = Office(), tmp_path / "xunan.db"
    entries = fill(path, office, accepted=2, pending=2)
    database = Database.open(path)
    late = [database.write_now(lambda c: check_in(c, office, "p2")) for _ in range(3)]
    killed = copy_as_killed(path, tmp_path / "killed")
    database.close()
    tear_log(killed)
    with pytest.raises(Damaged):
        Database.open(killed)
    repaired(killed)
    assert set(own(killed, office)) == {one.header.id for one in (*entries, *late)}


@settings(max_examples=20)
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_whatever_is_torn_nothing_is_invented_and_what_is_lost_is_said(
    data: st.DataObject, seed: int
) -> None:
    with TemporaryDirectory() as folder:
        try_to_tear(Path(folder), data, seed)


def try_to_tear(folder: Path, data: st.DataObject, seed: int) -> None:
    content, office, ids = filled_once()
    path = folder / "xunan.db"
    path.write_bytes(content)
    before = own(path, office)
    count = page_count(path)
    torn = data.draw(st.lists(st.integers(0, count - 1), min_size=1, max_size=12, unique=True))
    overwrite(path, torn, random.Random(seed))
    damaged = path.read_bytes()
    note = repaired(path)
    assert note is not None
    aside = path.with_name(note.put_aside)
    assert aside.read_bytes() == damaged, "the damaged file is kept as it was"
    after = own(path, office)
    assert set(after) <= set(before)
    # An answer that can't be read counts as none: sending again brings the same one.
    assert all(said in (before[id], (Verdict.PENDING, None)) for id, said in after.items())
    gone = {number for number, id in enumerate(ids, 1) if id not in after}
    told = {number for one in note.missing for number in range(one.first, one.last + 1)}
    beyond = {number for number in gone if number > max(told | {0}) and number > len(after)}
    first = min((number for number, id in enumerate(ids, 1) if id in after), default=0)
    assert told | beyond | set(range(1, first)) >= gone
    # Each torn page can hold four entries at the most, and the pages that overflow.
    assert len(gone) <= 4 * len(torn)


def test_the_repaired_file_says_so_until_it_was_read(path: Path) -> None:
    overwrite(path, pages_of(path, "entry")[1:2], random.Random(6))
    note = repair(path, AT)
    database = Database.open(path)
    assert database.write_now(read_note) == note
    assert database.write_now(chain_state) is ChainState.IN_DOUBT
    database.close()


@pytest.mark.parametrize("content", [b"hello", b"%PDF-1.7" + bytes(50_000)])
def test_a_file_that_never_was_ours_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "xunan.db"
    path.write_bytes(content)
    with pytest.raises(NotADatabase):
        Database.open(path)
    assert repair(path, AT) is None
    assert path.read_bytes() == content
    assert [one.name for one in tmp_path.iterdir()] == ["xunan.db"]


def test_an_unfinished_write_at_the_end_of_the_log_is_no_damage(tmp_path: Path) -> None:
    office, path = Office(), tmp_path / "xunan.db"
    fill(path, office, accepted=1, pending=1)
    database = Database.open(path)
    database.write_now(lambda c: check_in(c, office, "p1"))
    killed = copy_as_killed(path, tmp_path / "killed")
    database.close()
    log = killed.with_name("xunan.db-wal")
    whole = log.read_bytes()
    assert not log_is_torn(killed)
    for end in (len(whole) - 1, len(whole) - 4000, 40, 32):
        log.write_bytes(whole[:end])
        assert not log_is_torn(killed), end
    for place in (40, 2000, len(whole) - 100):
        log.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert log_is_torn(killed), place
