"""One school day to tell a story with: the server, its people's devices, and the network."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from client.actions.errors import ActionFailed
from ledger.rules.rule import Role
from tests.two_devices.any_network.agreement import check_agreement
from tests.two_devices.any_network.clocks import TrueTime, Watch
from tests.two_devices.any_network.duties import Duty, Luck
from tests.two_devices.any_network.ground import Backup, Ground
from tests.two_devices.any_network.phone import Phone
from tests.two_devices.any_network.wire import Fault, Wire

TEACHER = (Role.TEACHER, Role.DORM_SUPERVISOR)
PEOPLE = {
    "phone": ("t1", "陈晓", TEACHER),
    "tablet": ("t1", "陈晓", TEACHER),
    "officer": ("officer", "周安", (Role.SAFETY_OFFICER,)),
    "desk": ("principal", "林校", (Role.PRINCIPAL,)),
}
"""Device → its person's id, name and usual roles. Two devices are one person's; two
persons may call the roll of the one dormitory."""


@cache
def founded() -> Path:
    """The district before the first device came: made once, copied for every day."""
    folder = Path(tempfile.mkdtemp(prefix="xunan-founded-"))
    ground = Ground(folder / "ground", TrueTime())
    ground.found()
    for actor, called, usual in PEOPLE.values():
        ground.employ(actor, called, usual)
    ground.stop()
    kept = folder / "founded.sqlite3"
    shutil.move(ground.file, kept)
    return kept


class Day:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = TrueTime()
        self.ground = Ground(folder / "ground", self.time, founded())
        self.wire = Wire(lambda: self.ground.app)
        self.phones: dict[str, Phone] = {}
        self.backups: list[Backup] = []

    async def admit(self, *names: str) -> None:
        """These devices sign in and fetch what there is."""
        for name in names:
            phone = Phone(
                name,
                PEOPLE[name][0],
                self.folder / name,
                self.wire,
                Watch(self.time),
                self.ground.code_for,
            )
            self.phones[name] = phone
            await phone.sign_in()
            assert await phone.sync() is None

    async def do(self, name: str, duty: Duty, luck: int = 1) -> None:
        """Whatever the rules say to it. A device that was shut out is not used."""
        self.time.passes(1 + luck % 90)
        phone = self.phones[name]
        if phone.revoked:
            return
        try:
            await phone.act(lambda phone: duty.do(phone, Luck(luck)))
        except ActionFailed:
            await phone.note_saved()

    async def sync(self, name: str, *faults: Fault) -> None:
        self.wire.faults.extend(faults)
        await self.phones[name].sync()
        self.wire.faults.clear()

    async def move_photos(self, name: str, *faults: Fault) -> None:
        self.wire.faults.extend(faults)
        await self.phones[name].move_photos()
        self.wire.faults.clear()

    async def all_at_once(self, *faults: Fault) -> None:
        self.wire.faults.extend(faults)
        phones = self.phones.values()
        await asyncio.gather(
            *(phone.sync() for phone in phones), *(phone.move_photos() for phone in phones)
        )
        self.wire.faults.clear()

    async def agree(self) -> None:
        """The network is whole again and everybody works: then everything must be as it should."""
        while self.wire.late:
            await self.wire.deliver_late(0)
        for actor, called, usual in PEOPLE.values():
            self.ground.employ(actor, called, usual)
        for _ in range(3):
            for phone in self.phones.values():
                await _catch_up(phone)
        assert not self.wire.broken, self.wire.broken
        await check_agreement(self.ground, self.phones.values())

    async def close(self) -> None:
        for phone in self.phones.values():
            await phone.close()
        self.ground.stop()


async def _catch_up(phone: Phone) -> None:
    for _ in range(2):
        if not phone.signed_in:
            await phone.sign_in()
        await phone.sync()
    error = await phone.sync()
    assert error is None, f"{phone.name} can't sync: {error!r}"
    error = await phone.move_photos()
    assert error is None, f"{phone.name} can't send photos: {error!r}"


@contextmanager
def folder_for_a_day() -> Iterator[Path]:
    """In memory where there is such a place: what a disk may do is tested elsewhere."""
    room = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(
        prefix="xunan-day-", dir=room, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)
