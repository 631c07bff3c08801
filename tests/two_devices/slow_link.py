"""A bad line in this process: so many bytes a second, late, and now and then lost.

TCP hides a lost packet behind a repeated one: the bytes take the line twice and arrive a round
trip late, and whatever is behind them waits. Now and then a connection does not survive it.
"""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field

PACKET_BYTES = 1400


@dataclass
class Line:
    """How bad it is. Each direction has its own."""

    bytes_per_s: float = 256_000 / 8
    latency_s: float = 0.4
    """One way."""
    loss: float = 0.05
    breaks: float = 0.0
    """Of the lost packets, how many end their connection."""
    cut_after: list[int] = field(default_factory=list)
    """The next connections are cut after so many bytes of theirs, one after the other."""
    seed: int = 7


@dataclass
class SlowLink:
    """A proxy on a port of its own in front of a server on loopback."""

    port: int
    line: Line
    up_bytes: int = 0
    down_bytes: int = 0
    cuts: int = 0
    connections: int = 0
    _server: asyncio.Server | None = None
    _rng: random.Random = field(default_factory=random.Random)
    _free_at: dict[str, float] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> str:
        """Returns the address to use instead of the server's."""
        self._rng.seed(self.line.seed)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        budget = self.line.cut_after.pop(0) if self.line.cut_after else None
        far, on = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            await asyncio.gather(
                self._carry(near, on, "up", budget), self._carry(far, back, "down", None)
            )
        except (ConnectionError, asyncio.IncompleteReadError):
            self.cuts += 1
        except asyncio.CancelledError:
            return  # the test is over
        finally:
            self._tasks.discard(task)
            for writer in (on, back):
                transport = writer.transport
                if not transport.is_closing():
                    transport.abort()

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        way: str,
        budget: int | None,
    ) -> None:
        """Read as fast as the line carries; what is under way arrives in its order, later."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(64)
        delivering = asyncio.create_task(_deliver(under_way, writer))
        loop = asyncio.get_running_loop()
        carried = 0
        try:
            while data := await reader.read(PACKET_BYTES):
                carried += len(data)
                if budget is not None and carried > budget:
                    raise ConnectionResetError
                lost = self._rng.random() < self.line.loss
                if lost and self._rng.random() < self.line.breaks:
                    raise ConnectionResetError
                begins = max(loop.time(), self._free_at.get(way, 0.0))
                takes = len(data) / self.line.bytes_per_s * (2 if lost else 1)
                self._free_at[way] = begins + takes
                setattr(self, f"{way}_bytes", getattr(self, f"{way}_bytes") + len(data))
                arrives = begins + takes + self.line.latency_s * (3 if lost else 1)
                await under_way.put((arrives, data))
                await asyncio.sleep(max(0.0, self._free_at[way] - loop.time()))
            await under_way.put((loop.time() + self.line.latency_s, b""))
            await delivering
        finally:
            delivering.cancel()


async def _deliver(
    under_way: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter
) -> None:
    loop = asyncio.get_running_loop()
    while True:
        arrives, data = await under_way.get()
        await asyncio.sleep(max(0.0, arrives - loop.time()))
        if not data:
            with suppress(OSError):
                writer.write_eof()
            return
        writer.write(data)
        await writer.drain()
