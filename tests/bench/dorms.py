"""The night's figures: saving a room and showing the next, and opening a building's map, on a
device with 3,000 sealed pupils and a school year of roll-calls."""

import asyncio
import statistics
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from client.actions.dorms import DormActions
from client.device.clock import DeviceClock
from client.state.app import State
from client.state.loading import Loading
from client.store import history
from client.store.identity import Identity, write_identity
from client.store.store import Store
from ledger.entry import Body, Entry
from ledger.permissions import grants_for, scope_of
from ledger.projection import StoredEntry
from ledger.rules.dorms.bodies import Mark, RoomMarked
from ledger.rules.dorms.buildings import BuildingSet, Room
from ledger.rules.dorms.nights import night_of, rollcall_subject
from ledger.rules.dorms.statuses import Status
from ledger.rules.dorms.students import StudentSet
from ledger.rules.people import DeviceSet, StaffSet
from ledger.rules.places import SchoolSet
from ledger.rules.rule import Author, Role
from ledger.sealing import Seal, new_key
from ledger.verdicts import Verdict
from tests.bench.year import CHINA, SCHOOL
from tests.devices import TestDevice

BUILDINGS, ROOMS, BEDS = 3, 120, 8
PUPILS, MARKS = 3_000, 20_000
BATCH = 1_000
OPENINGS = 20


def _entries(server: TestDevice, tonight: date) -> list[Entry]:
    """The school, its pupils, and the marks of as many nights as make `MARKS`."""
    written: list[Entry] = []

    def write(kind: str, subject: str, body: Body, at: str = "2026-01-01T08:00:00+08:00") -> None:
        scope = scope_of(kind, SCHOOL, subject, body)
        written.append(server.write(kind, subject, body, scope=scope, at=at))

    write("school.set", f"school:{SCHOOL}", SchoolSet(name="实验学校", district="d"))
    supervisor = StaffSet(name="吴老师", roles=(Role.DORM_SUPERVISOR,), buildings=("b0",))
    leader = StaffSet(name="钱老师", roles=(Role.DUTY_LEADER,))
    write("staff.set", "staff:me", supervisor)
    write("staff.set", "staff:leader", leader)
    device = DeviceSet(name="手机", actor="leader", public_key=server.key.public)
    write("device.set", "device:phone", device)
    beds: list[tuple[str, str, str]] = []
    for building in range(BUILDINGS):
        rooms = tuple(
            Room(
                id=f"{n // 20 + 1}{n % 20 + 1:02d}",
                floor=str(n // 20 + 1),
                beds=tuple(str(bed) for bed in range(1, BEDS + 1)),
            )
            for n in range(ROOMS)
        )
        body = BuildingSet(name=f"{building} 号楼", rooms=rooms)
        write("building.set", f"building:b{building}", body)
        beds += [(f"b{building}", room.id, bed) for room in rooms for bed in room.beds]
    rest = [("b0", "unroomed", "")] * max(0, PUPILS - len(beds))
    sleeping: dict[tuple[str, str], list[str]] = {}
    for number, (building, room, bed) in enumerate([*beds, *rest][:PUPILS]):
        body = StudentSet(
            class_id=f"{number // 50}",
            building=building if bed else "",
            name=f"学生{number:04d}",
            initials="xs",
            room=room if bed else "",
            bed=bed,
            phone="13900000000",
            since="2025-09-01",
        )
        write("student.set", f"student:s{number}", body)
        if bed:
            sleeping.setdefault((building, room), []).append(f"s{number}")
    made, night = 0, tonight
    while made < MARKS:
        night -= timedelta(days=1)
        at = f"{night}T22:10:00+08:00"
        for (building, room), pupils in sleeping.items():
            marks = tuple(Mark(student=one, status=Status.PRESENT) for one in pupils)
            subject = rollcall_subject(building, night.isoformat())
            write("room.marked", subject, RoomMarked(room=room, marks=marks), at)
            made += 1
    return written


async def measure(folder: Path) -> dict[str, Any]:
    store = Store.open(folder / "device.db")
    store.use_seal(Seal(new_key()))
    server = TestDevice(SCHOOL, "server", "server-1")
    author = Author("leader", roles=frozenset({Role.DUTY_LEADER}))
    grants = grants_for(SCHOOL, author)
    identity = Identity(
        SCHOOL, "leader", "phone", grants, "http://d", "server-1", server.key.public
    )
    await store.write(lambda c: write_identity(c, identity))
    tonight = date.fromisoformat(night_of(datetime.now(CHINA)))
    entries = _entries(server, tonight)
    for start in range(0, len(entries), BATCH):
        batch = [
            StoredEntry(entry, Verdict.ACCEPTED, start + n + 1, {})
            for n, entry in enumerate(entries[start : start + BATCH])
        ]
        arrived = history.Arrived(batch, [], {one: start + len(batch) for one in grants})
        await store.write(lambda c, arrived=arrived: history.store(c, identity, arrived))

    async def who() -> Identity:
        return identity

    clock, state = DeviceClock(), State()
    actions = DormActions(lambda: store, clock, who)
    loading = Loading(store, clock, state)
    await loading.start()
    openings = []
    for _ in range(OPENINGS):
        await loading.show_building("")
        before = time.perf_counter()
        await loading.show_building("b0")
        openings.append(time.perf_counter() - before)
    assert state.dorms.map is not None and len(state.dorms.map.tiles) == ROOMS
    saves, spent = [], []
    await loading.open_room("101")
    for _ in range(ROOMS - 1):
        room, map_ = state.dorms.room, state.dorms.map
        assert room is not None and map_ is not None and len(room.unmarked) == BEDS
        before, cpu = time.perf_counter(), time.process_time()
        await actions.mark_all(room)
        following = map_.after(room.room, open_only=True)
        assert following is not None
        await loading.open_room(following)
        saves.append(time.perf_counter() - before)
        spent.append(time.process_time() - cpu)
        await _told(state, room.room)
    await loading.stop()
    store.close()
    return {
        "entries": len(entries),
        "map_ms_median": round(statistics.median(openings) * 1000, 1),
        "map_ms_p95": round(statistics.quantiles(openings, n=20)[-1] * 1000, 1),
        "save_cpu_ms_median": round(statistics.median(spent) * 1000, 1),
        "save_ms_median": round(statistics.median(saves) * 1000, 1),
        "save_ms_p95": round(statistics.quantiles(saves, n=20)[-1] * 1000, 1),
    }


async def _told(state: State, room: str) -> None:
    """Until the map knows of the saved room, as it does between two of a person's taps."""
    for _ in range(4000):
        tiles = state.dorms.map.tiles if state.dorms.map else ()
        if any(one.room == room and one.marked == BEDS for one in tiles):
            return
        await asyncio.sleep(0.001)
    raise AssertionError("the map never learned of the room")


def run(folder: Path) -> dict[str, Any]:
    return asyncio.run(measure(folder))
