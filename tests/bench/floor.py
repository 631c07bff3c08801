"""What the machine can do at best: the same rows as plain JSON over HTTP into plain sqlite3.

Nothing is signed, verified, judged or projected. Run as a process: `python -m tests.bench.floor
DATABASE` prints its port and serves until its standard input closes.
"""

import json
import sqlite3
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

COLUMNS = ("id", "device", "number", "subject", "actor", "at", "header", "body")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    """Buffered: an answer leaves in one piece."""
    database: sqlite3.Connection

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self._keep(message) if self.path == "/push" else self._serve(message)
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _keep(self, rows: list[list[Any]]) -> dict[str, int]:
        places = ",".join("?" * len(COLUMNS))
        with self.database:
            self.database.executemany(f"INSERT INTO entry VALUES ({places})", rows)
        return {"kept": len(rows)}

    def _serve(self, after: dict[str, int]) -> list[Any]:
        query = "SELECT rowid, * FROM entry WHERE rowid > ? ORDER BY rowid LIMIT ?"
        return self.database.execute(query, (after["cursor"], after["limit"])).fetchall()


def main() -> None:
    database = sqlite3.connect(sys.argv[1], check_same_thread=False)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute(f"CREATE TABLE entry ({','.join(COLUMNS)}, PRIMARY KEY (id))")
    Handler.database = database
    server = HTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
