"""Bring kept demo data up to now: what was not walked since, the same phones walk.

So yesterday's demo shows today's rounds, and whatever a person did in it stays as it was.
"""

import random
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, union

from ledger.chain import Link
from ledger.entry import digest
from ledger.rules.plans import school_zone
from ledger.tables import RECORDS
from server.database import Database
from server.demo.reference import Reference, make_reference
from server.demo.seed import MISHAPS, SCHOOL, WEEKLY_WALKER, push, walked
from server.demo.staff import DAY_WALKERS, LIVING_WALKERS
from server.demo.walks import Walker, new_walker, walk_round
from server.journal.journal import Journal
from server.migrations import migrate
from server.tables import CHAIN_END, DEVICE

NUMBER = 1
"""The chance that the demo school was seeded with."""


class OtherDemo(Exception):
    """The database was seeded by another version of this demo, whose phones we don't have."""


def top_up(database_url: str, now: datetime, *, days: int = 3) -> int:
    """Walk every round of the last days that nobody has begun; returns how many entries that made.

    Raises `OtherDemo`.
    """
    now = now.astimezone(school_zone(480))
    rng = random.Random(NUMBER)
    reference = make_reference(rng)
    database = Database(database_url)
    try:
        migrate(database)
        with Journal(database, lambda: now).append(SCHOOL) as work:
            _check(work.connection, reference)
            walkers = _walkers(rng, work.connection)
            begun = _begun(work.connection)
            before = work.counter.seq
            for back in range(days, -1, -1):
                for planned, actor in walked(now.date() - timedelta(days=back), reference):
                    if planned.opens > now or planned.subject in begun:
                        continue
                    chance = random.Random(digest(planned.subject.encode()))
                    mishap = MISHAPS.get(chance.randrange(12))
                    entries = walk_round(
                        chance, walkers[actor], planned, reference.stops, now, mishap
                    )
                    push(work, walkers[actor], entries)
            return work.counter.seq - before
    finally:
        database.close()


def _check(connection: Connection, reference: Reference) -> None:
    label = RECORDS["label"]
    there = set(connection.scalars(select(label.c.token).where(label.c.school == SCHOOL)))
    if not {token for stop in reference.stops.values() for token in stop.tokens} <= there:
        raise OtherDemo
    building = RECORDS["building"]
    if not connection.scalar(select(building.c.id).where(building.c.school == SCHOOL).limit(1)):
        raise OtherDemo


def _walkers(rng: random.Random, connection: Connection) -> dict[str, Walker]:
    """The phones the school was seeded with, each with the chain it has by now."""
    walkers: dict[str, Walker] = {}
    for actor in sorted({*DAY_WALKERS, *LIVING_WALKERS, WEEKLY_WALKER}):
        # The key comes first out of the same chance; the time only goes into the device's id.
        twin = new_walker(rng, SCHOOL, actor, datetime.fromtimestamp(0).astimezone())
        row = connection.execute(
            select(DEVICE.c.id, DEVICE.c.enrolled_at, CHAIN_END.c.number, CHAIN_END.c.hash)
            .outerjoin(CHAIN_END, CHAIN_END.c.device == DEVICE.c.id)
            .where(DEVICE.c.public_key == twin.key.public, DEVICE.c.school == SCHOOL)
        ).one_or_none()
        if row is None:
            raise OtherDemo
        end = Link() if row.number is None else Link(row.number, row.hash)
        since = datetime.fromisoformat(row.enrolled_at)
        walkers[actor] = Walker(SCHOOL, actor, row.id, twin.key, since, twin.offset, end)
    return walkers


def _begun(connection: Connection) -> frozenset[str]:
    tables = (RECORDS["round"], RECORDS["checkin"])
    subjects = union(*(select(one.c.subject).where(one.c.school == SCHOOL) for one in tables))
    return frozenset(connection.scalars(subjects))
