"""The demo's folder: what is kept between runs, and that only one demo uses it at a time."""

import json
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from ledger.codes import enrolment_code_text
from server.accounts.enrolment import make_code
from server.accounts.schools import AlreadyThere
from server.database import Database, UnusableDatabase
from server.demo.child import DemoError
from server.demo.office import open_office
from server.demo.relay import HOST
from server.demo.seed import DISTRICT, PASSWORD, SCHOOL, seed
from server.demo.top_up import OtherDemo, top_up
from server.photos.shelves import LocalShelf

KEPT = ("server", "phone", "desktop", "ports.json")
CODE_LIFE = timedelta(minutes=10)
"""An enrolment code is used at once or not at all."""


class DemoFolder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "logs"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{(self.path / 'server' / 'district.sqlite3').absolute()}"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Raises `DemoError` when another demo runs here. The lock ends with this process."""
        self.logs.mkdir(parents=True, exist_ok=True)
        # Of all ways to lock a file, SQLite's is the one that works alike on every system.
        with closing(sqlite3.connect(self.path / "lock", timeout=0.2)) as lock:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                raise DemoError(f"another demo is running in {self.path}") from error
            yield

    def make_ready(self, now: datetime, *, fresh: bool) -> str:
        """Seed the school, or walk the rounds missing since; returns what was done, in a word."""
        if fresh:
            for name in KEPT:
                _remove(self.path / name)
        url = self.database_url
        Path(url.removeprefix("sqlite:///")).parent.mkdir(exist_ok=True)
        try:
            seed(url, now, photos=LocalShelf(self.path / "server" / "photos"))
            open_office(url, now, DISTRICT, PASSWORD)
        except AlreadyThere:
            pass
        except UnusableDatabase as error:
            raise DemoError(f"{error}; --fresh begins anew") from error
        else:
            if (self.path / "ports.json").exists():
                # The devices' journals belong to a server that is gone.
                self._put_aside(now, "phone", "desktop", "ports.json")
            return "a new school"
        try:
            added = top_up(url, now)
            open_office(url, now, DISTRICT, PASSWORD)
        except OtherDemo:
            self._put_aside(now, *KEPT)
            return self.make_ready(now, fresh=False)
        return f"kept, {added} entries since" if added else "kept"

    def ports(self) -> dict[str, int]:
        """Where the devices know their server, by device; empty at first.

        Raises `DemoError` when one is taken: a device can't be told another address.
        """
        try:
            kept = json.loads((self.path / "ports.json").read_text())
            ports = {name: int(kept[name]) for name in ("server", "relay")}
        except (OSError, ValueError, TypeError, KeyError):
            return {}
        for port in ports.values():
            if not _is_free(port):
                raise DemoError(
                    f"port {port}, where the demo's devices know their server, is used by another "
                    "program; end that one, or begin anew with --fresh"
                )
        return ports

    def keep_ports(self, **ports: int) -> None:
        write_whole(self.path / "ports.json", json.dumps(ports))

    def invite(self, staff: str, server: str, now: datetime) -> str:
        """The text of an enrolment code for this person, good once."""
        database = Database(self.database_url)
        try:
            with database.write() as connection:
                code = make_code(connection, SCHOOL, staff, now, CODE_LIFE)
        finally:
            database.close()
        return enrolment_code_text(code, server)

    def _put_aside(self, now: datetime, *names: str) -> None:
        aside = self.path / now.strftime("aside-%Y%m%dT%H%M%S")
        aside.mkdir(exist_ok=True)
        for name in names:
            if (self.path / name).exists():
                (self.path / name).rename(aside / name)


def write_whole(file: Path, text: str) -> None:
    """Written whole and then renamed: whoever waits for it never reads half of it."""
    partial = file.with_name(f"{file.name}.new")
    partial.write_text(text, "utf-8")
    partial.replace(file)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _is_free(port: int) -> bool:
    try:
        with socket.create_server((HOST, port)):
            return True
    except OSError:
        return False
