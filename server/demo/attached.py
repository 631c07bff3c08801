"""Runs a `xunan` command that ends with the program that started it, by whatever death.

    python -m server.demo.attached server --port 0

Its standard input is the line to that program; no system tells a process that its parent is gone.
"""

import os
import signal
import sys
import threading

from ledger import command

FAREWELL_S = 8.0
"""How long a proper end may take."""


def _end_with_parent() -> None:
    # Not through sys.stdin: a thread waiting in there holds its lock at exit.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    late = threading.Timer(FAREWELL_S, os._exit, (command.FAILED,))
    late.daemon = True
    late.start()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, name="attached", daemon=True).start()
    sys.exit(command.main(sys.argv[1:]))
