"""`xunan demo`: a district server, a teacher's phone and a principal's desktop on one computer.

Every part is a process of its own, with its own key and its own database. They are started in
order, watched, and ended in the reverse order, whatever happens.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import webbrowser
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import uvicorn

from ledger.codes import grouped
from server.clock import utc_now
from server.database import Database
from server.demo.child import Child, DemoError
from server.demo.folder import DemoFolder, write_whole
from server.demo.office import OFFICER, OFFICER_ROLES
from server.demo.page import DemoPage
from server.demo.relay import HOST, Relay
from server.demo.samples import Sample, choose_samples
from server.demo.seed import NAME, PASSWORD, SCHOOL
from server.demo.staff import ACCOUNTS, STAFF
from server.settings import Settings

TEACHER, PRINCIPAL = "s08", "s01"
DEVICES = {"phone": (TEACHER, "演示手机"), "desktop": (PRINCIPAL, "演示电脑")}
PASSPHRASE = "xunan-demo"
"""Seals the demo devices' secrets: a demo leaves nothing in anybody's keyring."""
COMMAND = "ledger"
END_LIMIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Options:
    folder: Path
    fresh: bool = False
    browser: bool = True
    port: int = 0
    info_file: Path | None = None


def run_demo(options: Options) -> None:
    """Until stopped by a signal. Raises `DemoError` when a part fails."""
    asyncio.run(_until_stopped(options))


async def _until_stopped(options: Options) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    demo = asyncio.create_task(_Demo(options).run())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([demo, stopping], return_when=asyncio.FIRST_COMPLETED)
    if not demo.done():
        print("Stopping …", flush=True)
    demo.cancel()
    stopping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await demo


class _Demo:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.folder = DemoFolder(options.folder)
        self.samples: list[Sample] = []
        self.page_port = 0

    async def run(self) -> None:
        async with AsyncExitStack() as stack:
            stack.enter_context(self.folder.locked())
            print("Preparing the demo school …", flush=True)
            done = await asyncio.to_thread(
                self.folder.make_ready, utc_now(), fresh=self.options.fresh
            )
            print(f"Data in {self.options.folder}: {done}", flush=True)
            await self._start(stack)
            self._serve_page(stack)
            self._announce()
            await _all_at_once(one.watch() for one in (self.server, *self.devices.values()))

    async def _start(self, stack: AsyncExitStack) -> None:
        ports = self.folder.ports()
        self.server = self._server(ports.get("server", 0))
        stack.push_async_callback(self.server.stop)
        await self.server.start()
        self.relay = Relay(self.server.port, ports.get("relay", 0))
        await self.relay.restore()
        stack.callback(self.relay.cut)
        self.folder.keep_ports(server=self.server.port, relay=self.relay.port)
        self.devices = {
            "phone": self._device("phone", self.relay.address),
            "desktop": self._device("desktop", self.server.address),
        }
        stack.push_async_callback(self._stop_devices)
        await _all_at_once(device.start() for device in self.devices.values())
        self.samples = self._choose_samples()

    async def _stop_devices(self) -> None:
        await asyncio.gather(*(device.stop() for device in self.devices.values()))

    def _server(self, port: int) -> Child:
        data = str(self.options.folder / "server")
        arguments = ["server.demo.attached", "server", "--host", HOST, "--port", str(port)]
        arguments += ["--data", data, "--database", self.folder.database_url]
        # The demo's server is no other: what is set for a real one here must not reach it.
        environment = {name: "" for name in Settings.variables()}
        return Child("server", arguments, self.folder.logs, environment)

    def _device(self, name: str, server: str) -> Child:
        staff, device_name = DEVICES[name]
        arguments = [COMMAND, "app", "--web", "--attached", "--profile", f"demo-{name}"]
        environment = {
            "XUNAN_CLIENT_DATA": str((self.options.folder / name).absolute()),
            "XUNAN_PASSPHRASE": PASSPHRASE,
            "XUNAN_DEVICE_NAME": device_name,
            # Whoever has signed in already doesn't use it.
            "XUNAN_ENROLMENT": self.folder.invite(staff, server, utc_now()),
            "NO_PROXY": ",".join(filter(None, (os.environ.get("NO_PROXY"), HOST))),
        }
        return Child(name, arguments, self.folder.logs, environment)

    def _choose_samples(self) -> list[Sample]:
        database = Database(self.folder.database_url)
        try:
            with database.read() as connection:
                return choose_samples(connection, SCHOOL, utc_now())
        finally:
            database.close()

    def _serve_page(self, stack: AsyncExitStack) -> None:
        try:
            listener = stack.enter_context(socket.create_server((HOST, self.options.port)))
        except OSError as error:
            raise DemoError(f"port {self.options.port} is used by another program") from error
        self.page_port = listener.getsockname()[1]
        sheet = self.options.folder / "labels.pdf"
        command = ["-m", COMMAND, "labels", "--school", SCHOOL]
        command += ["--database", self.folder.database_url, "-o", str(sheet)]
        page = DemoPage(self.about, self.samples, self.relay, self._network_changed, command, sheet)
        config = uvicorn.Config(
            page.app(), log_level="warning", lifespan="off", timeout_graceful_shutdown=1
        )
        server = _PageServer(config)
        stack.push_async_callback(server.end, asyncio.create_task(server.serve([listener])))

    def _network_changed(self) -> None:
        """A phone is told so by its system; ours has none of its own."""
        self.devices["phone"].tell("network")

    def about(self) -> dict[str, Any]:
        """Everything somebody needs to use the demo, or a test to drive it."""
        page = f"http://{HOST}:{self.page_port}"
        people = {id: (name, roles) for id, name, roles in STAFF}
        return {
            "page": f"{page}/",
            "pid": os.getpid(),
            "school": {"code": SCHOOL, "name": NAME},
            "server": {
                "address": self.server.address,
                "pid": self.server.pid,
                "database": self.folder.database_url,
            },
            **{
                name: {
                    "address": device.address,
                    "pid": device.pid,
                    "database": str((self.options.folder / name / "xunan.db").absolute()),
                    "person": people[DEVICES[name][0]][0],
                    "server": self.relay.address if name == "phone" else self.server.address,
                }
                for name, device in self.devices.items()
            },
            "relay": {"address": self.relay.address, "control": f"{page}/network"},
            "labels": [
                asdict(sample)
                | {"grouped": grouped(sample.typed), "picture": f"{page}/labels/{number}.png"}
                for number, sample in enumerate(self.samples)
            ],
            "labels_pdf": f"{page}/labels.pdf",
            "accounts": [
                {
                    "username": username,
                    "password": PASSWORD,
                    "name": people[staff][0],
                    "roles": [role.value for role in people[staff][1]],
                }
                for username, staff in ACCOUNTS
            ]
            + [
                {
                    "username": OFFICER[0],
                    "password": PASSWORD,
                    "name": OFFICER[2],
                    "roles": [role.value for role in OFFICER_ROLES],
                }
            ],
        }

    def _announce(self) -> None:
        about = self.about()
        if self.options.info_file is not None:
            text = json.dumps(about, ensure_ascii=False, indent=2)
            write_whole(self.options.info_file, text)
        phone, desktop = about["phone"], about["desktop"]
        print(f"""
  {about["page"]}   phone and desktop side by side

  phone    {phone["address"]}   {phone["person"]}
  desktop  {desktop["address"]}   {desktop["person"]}
  server   {about["server"]["address"]}   (the phone's way there: {phone["server"]})

Ctrl-C stops everything; the data is kept, --fresh begins anew.""")
        sys.stdout.flush()
        if self.options.browser and _has_browser():
            asyncio.get_running_loop().run_in_executor(None, webbrowser.open, about["page"])


async def _all_at_once(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """The first failure ends them all."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except* DemoError as failures:
        raise failures.exceptions[0] from None


class _PageServer(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the demo's, not the page's."""
        yield

    async def end(self, serving: "asyncio.Task[None]") -> None:
        self.should_exit = True
        await asyncio.wait([serving], timeout=END_LIMIT_S)


def _has_browser() -> bool:
    """A browser in the terminal would draw over ours."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
