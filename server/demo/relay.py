"""The demo phone's way to the server, which can be cut like a network cable.

Cut, it ends every connection and listens no more: the phone's own system refuses it, as when
there is no network at all. Nothing in the phone knows of it.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field

PIECE_BYTES = 64 * 1024
HOST = "127.0.0.1"


@dataclass(eq=False)
class Relay:
    """Passes bytes on to `target`, a port on this machine. One event loop owns it."""

    target: int
    port: int = 0
    """0 until it has started for the first time, unless a certain one is wanted."""
    _listener: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def connected(self) -> bool:
        return self._listener is not None

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def restore(self) -> None:
        """Start, or start again, at the same port. Raises OSError when somebody else took it."""
        if self._listener is None:
            self._listener = await asyncio.start_server(self._serve, HOST, self.port)
            self.port = self._listener.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """End every connection at once and refuse new ones."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        for writer in tuple(self._open):
            # Not a polite end, which would wait for what is still under way.
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with self._kept(writer):
            if self._listener is None:  # accepted in the very moment of the cut
                return
            try:
                there, onward = await asyncio.open_connection(HOST, self.target)
            except OSError:
                return
            with self._kept(onward):
                if self._listener is None:
                    return
                ways = [
                    asyncio.create_task(_pass_on(reader, onward)),
                    asyncio.create_task(_pass_on(there, writer)),
                ]
                try:
                    await asyncio.gather(*ways)
                finally:
                    for way in ways:
                        way.cancel()

    @contextlib.contextmanager
    def _kept(self, writer: asyncio.StreamWriter):
        self._open.add(writer)
        try:
            yield
        finally:
            self._open.discard(writer)
            writer.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until the reader's side ends; then tell the writer's side so."""
    with contextlib.suppress(ConnectionError):
        while piece := await reader.read(PIECE_BYTES):
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
