"""What became of a bundle 记录包 that was handed to the server."""

from ledger.wire.protocol import Message


class BundleTaken(Message):
    """The answer to POST /v1/bundles, whose body is a bundle as it was written."""

    id: str
    entries: int
    accepted: int
    held: int
    refused: int
    photos: int
    """Those that were not here before."""
