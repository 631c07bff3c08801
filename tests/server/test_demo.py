"""The demo school is a believable one, and every desk has something to show."""

from datetime import datetime
from pathlib import Path

import pytest
from pydantic_core import from_json
from sqlalchemy import func, select

from ledger.rules.dorms.buildings import BuildingSet
from ledger.rules.dorms.students import StudentSet
from ledger.tables import RECORDS
from ledger.tables.journal import ENTRY
from server.accounts.schools import AlreadyThere
from server.database import Database
from server.demo import SCHOOL, seed
from server.demo.campus import AREAS, DAILY_DAY, DAILY_LIVING
from server.demo.checklists import CHECKLISTS
from server.demo.dorms import make_dorms
from server.demo.staff import CLASSES_OF, STAFF
from server.photos.shelves import LocalShelf
from server.photos.store import PhotoStore

NOW = datetime.fromisoformat("2026-03-04T15:30:00+08:00")
CHECKIN, ROUND, POINT, LABEL = (RECORDS[name] for name in ("checkin", "round", "point", "label"))


def test_the_campus_is_of_the_size_of_a_real_one():
    points = [point for area in AREAS for point in area.points]
    assert len(AREAS) == 16 and 86 <= len(points) <= 100 and len(STAFF) == 35
    assert all(3 <= len(CHECKLISTS[kind]) <= 6 for _, kind, _, _ in points)
    assert 18 <= len(DAILY_LIVING) <= len(DAILY_DAY) <= 20


def test_the_dorms_are_of_the_size_of_real_ones_and_nobody_shares_a_bed():
    facts = make_dorms(NOW.date())
    pupils = [fact.body for fact in facts if isinstance(fact.body, StudentSet)]
    rooms = {
        fact.subject.partition(":")[2]: fact.body.rooms
        for fact in facts
        if isinstance(fact.body, BuildingSet)
    }
    assert {id: len(some) for id, some in rooms.items()} == {"b1": 60, "b2": 40}
    assert 680 <= len(pupils) <= 750 and any(not one.building for one in pupils)
    places = [(one.building, one.room, one.bed) for one in pupils if one.building]
    assert len(set(places)) == len(places) and len({one.number for one in pupils}) == len(pupils)
    beds = {(id, room.id, bed) for id, some in rooms.items() for room in some for bed in room.beds}
    assert set(places) < beds
    answered_for = {class_id for classes in CLASSES_OF.values() for class_id in classes}
    assert {one.class_id for one in pupils} == answered_for
    assert all(one.phone.startswith("154") and one.initials for one in pupils)
    assert make_dorms(NOW.date()) == facts


def test_the_last_days_are_there_and_the_current_round_is_partly_done(database_url: str):
    seeded = seed(database_url, NOW, with_accounts=False)
    database = Database(database_url)
    with database.read() as connection:
        verdicts = connection.execute(select(ENTRY.c.verdict).distinct()).scalars().all()
        seqs = connection.execute(select(func.count(), func.max(ENTRY.c.seq))).one()
        rounds = connection.execute(select(ROUND).order_by(ROUND.c.day, ROUND.c.slot)).all()
        checkins = connection.execute(select(CHECKIN)).all()
        labels = connection.execute(select(LABEL.c.void)).scalars().all()
        points = connection.scalar(select(func.count()).select_from(POINT))
    database.close()
    assert verdicts == ["accepted"] and tuple(seqs) == (seeded.entries, seeded.entries)
    assert points == 93 and len(labels) == 94 and sum(labels) == 1
    current = [one for one in rounds if (one.day, one.slot) == ("2026-03-04", 3)]
    done = [sum(row.subject == one.subject for row in checkins) for one in current]
    assert len(current) == 2 and all(5 <= count <= 14 for count in done)
    assert not any(one.closed for one in current)
    details = [from_json(row.detail) for row in checkins]
    doubts = {doubt for detail in details for doubt in detail["doubts"]}
    assert {"typed", "label_void", "outside_window", "same_seconds"} <= doubts
    assert {row.grade for row in checkins} == {"A", "B", "C"}
    assert any(row.late for row in checkins) and any(row.result == "abnormal" for row in checkins)
    assert any(from_json(one.detail).get("missed") for one in rounds)
    assert any(not one.closed and one.day < "2026-03-04" for one in rounds)


def test_the_same_seed_tells_the_same_story(tmp_path_factory: pytest.TempPathFactory):
    stories = []
    for _ in range(2):
        url = f"sqlite:///{tmp_path_factory.mktemp('demo')}/d.sqlite3"
        seed(url, NOW, with_accounts=False, days=1)
        database = Database(url)
        with database.read() as connection:
            stories.append(connection.execute(select(CHECKIN).order_by(CHECKIN.c.id)).all())
        with pytest.raises(AlreadyThere, match=SCHOOL):
            seed(url, NOW)
        database.close()
    assert stories[0] == stories[1]


def test_hazards_stand_in_every_state_and_every_photo_is_there(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/d.sqlite3"
    shelf = LocalShelf(tmp_path / "photos")
    seed(url, NOW, with_accounts=False, days=0, photos=shelf)
    database = Database(url)
    with database.read() as connection:
        rows = connection.execute(select(RECORDS["hazard"])).all()
        refused = connection.scalars(select(ENTRY.c.reason).where(ENTRY.c.verdict != "accepted"))
        assert list(refused) == []
    states = {row.state for row in rows}
    assert states == {"registered", "assigned", "rectified", "returned", "closed", "fixed"}
    today = NOW.date().isoformat()
    assert any(row.deadline and row.deadline < today and row.state == "assigned" for row in rows)
    assert any(row.responsible == "s08" for row in rows) and any(
        row.grade == "major" for row in rows
    )
    details = [from_json(row.detail) for row in rows]
    assert "fire-e-bikes" in {one["condition"] for one in details}
    named = {photo["hash"] for one in details for photo in one["photos"]}
    assert named and all(shelf.get(f"{SCHOOL}/{hash[:2]}/{hash}.jpg") for hash in named)
    assert PhotoStore(database, shelf, lambda: NOW).held(SCHOOL, sorted(named)) == named
    database.close()
