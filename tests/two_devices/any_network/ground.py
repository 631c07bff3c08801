"""The district's side of a run: the real application on a database that can be stopped, started
again and set back to a backup."""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import select

from ledger.entry import Body
from ledger.rules.people import StaffSet
from ledger.rules.plans import PlanSet, Window
from ledger.rules.rule import Role
from server.accounts.enrolment import make_code, revoke_device
from server.app import create_app
from server.district import District
from server.journal.own_hand import Fact, write_as_server
from server.settings import Settings
from server.tables import DEVICE
from tests.server.school import SCHOOL, TOKENS, found_school, label, point
from tests.two_devices.any_network.clocks import TrueTime
from tests.two_devices.dorm import found_dorm

PLANS = {
    "daily": PlanSet(
        name="日巡查",
        windows=(
            Window(name="全天", opens="00:00", closes="23:59"),
            Window(name="夜间", opens="22:00", closes="05:00"),
        ),
        points=tuple(TOKENS),
    ),
    "gate": PlanSet(
        name="护学岗", windows=(Window(name="晨间", opens="06:30", closes="08:00"),), points=("p1",)
    ),
}


@dataclass(frozen=True, slots=True)
class Backup:
    database: Path
    photos: Path


class Ground:
    """One school's server. `app` is None while it is down."""

    def __init__(self, folder: Path, time: TrueTime, founded: Path | None = None) -> None:
        self.folder = folder
        self._time = time
        self.file = folder / "district.sqlite3"
        self.data = folder / "data"
        self.data.mkdir(parents=True)
        self.settings = Settings(
            database_url=f"sqlite:///{self.file}", data=str(self.data), log_days=0
        )
        if founded is not None:
            shutil.copy(founded, self.file)
        self.app: FastAPI | None = None
        self._backups = 0
        self.start()

    @property
    def district(self) -> District:
        assert self.app is not None
        return self.app.state.district

    def start(self) -> None:
        self.app = create_app(self.settings, self._time)

    def stop(self) -> None:
        if self.app is not None:
            self.district.close()
            self.app = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def found(self) -> None:
        found(self.district)

    def write(self, *facts: Fact) -> None:
        with self.district.journal.append(SCHOOL) as work:
            write_as_server(work, facts)

    def set(self, kind: str, subject: str, body: Body) -> None:
        self.write(Fact(kind, subject, body))

    def employ(self, person: str, name: str, roles: Sequence[Role], *, active: bool = True) -> None:
        """Who looks after a dormitory looks after the one there is."""
        buildings = ("b1",) if Role.DORM_SUPERVISOR in roles else ()
        body = StaffSet(name=name, roles=tuple(roles), active=active, buildings=buildings)
        self.set("staff.set", f"staff:{person}", body)

    def put_up(self, number: int, token: str) -> None:
        """A new point with its first label, which no device has heard of."""
        from ledger.rules.places import LabelIssued

        subject = f"point:p{number}"
        self.write(
            Fact("point.set", subject, point(number)),
            Fact("label.issued", subject, LabelIssued(label=label(token))),
        )

    def code_for(self, actor: str) -> str:
        with self.district.database.write() as connection:
            return make_code(connection, SCHOOL, actor, self.district.now(), timedelta(hours=1))

    def revoke(self, device: str) -> None:
        revoke_device(self.district.journal, device)

    def knows(self, device: str) -> bool:
        """It is enrolled here and was not revoked."""
        with self.district.database.read() as connection:
            row = connection.execute(
                select(DEVICE.c.revoked_at).where(DEVICE.c.id == device)
            ).one_or_none()
        return row is not None and row.revoked_at is None

    def back_up(self) -> Backup:
        """As the manual says: the database by SQLite's own backup, then the photos."""
        self._backups += 1
        kept = Backup(
            self.folder / f"backup-{self._backups}.sqlite3",
            self.folder / f"backup-{self._backups}-photos",
        )
        _copy(self.file, kept.database)
        if (self.data / "photos").is_dir():
            shutil.copytree(self.data / "photos", kept.photos)
        return kept

    def restore(self, backup: Backup, *, with_photos: bool) -> None:
        """Set the database back; the photos too, when their disk was lost as well."""
        self.stop()
        for ending in ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        _copy(backup.database, self.file)
        if with_photos:
            shutil.rmtree(self.data, ignore_errors=True)
            self.data.mkdir()
            if backup.photos.is_dir():
                shutil.copytree(backup.photos, self.data / "photos")
        self.start()


def found(district: District) -> None:
    """The school as it is before the first device comes."""
    found_school(district)
    found_dorm(district)
    with district.journal.append(SCHOOL) as work:
        write_as_server(work, [Fact("plan.set", f"plan:{id}", plan) for id, plan in PLANS.items()])


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)
