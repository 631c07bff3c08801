"""Photos on their way in: tus 1.0 by tuspyserver, behind this project's own permissions.

The library keeps offsets and pieces. Added around it: who may send what is asked before a byte
is taken; every device has a folder of its own, so that nobody reaches another's upload; bodies
are limited before they are read; a piece that was written but not counted is cut off again; and
at the end the photo must be the one it was announced as.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from tuspyserver import create_tus_router

from ledger.codes import DISTRICT
from ledger.wire.photos import PHOTO_LIMIT_BYTES
from ledger.wire.problems import ProblemCode
from server.deps import OnADevice, TheDistrict
from server.journal.append import Sender
from server.photos.shelves import ShelfFailed
from server.photos.store import NotThePhoto
from server.problems import Refusal

PREFIX = "v1/photos/uploads"
TAKE_OVER_S = 5.0
STALE_S = 24 * 3600.0
"""An upload that was given up is forgotten after a day; the phone begins it anew."""
_HASH = re.compile(r"[0-9a-f]{64}")
_UPLOAD = re.compile(r"[0-9a-f]{32}")


async def admitted(request: Request, sender: OnADevice) -> Sender:
    """Before any byte: an enrolled device, and a request no larger than a photo."""
    headers = request.headers
    if headers.get("upload-concat") or headers.get("upload-defer-length"):
        raise Refusal(ProblemCode.BAD_REQUEST, "photos come whole, with their length")
    length = headers.get("content-length", "0")
    if not length.isdigit() or "transfer-encoding" in headers:
        raise Refusal(ProblemCode.BAD_REQUEST, "a request without its length")
    if int(length) > PHOTO_LIMIT_BYTES:
        raise Refusal(ProblemCode.TOO_LARGE, "larger than a photo may be")
    if request.method == "POST" and int(length) > 0:
        raise Refusal(ProblemCode.BAD_REQUEST, "announce it first, then send it")
    return sender


Admitted = Annotated[Sender, Depends(admitted)]


async def folder_of(
    request: Request, sender: Admitted, district: TheDistrict
) -> AsyncIterator[Callable[[dict[str, Any]], dict[str, str]]]:
    """The device's own folder; asked for by every route before it touches a file.

    A phone that changed its network sends again while its old connection still hangs here. The
    newer request wins: the library's own lock would make everybody wait for the older one.
    """
    folder = Path(district.settings.data) / "uploads" / sender.device
    upload = str(request.path_params.get("uuid", ""))
    if upload and not _UPLOAD.fullmatch(upload):
        raise Refusal(ProblemCode.BAD_REQUEST, "no such upload")
    if request.method != "PATCH":
        yield lambda _metadata: {"files_dir": str(folder)}
        return
    running: dict[str, asyncio.Task[Any]] = request.app.state.uploads
    name, task = f"{sender.device}/{upload}", asyncio.current_task()
    older = running.get(name)
    if older is not None:
        older.cancel()
        await asyncio.wait({older}, timeout=TAKE_OVER_S)
    if task is not None:
        running[name] = task
    try:
        _cut_uncounted(folder / upload)
        yield lambda _metadata: {"files_dir": str(folder)}
    finally:
        if running.get(name) is task:
            running.pop(name, None)


async def announced(
    sender: Admitted, district: TheDistrict
) -> Callable[[dict[str, Any], dict[str, Any]], Any]:
    async def check(metadata: dict[str, Any], about: dict[str, Any]) -> None:
        hash, size = str(metadata.get("hash", "")), about.get("size")
        if not _HASH.fullmatch(hash) or not isinstance(size, int) or size <= 0:
            raise Refusal(ProblemCode.BAD_REQUEST, "hash and length are needed")
        if size > PHOTO_LIMIT_BYTES:
            raise Refusal(ProblemCode.TOO_LARGE, "larger than a photo may be")
        if not await district.reading(district.photos.may_send, sender, hash):
            raise Refusal(ProblemCode.PHOTO_UNKNOWN, "no entry of this device names it")
        if await district.reading(district.photos.held, sender.school, [hash]):
            raise Refusal(ProblemCode.PHOTO_HELD, "it is here already")
        forget_stale(Path(district.settings.data) / "uploads" / sender.device)

    return check


async def arrived(sender: Admitted, district: TheDistrict) -> Callable[[str, dict[str, Any]], Any]:
    async def take(file: str, metadata: dict[str, Any]) -> None:
        path = Path(file)

        def work() -> None:
            try:
                data = path.read_bytes()
                district.photos.keep(sender, str(metadata.get("hash", "")), data)
            except (NotThePhoto, FileNotFoundError) as error:
                _forget(path)
                raise Refusal(ProblemCode.HASH_WRONG, "not the photo it was named") from error
            except ShelfFailed as error:
                # The pieces stay: the next request of the same upload tries again.
                raise Refusal(ProblemCode.SERVER_FAULT, "the photo could not be kept") from error
            _forget(path)

        await district.carrying(work)
        district.hub.photo_came(sender.school)
        if await district.reading(district.photos.watched, str(metadata.get("hash", ""))):
            district.hub.photo_came(DISTRICT)

    return take


def upload_routes(data: str) -> APIRouter:
    # Its annotations know neither dependencies with parameters nor what its hooks may return.
    ours: Any = {
        "auth": admitted,
        "upload_complete_dep": arrived,
        "pre_create_dep": announced,
        "file_dep": folder_of,
    }
    return create_tus_router(
        prefix=PREFIX,
        files_dir=str(Path(data) / "uploads"),
        max_size=PHOTO_LIMIT_BYTES,
        days_to_keep=1,
        tags=["photos"],
        strict_offset_validation=True,
        **ours,
    )


def forget_stale(folder: Path, now: float | None = None) -> None:
    """Remove what nobody has added to for a day."""
    oldest = (time.time() if now is None else now) - STALE_S
    for path in folder.glob("*"):
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.info").unlink(missing_ok=True)


def _cut_uncounted(path: Path) -> None:
    """What a killed server had written and not counted would stand twice in the photo."""
    try:
        offset = int(json.loads(path.with_name(f"{path.name}.info").read_bytes())["offset"])
        if path.stat().st_size > offset:
            with path.open("r+b") as file:
                file.truncate(offset)
    except (OSError, ValueError, KeyError, TypeError):
        return  # no such upload, or not readable: the library says so
