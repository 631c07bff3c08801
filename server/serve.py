"""Run the server on a socket, and say where once it answers."""

import socket
from pathlib import Path

import uvicorn

from ledger.collector import calm_collector
from server.app import create_app
from server.settings import Settings

BACKLOG = 512
OBJECTS_BETWEEN_COLLECTIONS = 500_000
FAREWELL_S = 3
KEEP_ALIVE_S = 75
"""Longer than a client keeps a quiet line (60 s): where the server hung up first, the client's next
request would meet a closed door."""
"""How long open streams may take to end when the server stops."""


class _Announcing(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, address: str, port: int, file: str) -> None:
        super().__init__(config)
        self._address, self._port, self._file = address, port, file

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.should_exit:
            return
        _announce(self._address, self._port, self._file)


def _announce(address: str, port: int, file: str) -> None:
    print(address, flush=True)
    if file:
        # Written whole and then renamed: whoever waits for it never reads half a number.
        partial = Path(f"{file}.new")
        partial.write_text(str(port))
        partial.replace(file)


def serve(settings: Settings, port_file: str = "") -> None:
    """Serve until stopped by a signal."""
    listening = socket.create_server(
        (settings.host, settings.port),
        family=socket.AF_INET6 if ":" in settings.host else socket.AF_INET,
        backlog=BACKLOG,
    )
    port = listening.getsockname()[1]
    config = uvicorn.Config(
        create_app(settings),
        log_level="warning",
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=FAREWELL_S,
        forwarded_allow_ips=settings.trusted_proxies,
        ssl_certfile=settings.tls_certificate or None,
        ssl_keyfile=settings.tls_key or None,
    )
    calm_collector(OBJECTS_BETWEEN_COLLECTIONS)
    _Announcing(config, address(settings, port), port, port_file).run([listening])


def address(settings: Settings, port: int) -> str:
    """What people and codes call this server."""
    if settings.public_address:
        return settings.public_address
    scheme = "https" if settings.tls_certificate else "http"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{scheme}://{host}:{port}"
