"""A district with one school, and devices of it, all in processes of their own.

Its plan is open all day, so that a test means the same at any hour. Tests change the school the
way an officer's device does: over the network, with the server awake.
"""

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx

from client.labels import Label as PrintedLabel
from ledger.codes import enrolment_code_text, point_code_text, typed_code
from ledger.entry import Body
from ledger.permissions import scope_of
from ledger.rules.people import StaffSet
from ledger.rules.places import AreaSet, Item, LabelIssued, PointSet, Risk, SchoolSet, Spot
from ledger.rules.plans import PlanSet, Window
from ledger.rules.rule import Role
from ledger.wire.journal import Pushed
from ledger.wire.protocol import PROTOCOL, PROTOCOL_HEADER
from server.accounts.enrolment import make_code
from server.accounts.schools import add_school
from server.clock import utc_now
from server.district import District
from server.journal.own_hand import Fact
from server.settings import Settings
from tests.programs import Program
from tests.server.running import Running, run_server
from tests.server.school import admit, label, open_account

SCHOOL, OTHER_SCHOOL = "TB01", "QQ77"
NAME = "明湖区实验学校"
TEACHER, OFFICER, PRINCIPAL = "t1", "officer", "principal"
TEACHER_NAME = "陈晓"
USERNAME = "chenxiao"
PASSPHRASE = "correct horse"

GATE, LONG, KITCHEN, STAIRS = "gate", "long", "kitchen", "stairs"
POINTS = {
    GATE: "东大门安检通道",
    LONG: "实验楼三层东侧化学实验室危险化学品储藏柜及废液回收间（双人双锁）",
    KITCHEN: "食堂燃气表间",
    STAIRS: "教学楼 A 座西楼梯",
}
TOKENS = {GATE: "GATE000001", LONG: "KNGP0NT002", KITCHEN: "K1TCHEN003", STAIRS: "STA1RS0004"}
VOID_TOKEN = "STA1RS0000"
"""The stairs' first label, replaced since."""
STRANGER, STRANGER_NAME, STRANGER_TOKEN = "annex", "新建风雨操场看台", "STRANGER05"
"""A point that is printed and hung before anybody has told the phones."""

START_S = 150.0
"""A starved machine takes its time; a healthy one needs three seconds."""
STOP_S = 10.0
ANSWER_S = 20.0


def point_fact(id: str, order: int, name: str, risk: Risk) -> PointSet:
    return PointSet(
        area="east",
        name=name,
        risk=risk,
        items=(
            Item(id="1", text="消防通道畅通、无杂物堆放", measure="每日巡查，发现堵塞立即清理"),
            Item(id="2", text="灭火器压力正常，在有效期内"),
        ),
        # So near each other that nobody can be too fast between them.
        spot=Spot(x=float(order), y=0.0),
        order=order,
    )


def school_facts() -> list[Fact]:
    people = {
        TEACHER: StaffSet(name=TEACHER_NAME, roles=(Role.TEACHER,)),
        OFFICER: StaffSet(name="周安", roles=(Role.SAFETY_OFFICER,)),
        PRINCIPAL: StaffSet(name="林静", roles=(Role.PRINCIPAL,)),
    }
    all_day = Window(name="全天", opens="00:00", closes="23:59")
    plan = PlanSet(name="日巡查", windows=(all_day,), points=tuple(POINTS))
    facts = [Fact("staff.set", f"staff:{id}", body) for id, body in people.items()]
    facts.append(Fact("area.set", "area:east", AreaSet(name="东校区")))
    for order, (id, name) in enumerate(POINTS.items()):
        facts.append(Fact("point.set", f"point:{id}", point_fact(id, order, name, Risk.ORANGE)))
        version = 1
        if id == STAIRS:
            old = LabelIssued(label=label(VOID_TOKEN))
            facts.append(Fact("label.issued", f"point:{id}", old))
            version = 2
        issued = LabelIssued(label=label(TOKENS[id], version))
        facts.append(Fact("label.issued", f"point:{id}", issued))
    facts.append(Fact("plan.set", "plan:daily", plan))
    return facts


def printed(point: str) -> PrintedLabel:
    """The point's label as it hangs on the wall."""
    return PrintedLabel(
        school_name=NAME,
        area="东校区",
        name=POINTS[point],
        risk=Risk.ORANGE,
        code_text=point_code_text(SCHOOL, TOKENS[point]),
        typed=typed_code(TOKENS[point]),
        version=1,
    )


@dataclass
class Device:
    """`xunan app --web` of one person; starting it again is the same device switched on again."""

    folder: Path
    enrolment: str = ""
    passphrase: str | None = PASSPHRASE
    url: str = ""
    _process: Program | None = None

    @property
    def database(self) -> Path:
        return self.folder / "xunan.db"

    @property
    def output(self) -> str:
        return (self.folder / "output.txt").read_text()

    def start(self) -> "Device":
        self.folder.mkdir(parents=True, exist_ok=True)
        port_file = self.folder / f"port-{time.monotonic_ns()}"
        environment = dict(os.environ)
        environment.pop("XUNAN_PASSPHRASE", None)
        if self.passphrase is not None:
            environment["XUNAN_PASSPHRASE"] = self.passphrase
        environment |= {
            "XUNAN_CLIENT_DATA": str(self.folder),
            "XUNAN_ENROLMENT": self.enrolment,
            "XUNAN_DEVICE_NAME": self.folder.name,
            # The machine that runs the tests may have a keyring; the tests must not write to it.
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "NO_PROXY": "127.0.0.1",
        }
        command = ["app", "--web", "--port", "0"]
        command += ["--port-file", str(port_file), "--profile", self.folder.name]
        self._process = Program(command, environment, self.folder / "output.txt")
        self.url = f"http://127.0.0.1:{self._when_written(port_file)}"
        return self

    def _when_written(self, port_file: Path) -> str:
        assert self._process
        deadline = time.monotonic() + START_S
        while not port_file.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the app did not start:\n{self.output}")
            time.sleep(0.05)
        return port_file.read_text()

    def kill(self) -> None:
        """As when the battery falls out."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(STOP_S)
            self._process = None

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def check_ins(self) -> list[tuple[str, str]]:
        """Verdict and reason of this device's check-ins, oldest first."""
        return _ask(
            self.database,
            "SELECT verdict, reason FROM entry WHERE kind = 'checkin.recorded' ORDER BY number",
        )


@dataclass
class TestDistrict:
    """The server, the data behind it, and the devices around it."""

    __test__ = False

    folder: Path
    settings: Settings
    district: District
    server: Running
    school: str = SCHOOL
    environment: Mapping[str, str] = field(default_factory=dict)
    """The server's own settings."""
    _devices: list[Device] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.server.address

    def invitation(self, actor: str, life: timedelta = timedelta(hours=1), school: str = "") -> str:
        """An enrolment QR's text."""
        with self.district.database.write() as connection:
            at = school or self.school
            code = make_code(connection, at, actor, self.district.now(), life)
        return enrolment_code_text(code, self.address)

    def device(
        self, name: str, actor: str = "", passphrase: str | None = PASSPHRASE, school: str = ""
    ) -> Device:
        """A device that has yet to be started; with an actor it signs in at its first start."""
        enrolment = self.invitation(actor, school=school) if actor else ""
        self._devices.append(Device(self.folder / name, enrolment, passphrase))
        return self._devices[-1]

    def stop_server(self) -> None:
        self.server.stop()

    def start_server(self) -> None:
        """At the same address as before."""
        port = int(self.address.rpartition(":")[2])
        self.server = run_server(self.settings, self.environment, port=port)

    def announce(self, *facts: tuple[str, str, Body], by: str = OFFICER) -> None:
        """A device of theirs, by default the safety officer's, tells the running server."""
        device, tokens = admit(self.district, by, self.school)
        device.now = utc_now()
        for kind, subject, body in facts:
            scope = scope_of(kind, self.school, subject, body)
            device.write(kind, subject, body, scope=scope)
        answer = httpx.post(
            f"{self.address}/v1/push",
            content=device.push_of().model_dump_json(),
            headers={
                PROTOCOL_HEADER: str(PROTOCOL),
                "Authorization": f"Bearer {tokens.access_token}",
            },
            timeout=ANSWER_S,
            trust_env=False,
        )
        answer.raise_for_status()
        receipts = Pushed.model_validate_json(answer.content).receipts
        assert [one.verdict for one in receipts] == ["accepted"] * len(facts), receipts

    def check_ins(self) -> list[tuple[str, str, str]]:
        """Point, verdict and grade of every check-in on the server, in the order they came."""
        return _ask(
            self.folder / "district.sqlite3",
            "SELECT coalesce(checkin.point, ''), entry.verdict, coalesce(checkin.grade, '') "
            "FROM entry LEFT JOIN checkin ON checkin.id = entry.id "
            "WHERE entry.kind = 'checkin.recorded' ORDER BY entry.rowid",
        )

    def end(self) -> None:
        for device in self._devices:
            device.stop()
        self.server.stop()
        self.district.close()


def found_school(district: District) -> None:
    about = SchoolSet(name=NAME, district="明湖区教育局")
    add_school(district.journal, SCHOOL, about, school_facts())
    open_account(district, USERNAME, TEACHER, SCHOOL)


@contextmanager
def running_district(
    folder: Path,
    found: Callable[[District], None] = found_school,
    school: str = SCHOOL,
    environment: Mapping[str, str] | None = None,
) -> Iterator[TestDistrict]:
    data = folder / "server"
    data.mkdir(parents=True)
    settings = Settings(database_url=f"sqlite:///{folder}/district.sqlite3", data=str(data))
    district = District(settings, utc_now)
    found(district)
    own = environment or {}
    running = TestDistrict(folder, settings, district, run_server(settings, own), school, own)
    try:
        yield running
    finally:
        running.end()


def _ask(database: Path, query: str) -> list[tuple]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=STOP_S)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
