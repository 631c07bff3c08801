"""Put the demo school into a database, with the rounds of its last days.

Everything goes in through the journal's own door: signed, chained, judged. For the same seed and
`now` the same things have happened (only salts and the server's own key differ).
"""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import insert

from ledger.entry import Entry
from ledger.rules.people import DeviceSet
from ledger.rules.places import SchoolSet
from ledger.rules.plans import RoundPlanned, rounds_on, school_zone
from server.accounts.schools import add_account, add_school
from server.clock import moment
from server.database import Database
from server.demo import hazards
from server.demo.dorms import make_dorms
from server.demo.reference import (
    DAILY_LIVING_AREA,
    DAILY_TEACHING,
    Reference,
    make_reference,
)
from server.demo.staff import ACCOUNTS, DAY_WALKERS, LIVING_WALKERS, STAFF
from server.demo.walks import Mishap, Walker, new_walker, walk_round
from server.journal.append import Append, Sender
from server.journal.arrivals import Arrival
from server.journal.journal import Journal
from server.journal.own_hand import Fact, write_as_server
from server.migrations import migrate
from server.photos.shelves import Shelf
from server.photos.store import PhotoStore
from server.tables import DEVICE

SCHOOL: Final = "SY01"
NAME: Final = "明湖区实验学校"
DISTRICT: Final = "明湖区教育局"
PASSWORD: Final = "xunan-demo-2026"
FOUNDED_BEFORE: Final = timedelta(days=30)
WEEKLY_WALKER: Final = "s02"
MISHAPS: Final = {2: Mishap.LATE, 5: Mishap.HASTY, 9: Mishap.FORGOTTEN}
"""Which of every dozen rounds goes wrong, and how."""


@dataclass(frozen=True, slots=True)
class Seeded:
    school: str
    entries: int
    password: str
    accounts: tuple[tuple[str, str], ...]
    """User name, and the person's name."""


def seed(
    database_url: str,
    now: datetime,
    *,
    days: int = 3,
    number: int = 1,
    with_accounts: bool = True,
    photos: Shelf | None = None,
) -> Seeded:
    """Found the demo school; raises `AlreadyThere`. `number` seeds all chance. With a shelf for
    their photos it has hazards, too."""
    database = Database(database_url)
    try:
        migrate(database)
        return _seed(database, now, days, number, with_accounts, photos)
    finally:
        database.close()


def _seed(
    database: Database,
    now: datetime,
    days: int,
    number: int,
    with_accounts: bool,
    photos: Shelf | None,
) -> Seeded:
    rng = random.Random(number)
    reference = make_reference(rng)
    zone = school_zone(480)
    now = now.astimezone(zone)
    founded = now - FOUNDED_BEFORE
    about = SchoolSet(name=NAME, district=DISTRICT)
    facts = [*reference.facts, *make_dorms(founded.date(), number)]
    add_school(Journal(database, lambda: founded), SCHOOL, about, facts)
    with Journal(database, lambda: now).append(SCHOOL) as work:
        walkers = _enrol(rng, work, founded, {*DAY_WALKERS, *LIVING_WALKERS, WEEKLY_WALKER})
        dates = (now.date() - timedelta(days=back) for back in range(days, -1, -1))
        rounds = (one for day in dates for one in walked(day, reference))
        for place, (planned, actor) in enumerate(rounds):
            if planned.opens <= now:
                entries = walk_round(
                    rng, walkers[actor], planned, reference.stops, now, MISHAPS.get(place % 12)
                )
                push(work, walkers[actor], entries)
        told = _tell_hazards(number, work, founded, now) if photos is not None else []
    if photos is not None:
        store = PhotoStore(database, photos, lambda: now)
        for device, actor, photo in told:
            store.keep(Sender(SCHOOL, device, actor), hashlib.sha256(photo).hexdigest(), photo)
    if with_accounts:
        with database.write() as connection:
            for username, staff in ACCOUNTS:
                add_account(connection, SCHOOL, staff, username, PASSWORD, now)
    names = {id: name for id, name, _ in STAFF}
    return Seeded(
        SCHOOL,
        work.counter.seq,
        PASSWORD,
        tuple((username, names[staff]) for username, staff in ACCOUNTS),
    )


def walked(day: date, reference: Reference) -> Iterator[tuple[RoundPlanned, str]]:
    """The day's rounds and who walks them."""
    plans = [(id, plan.model_dump(mode="json")) for id, plan in reference.plans.items()]
    walkers = {DAILY_TEACHING: DAY_WALKERS, DAILY_LIVING_AREA: LIVING_WALKERS}
    for planned in rounds_on(day, plans, school_zone(480)):
        of_plan = walkers.get(planned.plan)
        yield planned, of_plan[planned.slot] if of_plan else WEEKLY_WALKER


def _tell_hazards(
    number: int, work: Append, founded: datetime, now: datetime
) -> list[tuple[str, str, bytes]]:
    """Device, person and JPEG of every photo that was named."""
    # Chance of their own: the rounds are the same with and without them.
    rng = random.Random(number)
    walkers = _enrol(rng, work, founded, set(hazards.ACTORS))
    photos: list[tuple[str, str, bytes]] = []
    for told in hazards.tell_hazards(rng, walkers, now):
        walker = walkers[told.actor]
        at = told.entry.header.at
        head = walker.key.sign_head(walker.device, told.entry.header.number, told.entry.hash, at)
        work.add(Sender(SCHOOL, walker.device, told.actor), [Arrival.of(told.entry)], head)
        photos += [(walker.device, told.actor, photo) for photo in told.photos]
    return photos


def _enrol(
    rng: random.Random, work: Append, founded: datetime, actors: set[str]
) -> dict[str, Walker]:
    walkers = {actor: new_walker(rng, SCHOOL, actor, founded) for actor in sorted(actors)}
    names = {id: name for id, name, _ in STAFF}
    work.connection.execute(
        insert(DEVICE),
        [
            {
                "id": one.device,
                "school": SCHOOL,
                "actor": one.actor,
                "name": f"{names[one.actor]}的手机",
                "platform": "android",
                "public_key": one.key.public,
                "enrolled_at": moment(founded),
                "revoked_at": None,
            }
            for one in walkers.values()
        ],
    )
    write_as_server(
        work,
        [
            Fact(
                "device.set",
                f"device:{one.device}",
                DeviceSet(
                    name=f"{names[one.actor]}的手机",
                    actor=one.actor,
                    public_key=one.key.public,
                    platform="android",
                ),
            )
            for one in walkers.values()
        ],
    )
    return walkers


def push(work: Append, walker: Walker, entries: Sequence[Entry]) -> None:
    if not entries:
        return
    at = entries[-1].header.at
    head = walker.key.sign_head(walker.device, walker.end.number, walker.end.hash, at)
    arrivals = [Arrival.of(entry) for entry in entries]
    work.add(Sender(SCHOOL, walker.device, walker.actor), arrivals, head)
