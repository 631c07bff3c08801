"""Killed at any instant: what a person was told is saved is there afterwards, once and whole.

Client and server are forked from a warm process and ended by SIGKILL, now the one, now the other,
while the client saves, pushes, pulls and sends photos; half of the server's ends are aimed at a
commit. Where the database is PostgreSQL, its own processes are killed as well, in the middle of
their work, so that it has to recover. `XUNAN_PROVE_KILLS` says how often.
"""

import asyncio
import hashlib
import json
import os
import random
import select as select_io
import shutil
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.engine import make_url

from client.actions.errors import ActionFailed
from ledger.keys import DeviceKey
from ledger.reading import open_journal
from ledger.tables.journal import ENTRY
from ledger.wire.accounts import Tokens
from server.database import WRITES
from server.district import District
from server.serve import serve
from server.settings import Settings
from tests.server.school import SCHOOL
from tests.two_devices.any_network.agreement import author_can_read, same_records
from tests.two_devices.any_network.clocks import TrueTime, Watch
from tests.two_devices.any_network.day import folder_for_a_day, founded
from tests.two_devices.any_network.duties import DUTIES, Luck
from tests.two_devices.any_network.ground import found
from tests.two_devices.any_network.phone import Phone, Secrets

KILLS = int(os.environ.get("XUNAN_PROVE_KILLS", "0"))
"""How often on each kind of database; 0: a few times, in always the same way."""
FEW = {"sqlite": 25, "postgres": 8}
PATIENCE_S = 30.0
COMMIT_S = 0.004
"""What a commit takes: a kill that is aimed at one falls before, into or behind it."""
BEGUN, COMMITS = "begun", "commits"
Tell = Callable[[str], object]


class KeptSecrets(Secrets):
    """Secrets that outlive the process, as a keyring's do."""

    def __init__(self, file: Path) -> None:
        self._file = file
        held = json.loads(file.read_text()) if file.exists() else {}
        key, tokens = held.get("key"), held.get("tokens")
        super().__init__(
            DeviceKey.from_text(key) if key else None,
            Tokens.model_validate(tokens) if tokens else None,
        )

    def _write(self) -> None:
        held = {
            "key": self.key.to_text() if self.key else None,
            "tokens": self.kept.model_dump() if self.kept else None,
        }
        aside = self._file.with_suffix(".new")
        aside.write_text(json.dumps(held))
        aside.replace(self._file)

    async def keep_device_key(self, key: DeviceKey | None) -> None:
        await super().keep_device_key(key)
        self._write()

    async def keep_tokens(self, tokens: Tokens | None) -> None:
        await super().keep_tokens(tokens)
        self._write()

    async def save(self, tokens: Tokens | None) -> None:
        await super().save(tokens)
        self._write()


@dataclass
class Child:
    """A forked process; what it told before its end is read to the last whole line."""

    pid: int
    pipe: int

    def wait_for_work(self) -> None:
        """Until it has told something: that it has opened its store, or an entry."""
        select_io.select([self.pipe], [], [], PATIENCE_S)

    def wait_for_a_commit(self) -> None:
        """Of the server: one that begins after now."""
        os.set_blocking(self.pipe, False)
        with suppress(BlockingIOError):
            while os.read(self.pipe, 4096):
                pass
        os.set_blocking(self.pipe, True)
        select_io.select([self.pipe], [], [], 1.0)

    def kill(self) -> list[str]:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        return self.wait()[1]

    def wait(self) -> tuple[int, list[str]]:
        with os.fdopen(self.pipe, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status), said.decode().split("\n")[:-1]


def fork(work: Callable[[Tell], object], *, heard: bool = True) -> Child:
    """`heard`: it waits until what it tells is read; otherwise `BlockingIOError` says that it
    is not."""
    reader, writer = os.pipe()
    os.set_blocking(writer, heard)
    pid = os.fork()
    if pid:
        os.close(writer)
        return Child(pid, reader)
    status = 1
    try:
        os.close(reader)
        work(lambda line: os.write(writer, f"{line}\n".encode()))
        status = 0
    except BaseException as error:  # noqa: BLE001 - a fork must never return into pytest
        os.write(writer, f"!{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(status)


def run(work: Callable[[Tell], Coroutine[Any, Any, None]]) -> Callable[[Tell], object]:
    return lambda tell: asyncio.run(work(tell))


@dataclass
class Field:
    """A district's folder and a phone's, its database, and the processes on them."""

    folder: Path
    database_url: str
    port: int = 0
    server: Child | None = None

    @property
    def settings(self) -> Settings:
        return Settings(
            database_url=self.database_url,
            data=str(self.folder / "data"),
            port=self.port,
            log_days=0,
        )

    def start_server(self) -> None:
        self.server = fork(self._serve, heard=False)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.02)
        raise TimeoutError("the server did not start")

    def _serve(self, tell: Tell) -> None:
        def commits(connection: Connection) -> None:
            if connection.get_execution_options().get(WRITES):
                with suppress(BlockingIOError):
                    tell(COMMITS)

        event.listen(Engine, "commit", commits)
        serve(self.settings)

    def kill_server(self) -> None:
        if self.server is not None:
            self.server.kill()
            self.server = None

    def kill_a_database_process(self, chance: random.Random) -> bool:
        """One that serves our server, in the middle of it: PostgreSQL then ends all the others
        and recovers from its log."""
        name = make_url(self.database_url).database
        ours = [
            process.pid
            for process in psutil.process_iter(["name", "cmdline"])
            if process.info["name"] == "postgres"
            and f" {name} [local]" in " ".join(process.info["cmdline"] or ())
        ]
        if not ours:
            return False
        with suppress(ProcessLookupError):
            os.kill(chance.choice(ours), signal.SIGKILL)
        return True

    def phone(self) -> Phone:
        watch = Watch(TrueTime())
        watch.now = lambda: datetime.now(UTC).astimezone()  # type: ignore[method-assign]
        watch.uptime = time.monotonic  # type: ignore[method-assign]
        return Phone(
            "phone",
            "officer",
            self.folder / "phone",
            httpx.AsyncHTTPTransport(),
            watch,
            lambda _actor: (self.folder / "code").read_text(),
            f"http://127.0.0.1:{self.port}",
            KeptSecrets(self.folder / "secrets"),
        )


def found_district(field: Field) -> None:
    district = District(field.settings)
    found(district)
    district.close()


def make_code(field: Field) -> None:
    from datetime import timedelta

    from server.accounts.enrolment import make_code

    district = District(field.settings)
    with district.database.write() as connection:
        code = make_code(connection, SCHOOL, "officer", district.now(), timedelta(days=1))
    (field.folder / "code").write_text(code)
    district.close()


async def sign_in(field: Field) -> None:
    phone = field.phone()
    await phone.sign_in()
    assert await phone.sync() is None
    await phone.close()


async def work(field: Field, seed: int, tell: Tell) -> None:
    """Act and sync without an end; every entry is told of once its action has returned."""
    phone, luck = field.phone(), Luck(seed)
    phone.signed_in = True
    await phone.restart()
    told: set[str] = set()
    tell(BEGUN)
    while True:
        match luck.randrange(4):
            case 0:
                await phone.sync()
            case 1:
                await phone.move_photos()
            case _:
                duty = luck.pick(DUTIES[:8])
                assert duty is not None
                with suppress(ActionFailed):
                    await duty.do(phone, luck)
        await phone.note_saved()
        for id, saved in phone.saved.items():
            if id not in told:
                told.add(id)
                tell(json.dumps([id, hashlib.sha256(saved.header).hexdigest()]))


async def settle(field: Field, reported: dict[str, str]) -> None:
    """Everything is sent; then both sides are compared, entry by entry and photo by photo."""
    phone = field.phone()
    phone.signed_in = True
    await phone.restart()
    await phone.note_saved()
    for _ in range(3):
        assert await phone.sync() is None
        assert await phone.move_photos() is None
    rows = await phone.store.read(lambda c: c.execute(select(ENTRY)).all())
    hashes = {row.id: row.hash for row in rows}
    assert len(hashes) == len(rows)
    for id, hash in reported.items():
        assert hashes.get(id) == hash, "told to be saved, and gone"
    with open_journal(field.settings.effective_database_url) as there:
        await phone.store.read(lambda here: same_records(there, here, phone))
        await author_can_read(there, phone)
        accepted = there.execute(
            select(ENTRY.c.header).where(ENTRY.c.verdict == "accepted")
        ).scalars()
        for header in accepted.all():
            for photo in json.loads(bytes(header))["photos"]:
                file = Path(field.settings.data, "photos", SCHOOL, photo[:2], f"{photo}.jpg")
                assert hashlib.sha256(file.read_bytes()).hexdigest() == photo
    await phone.close()


def must(work: Callable[[Tell], object]) -> None:
    status, said = fork(work).wait()
    assert status == 0, said


def kill_and_look(field: Field, kills: int, chance: random.Random) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        field.port = free.getsockname()[1]
    must(lambda _tell: make_code(field))
    field.start_server()
    on_postgres = not field.database_url.startswith("sqlite")
    reported: dict[str, str] = {}
    ends: Counter[str] = Counter()
    try:
        must(run(lambda _tell: sign_in(field)))
        for number in range(kills):
            seed = chance.randrange(10**6)
            client = fork(run(lambda tell, seed=seed: work(field, seed, tell)))
            if chance.random() < 0.8:
                client.wait_for_work()
            time.sleep(chance.uniform(0, 0.8))
            match number % 4:
                case 3:
                    ends["server"] += 1
                    if chance.random() < 0.5:
                        assert field.server is not None
                        field.server.wait_for_a_commit()
                        time.sleep(chance.uniform(0, COMMIT_S))
                    field.kill_server()
                    time.sleep(chance.uniform(0, 0.2))
                    field.start_server()
                    time.sleep(chance.uniform(0, 0.3))
                case 1 if on_postgres:
                    ends["database"] += field.kill_a_database_process(chance)
                    time.sleep(chance.uniform(0, 0.5))
                case _:
                    pass
            lines = client.kill()
            ends["client"] += 1
            assert not [line for line in lines if line.startswith("!")], lines
            reported |= dict(json.loads(line) for line in lines if line != BEGUN)
        print(f"\n{dict(ends)}, {len(reported)} entries told to be saved")
        assert len(reported) > kills / 5, "too little was done between the kills"
        assert not on_postgres or ends["database"], "PostgreSQL was never killed"
        must(run(lambda _tell: settle(field, reported)))
    finally:
        field.kill_server()


@pytest.mark.long
@pytest.mark.timeout(0 if KILLS else 180)
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_nothing_that_was_saved_is_lost_or_doubled_by_a_kill(
    kind: str, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(None if KILLS else 7)
    with folder_for_a_day() as folder:
        (folder / "data").mkdir()
        if kind == "sqlite":
            field = Field(folder, f"sqlite:///{folder}/district.sqlite3")
            must(lambda _tell: shutil.copy(founded(), folder / "district.sqlite3"))
        else:
            field = Field(folder, request.getfixturevalue("ready_postgres_url"))
            must(lambda _tell: found_district(field))
        kill_and_look(field, KILLS or FEW[kind], chance)
