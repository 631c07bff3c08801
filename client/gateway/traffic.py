"""What the link costs: bodies as they go over it (compressed) and the lines of their headers.

What TLS and the network add below that nobody up here can see.
"""

import httpx


class Traffic:
    """Bytes since the last `take`."""

    def __init__(self) -> None:
        self.sent = 0
        self.received = 0

    def take(self) -> tuple[int, int]:
        """Sent and received; counting begins anew."""
        taken = (self.sent, self.received)
        self.sent = self.received = 0
        return taken

    def asked(self, request: httpx.Request) -> None:
        """A request has been begun; its body is counted piece by piece by whoever sends it."""
        self.sent += len(request.url.raw_path) + _line_bytes(request.headers)

    def answered(self, answer: httpx.Response, before: int = 0) -> None:
        """An answer was read, or as much of it as came; `before` of its bytes are counted."""
        self.received += answer.num_bytes_downloaded - before
        if not before:
            self.received += _line_bytes(answer.headers)


def _line_bytes(headers: httpx.Headers) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.raw)
