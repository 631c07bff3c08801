"""A client that another program started: it ends with that program, and hears of the network.

Its standard input is the line to that program. When it closes, by whatever death, the client
stops. Whatever is written on it means that the network may have changed: a process without a
window gets no such event from the system.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Callable

PIECE_BYTES = 1024


async def follow(wake: Callable[[], None]) -> None:
    """Call `wake` for everything that arrives on standard input; return when it closes."""
    loop = asyncio.get_running_loop()
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    def listen() -> None:
        while True:
            # Not through sys.stdin: a thread waiting in there holds its lock at exit.
            try:
                piece = os.read(sys.stdin.fileno(), PIECE_BYTES)
            except OSError:
                piece = b""
            try:
                loop.call_soon_threadsafe(heard.put_nowait, piece)
            except RuntimeError:  # the loop has ended
                return
            if not piece:
                return

    threading.Thread(target=listen, name="attached", daemon=True).start()
    while await heard.get():
        wake()
