"""Whatever way entries take to the server, the journal comes out right."""

import itertools
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copy
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from ledger.wire.journal import Push, Pushed
from server.clock import utc_now
from server.database import Database
from server.district import District
from server.journal.append import Sender
from server.journal.journal import Journal
from server.journal.push import push
from server.settings import Settings
from tests.devices import TestDevice, sent
from tests.server.conftest import HEADERS
from tests.server.running import Running
from tests.server.school import SCHOOL, TEACHER, admit, found_school

POINTS = ("p1", "p2", "p3", "nowhere")


def push_some(journal: Journal, device: TestDevice, places: list[int]) -> Pushed:
    entries = [device.entries[place] for place in places]
    message = Push(head=device.head_of(entries), entries=[sent(one) for one in entries])
    return push(journal, Sender(SCHOOL, device.id, device.actor), message)


def verdicts(database: Database) -> list[Any]:
    columns = (ENTRY.c.device, ENTRY.c.number, ENTRY.c.verdict, ENTRY.c.reason)
    with database.read() as connection:
        rows = connection.execute(select(*columns).order_by(ENTRY.c.device, ENTRY.c.number))
        return [tuple(row) for row in rows]


def records(database: Database) -> list[Any]:
    checkin = RECORDS["checkin"]
    with database.read() as connection:
        rows = connection.execute(select(checkin.c.id, checkin.c.point).order_by(checkin.c.id))
        return [tuple(row) for row in rows]


@st.composite
def ways(draw: st.DrawFn) -> list[list[int]]:
    """Batches of places 0…9 with gaps and repeats, after which everything has been sent."""
    batch = st.lists(st.integers(0, 9), min_size=1, max_size=6, unique=True).map(sorted)
    some = draw(st.lists(batch, max_size=8))
    rest = list(range(10))
    return [*some, rest] if draw(st.booleans()) else [*some, rest[5:], rest[:5]]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(way=ways())
def test_batches_gaps_and_repeats_make_no_difference(
    tmp_path: Path, migrated_sqlite: Path, way: list[list[int]]
):
    folder = tmp_path / str(random.Random().getrandbits(60))
    folder.mkdir()
    copy(migrated_sqlite, folder)
    district = District(Settings(data=str(folder)))
    try:
        found_school(district)
        device, _ = admit(district, TEACHER)
        for point in itertools.islice(itertools.cycle(POINTS), 10):
            device.check_in(point)
        for places in way:
            pushed = push_some(district.journal, device, places)
            assert len(pushed.receipts) == len(places)
        last = push_some(district.journal, device, [9])
        assert (last.number, last.hash) == (10, device.entries[-1].hash)
        own = [row for row in verdicts(district.database) if row[0] == device.id]
        expected = ["unknown_point" if one.header.number % 4 == 0 else "" for one in device.entries]
        assert [(number, reason) for _, number, _, reason in own] == list(
            zip(range(1, 11), expected, strict=True)
        )
        assert len(records(district.database)) == 8
    finally:
        district.close()


def test_a_state_kept_in_memory_is_right_after_another_process_wrote(district: District):
    """Two journals on one database, taking turns at one round."""
    journals = [district.journal, Journal(district.database, utc_now)]
    devices = [admit(district, TEACHER)[0] for _ in journals]
    for turn in range(6):
        device = devices[turn % 2]
        device.check_in("p1")
        pushed = push_some(journals[turn % 2], device, [len(device.entries) - 1])
        assert pushed.receipts[0].verdict == "accepted"
    assert len(records(district.database)) == 6


def test_a_failed_transaction_leaves_nothing_in_memory(
    district: District, monkeypatch: pytest.MonkeyPatch
):
    device, _ = admit(district, TEACHER)
    device.check_in("p1")
    before = verdicts(district.database)

    def fail(*_: object) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="the disk is gone"):
        patch.setattr("server.journal.judge.write_records", fail)
        push_some(district.journal, device, [0])
    assert verdicts(district.database) == before
    assert push_some(district.journal, device, [0]).receipts[0].verdict == "accepted"
    assert len(records(district.database)) == 1


def test_many_devices_at_once_through_two_servers_leave_no_gap(
    district: District, running_server: Callable[[], Running]
):
    addresses = [running_server().address, running_server().address]
    crowd = [admit(district, TEACHER) for _ in range(6)]
    start = district.journal.newest(SCHOOL)

    def walk(place: int) -> list[str]:
        device, tokens = crowd[place]
        headers = {**HEADERS, "Authorization": f"Bearer {tokens.access_token}"}
        said = []
        with httpx.Client(base_url=addresses[place % 2], headers=headers, timeout=30) as client:
            for _ in range(8):
                batch = [device.check_in(point) for point in ("p1", "p2", "p3")]
                content = device.push_of(batch).model_dump_json()
                answer = client.post("/v1/push", content=content)
                answer.raise_for_status()
                pushed = Pushed.model_validate_json(answer.content)
                said += [one.verdict.value for one in pushed.receipts]
        return said

    with ThreadPoolExecutor(len(crowd)) as threads:
        said = list(itertools.chain.from_iterable(threads.map(walk, range(len(crowd)))))
    assert said == ["accepted"] * (6 * 8 * 3)
    with district.database.read() as connection:
        seqs = connection.scalars(
            select(ENTRY.c.seq).where(ENTRY.c.school == SCHOOL, ENTRY.c.seq > start)
        ).all()
    assert sorted(one for one in seqs if one) == list(range(start + 1, start + 1 + len(said)))
    assert len(records(district.database)) == len(said)
