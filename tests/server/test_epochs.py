"""A server restored from a backup hides nothing from a reader who was away meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.wire.journal import Pull, Pulled
from server.clock import utc_now
from server.district import District
from server.journal.append import Sender
from server.journal.arrivals import Arrival
from server.journal.pull import pull
from server.settings import Settings
from tests.devices import TestDevice
from tests.server.school import PRINCIPAL, SCHOOL, TEACHER, admit, found_school

SCOPE = f"school:{SCHOOL}"


class Restored:
    """One district's database file, its backup, and the processes that served it."""

    def __init__(self, folder: Path) -> None:
        self._settings = Settings(data=str(folder))
        self._file = folder / "district.sqlite3"
        self._backup = folder / "backup.sqlite3"
        self.district = District(self._settings, utc_now)

    def back_up(self) -> None:
        """While it runs, as the manual says."""
        with (
            closing(sqlite3.connect(self._file)) as one,
            closing(sqlite3.connect(self._backup)) as to,
        ):
            one.backup(to)

    def restore(self) -> None:
        self.district.close()
        self._file.write_bytes(self._backup.read_bytes())
        self.district = District(self._settings, utc_now)

    def restart(self) -> None:
        self.district.close()
        self.district = District(self._settings, utc_now)

    def push(self, device: TestDevice, *points: str) -> list[str]:
        written = [device.check_in(point) for point in points]
        self.send(device)
        return [entry.header.id for entry in written]

    def send(self, device: TestDevice) -> None:
        arrivals = [Arrival.of(entry) for entry in device.entries]
        with self.district.journal.append(SCHOOL) as work:
            head = device.head_of(device.entries)
            work.add(Sender(SCHOOL, device.id, device.actor), arrivals, head)

    def pull(self, device: TestDevice, **message: object) -> Pulled:
        sender = Sender(SCHOOL, device.id, device.actor)
        pieces = pull(self.district.journal, sender, Pull.model_validate(message))
        return Pulled.model_validate_json(b"".join(one.plain for one in pieces))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Restored]:
    server = Restored(tmp_path)
    found_school(server.district)
    yield server
    server.district.close()


def ids(answer: Pulled) -> set[str]:
    return {entry.header.split('"id":"')[1][:36] for entry in answer.entries}


def test_who_was_away_while_others_passed_the_cursor_again_misses_nothing(server: Restored):
    desk, _ = admit(server.district, PRINCIPAL)
    one, _ = admit(server.district, TEACHER)
    two, _ = admit(server.district, TEACHER)
    server.back_up()
    lost = server.push(one, "p1", "p2", "p3")
    seen = server.pull(desk)
    assert set(lost) <= ids(seen)

    server.restore()
    others = server.push(two, "p1", "p2", "p3", "p1")
    server.send(one)
    answer = server.pull(desk, cursors=seen.cursors, epoch=seen.epoch)
    assert ids(answer) == {*others, *lost}
    assert answer.epoch != seen.epoch
    again = server.pull(desk, cursors=answer.cursors, epoch=answer.epoch)
    assert (again.entries, again.epoch) == ([], answer.epoch)


def test_the_same_entry_in_the_same_place_hides_nothing_before_it(server: Restored):
    """What is at the cursor may be the same by chance, and what is below it still differs."""
    desk, _ = admit(server.district, PRINCIPAL)
    one, _ = admit(server.district, TEACHER)
    two, _ = admit(server.district, TEACHER)
    three, _ = admit(server.district, TEACHER)
    server.back_up()
    server.push(one, "p1")
    last = server.push(two, "p2")
    seen = server.pull(desk)

    server.restore()
    hidden = server.push(three, "p3")
    server.send(two)
    answer = server.pull(desk, cursors=seen.cursors, epoch=seen.epoch)
    assert ids(answer) == {*hidden, *last}


def test_a_restart_costs_a_reader_nothing(server: Restored):
    desk, _ = admit(server.district, PRINCIPAL)
    phone, _ = admit(server.district, TEACHER)
    server.push(phone, "p1")
    seen = server.pull(desk)
    fresh: list[str] = []
    for _ in range(3):
        server.restart()
        fresh = server.push(phone, "p2")
    answer = server.pull(desk, cursors=seen.cursors, epoch=seen.epoch)
    assert len(answer.entries) == 3 and set(fresh) <= ids(answer)


def test_a_backup_from_before_a_restart_only_costs_reading_again(server: Restored):
    desk, _ = admit(server.district, PRINCIPAL)
    one, _ = admit(server.district, TEACHER)
    server.back_up()
    server.restart()
    server.push(one, "p1")
    seen = server.pull(desk)
    server.restore()
    two, _ = admit(server.district, TEACHER)
    others = server.push(two, "p2", "p3")
    answer = server.pull(desk, cursors=seen.cursors, epoch=seen.epoch)
    assert set(others) <= ids(answer) and answer.entries[0].seq == 1


def test_an_epoch_of_another_server_starts_again(server: Restored):
    desk, _ = admit(server.district, PRINCIPAL)
    everything = server.pull(desk)
    answer = server.pull(desk, cursors=everything.cursors, epoch="somebody else's")
    assert ids(answer) == ids(everything)


def test_a_database_replaced_under_a_running_server_begins_an_epoch_too(server: Restored):
    desk, _ = admit(server.district, PRINCIPAL)
    phone, _ = admit(server.district, TEACHER)
    server.push(phone, "p1")
    before = server.pull(desk).epoch
    server.district.journal._written[SCHOOL] += 5
    server.push(phone, "p2")
    assert server.pull(desk).epoch not in ("", before)
