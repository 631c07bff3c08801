"""Photos between device and server: tus 1.0 up, plain requests down.

An upload goes: `begin` → `send` from the offset; after a cut `offset` says where to go on.
"""

import base64
import re
from collections.abc import Callable

from client.gateway.errors import NotOurServer, Refused
from client.gateway.gateway import Gateway
from ledger.wire.problems import ProblemCode

UPLOADS = "/v1/photos/uploads"
_OFFSET = re.compile(r"[0-9]{1,10}")
_TUS = {"Tus-Resumable": "1.0.0"}


class PhotoLine:
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def begin(self, hash: str, size: int) -> str:
        """Announce a photo; returns the upload's name. Raises `Refused`: `photo_held` when the
        server has it, `photo_unknown` when it knows no entry of ours that names it."""
        told = {"filename": f"{hash}.jpg", "filetype": "image/jpeg", "hash": hash}
        metadata = ",".join(
            f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items()
        )
        headers = {**_TUS, "Upload-Length": str(size), "Upload-Metadata": metadata}
        answer = await self._gateway.request("POST", UPLOADS, headers)
        name = answer.headers.get("location", "").rstrip("/").rpartition("/")[2]
        if not name:
            raise NotOurServer("an upload without a place")
        return name

    async def offset(self, upload: str) -> int | None:
        """How far the server has got; None when it has forgotten the upload."""
        try:
            answer = await self._gateway.request("HEAD", f"{UPLOADS}/{upload}", _TUS)
        except (Refused, NotOurServer):
            return None  # a HEAD's refusal has no body that would say more
        text = answer.headers.get("upload-offset", "")
        return int(text) if _OFFSET.fullmatch(text) else None

    async def send(
        self,
        upload: str,
        offset: int,
        rest: bytes,
        sent: Callable[[int], None] = lambda bytes: None,
    ) -> None:
        """Send everything from `offset` on; `sent` is told how much of it has left. Raises
        `Refused` (`hash_wrong`) and `Unreachable`."""
        headers = {
            **_TUS,
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
        }
        await self._gateway.request("PATCH", f"{UPLOADS}/{upload}", headers, rest, sent)

    async def fetch(self, hash: str, *, thumbnail: bool) -> bytes | None:
        """A photo's bytes; None when the server does not have it (yet)."""
        path = f"/v1/photos/{hash}" + ("/thumbnail" if thumbnail else "")
        try:
            return (await self._gateway.request("GET", path, {})).content
        except Refused as refused:
            if refused.code is ProblemCode.PHOTO_UNKNOWN:
                return None
            raise
