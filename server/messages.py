"""Messages to and from HTTP bodies: straight between JSON bytes and the wire models.

FastAPI's own reading and encoding would cost more than judging the entries does.
"""

import gzip
import zlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from fastapi import Request, Response
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from ledger.wire.problems import ProblemCode
from ledger.wire.protocol import REQUEST_LIMIT_BYTES
from server.nul import has_nul
from server.pieces import GZIP_LEVEL, Piece, gzip_of
from server.problems import Refusal

SMALL_LIMIT_BYTES = 64 * 1024
WORTH_ZIPPING_BYTES = 1024

M = TypeVar("M", bound=BaseModel)


async def read_body(request: Request, limit_bytes: int = SMALL_LIMIT_BYTES) -> bytes:
    """The raw body, refused as soon as it is longer than allowed."""
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > limit_bytes:
                raise too_large(limit_bytes)
            parts.append(part)
    except ClientDisconnect as error:
        # A line that broke is nobody's fault, and nobody hears the answer.
        raise Refusal(ProblemCode.BAD_REQUEST, "the request ended too early") from error
    return b"".join(parts)


def unpack(raw: bytes, encoding: str, limit_bytes: int = REQUEST_LIMIT_BYTES) -> bytes:
    """Undo `Content-Encoding`; a small text that unfolds into a huge one is stopped half-way."""
    if encoding in ("", "identity"):
        return raw
    if encoding != "gzip":
        raise Refusal(ProblemCode.BAD_REQUEST, f"content encoding {encoding!r} is not spoken here")
    unzip = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = unzip.decompress(raw, limit_bytes + 1)
    except zlib.error as error:
        raise Refusal(ProblemCode.BAD_REQUEST, "the body is not gzip") from error
    if len(plain) > limit_bytes:
        raise too_large(limit_bytes)
    if not unzip.eof:
        raise Refusal(ProblemCode.BAD_REQUEST, "the gzip body ends too early")
    return plain


def parse(model: type[M], plain: bytes) -> M:
    try:
        return model.model_validate_json(plain)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refusal(ProblemCode.BAD_REQUEST, f"{where}: {first['type']}") from error


def reading(
    model: type[M], limit_bytes: int = SMALL_LIMIT_BYTES
) -> Callable[[Request], Awaitable[M]]:
    """A dependency that reads one small message."""

    async def read(request: Request) -> M:
        raw = await read_body(request, limit_bytes)
        encoding = request.headers.get("content-encoding", "")
        plain = unpack(raw, encoding, limit_bytes)
        if has_nul(plain):
            raise Refusal(ProblemCode.BAD_REQUEST, "a NUL character")
        return parse(model, plain)

    return read


def described(model: type[BaseModel]) -> dict[str, Any]:
    """What OpenAPI should say of a body that FastAPI does not read itself."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def answer(message: BaseModel, accepts_gzip: bool) -> Response:
    return packed(message.__pydantic_serializer__.to_json(message), accepts_gzip)


def joined(pieces: Sequence[Piece], accepts_gzip: bool) -> Response:
    """An answer of ready pieces."""
    headers = {"Vary": "Accept-Encoding"}
    if not accepts_gzip:
        content = b"".join(piece.plain for piece in pieces)
        return Response(content, media_type="application/json", headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(gzip_of(pieces), media_type="application/json", headers=headers)


def packed(plain: bytes, accepts_gzip: bool) -> Response:
    headers = {"Vary": "Accept-Encoding"}
    if accepts_gzip and len(plain) >= WORTH_ZIPPING_BYTES:
        plain = gzip.compress(plain, GZIP_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(plain, media_type="application/json", headers=headers)


def accepts_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def too_large(limit_bytes: int) -> Refusal:
    return Refusal(ProblemCode.TOO_LARGE, f"more than {limit_bytes} bytes")
