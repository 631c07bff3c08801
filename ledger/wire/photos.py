"""Which photos the server holds. Their bytes travel by tus."""

from typing import Annotated

from pydantic import Field

from ledger.entry import Digest
from ledger.wire.protocol import Message

PHOTO_LIMIT_BYTES = 2 * 1024 * 1024
"""Largest photo taken in; devices make them at most 450 KB."""
PHOTOS_AT_ONCE = 500


class PhotosAsked(Message):
    """POST /v1/photos/held: which of these photos does the server hold whole?"""

    hashes: Annotated[tuple[Digest, ...], Field(max_length=PHOTOS_AT_ONCE)]


class PhotosHeld(Message):
    held: tuple[str, ...]
    """Those of the asked ones that are there, and that the asker may read."""
