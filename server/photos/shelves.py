"""Where photos lie: a local folder, or a bucket of an S3-compatible storage.

A shelf keeps bytes by key and knows nothing of schools or people. The local one is our own
because a photo has to be on the disk before a phone is told so: obstore's renames a file into
place without syncing it.
"""

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

TIME_LIMITS = {"AWS_TIMEOUT": "15 seconds", "AWS_CONNECT_TIMEOUT": "5 seconds"}
"""Of one try, where the environment names no others."""
TRY_AGAIN_FOR = timedelta(seconds=15)


class ShelfFailed(Exception):
    """The storage did not do what was asked; the photo counts as not there."""


class Shelf(Protocol):
    def put(self, key: str, data: bytes) -> None:
        """Durable when it returns. Raises `ShelfFailed`."""
        ...

    def get(self, key: str) -> bytes | None: ...


class LocalShelf:
    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, data: bytes) -> None:
        path = self._root / key
        aside = path.with_name(f".{path.name}.{os.getpid()}.{id(data)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with open(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                aside.replace(path)
            finally:
                with suppress(OSError):
                    aside.unlink(missing_ok=True)
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise ShelfFailed(str(error)) from error

    def get(self, key: str) -> bytes | None:
        try:
            return (self._root / key).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ShelfFailed(str(error)) from error


class BucketShelf:
    """`address` is "s3://bucket/prefix"; endpoint, region and keys come from the usual AWS_…
    variables of the environment."""

    def __init__(self, address: str) -> None:
        # Left to itself it tries for three minutes, longer than any phone waits for its answer.
        # The limits go where the other settings of its client are: handed over, they would be
        # taken instead of those.
        for name, limit in TIME_LIMITS.items():
            os.environ.setdefault(name, limit)
        self._bucket = S3Store.from_url(address, retry_config={"retry_timeout": TRY_AGAIN_FOR})

    def put(self, key: str, data: bytes) -> None:
        try:
            obstore.put(self._bucket, key, data)
        except (BaseError, OSError) as error:
            raise ShelfFailed(type(error).__name__) from error

    def get(self, key: str) -> bytes | None:
        try:
            return bytes(obstore.get(self._bucket, key).bytes())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise ShelfFailed(type(error).__name__) from error


def open_shelf(address: str, data: Path) -> Shelf:
    """`address` as in the settings; empty is the data folder. Raises ValueError."""
    if not address:
        return LocalShelf(data / "photos")
    if address.startswith("s3://"):
        return BucketShelf(address)
    if "://" in address:
        raise ValueError(f"XUNAN_PHOTOS: {address.split('://')[0]}:// is not known; s3:// is")
    return LocalShelf(Path(address))
