"""Every way a request as a whole can fail, and its HTTP status: one place, one shape.

Refusal              any of `ledger.wire.problems.ProblemCode`, raised wherever it is noticed
  → answered as `Problem` JSON with the status of its code
"""

import logging

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from ledger.wire.problems import Problem, ProblemCode

log = logging.getLogger(__name__)

STATUS: dict[ProblemCode, int] = {
    ProblemCode.OUTDATED: 426,
    ProblemCode.SIGN_IN_AGAIN: 401,
    ProblemCode.WRONG_PASSWORD: 401,
    ProblemCode.SLOW_DOWN: 429,
    ProblemCode.CODE_UNKNOWN: 404,
    ProblemCode.CODE_EXPIRED: 410,
    ProblemCode.CODE_USED: 409,
    ProblemCode.DEVICE_REVOKED: 403,
    ProblemCode.ACCOUNT_CLOSED: 403,
    ProblemCode.NOT_ALLOWED: 403,
    ProblemCode.BAD_REQUEST: 400,
    ProblemCode.TOO_LARGE: 413,
    ProblemCode.HEAD_NOT_GENUINE: 400,
    ProblemCode.PHOTO_UNKNOWN: 404,
    ProblemCode.PHOTO_HELD: 409,
    ProblemCode.HASH_WRONG: 422,
    ProblemCode.OUT_OF_STEP: 409,
    ProblemCode.BUNDLE_DAMAGED: 422,
    ProblemCode.BUNDLE_FOREIGN: 409,
    ProblemCode.BUNDLE_NEWER: 409,
    ProblemCode.BUNDLE_NOT_GENUINE: 403,
    ProblemCode.SERVER_FAULT: 500,
}


UPLOADS = "/v1/photos/uploads/"
OUT_OF_STEP = frozenset({404, 409, 410, 423})


class Refusal(Exception):
    """The request is not served; the caller learns why by code."""

    def __init__(
        self, code: ProblemCode, message: str = "", retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(message or code.value)
        self.problem = Problem(code=code, message=message, retry_after_seconds=retry_after_seconds)

    def response(self) -> Response:
        problem = self.problem
        headers = {}
        if problem.retry_after_seconds is not None:
            headers["Retry-After"] = str(max(1, round(problem.retry_after_seconds)))
        if problem.code is ProblemCode.TOO_LARGE:
            # Hang up: otherwise the rest of the body would be read for nothing.
            headers["Connection"] = "close"
        if STATUS[problem.code] == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return Response(
            problem.model_dump_json(exclude_none=True),
            status_code=STATUS[problem.code],
            media_type="application/json",
            headers=headers,
        )


async def answer_refusal(_request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return error.response()


async def answer_http_error(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: unknown paths, wrong methods; and what the upload
    library does. Only what can never succeed is a bad request: a device gives that up."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    code = ProblemCode.BAD_REQUEST
    if status in OUT_OF_STEP and request.url.path.startswith(UPLOADS):
        code = ProblemCode.OUT_OF_STEP
    elif status >= 500:
        code = ProblemCode.SERVER_FAULT
    problem = Problem(code=code, message=f"HTTP {status}")
    return Response(
        problem.model_dump_json(exclude_none=True),
        status_code=status,
        media_type="application/json",
    )


async def answer_nobody(_request: Request, _error: Exception) -> Response:
    """The line broke while a request was coming: an everyday thing, and nobody is left to tell."""
    return Refusal(ProblemCode.BAD_REQUEST, "the request broke off").response()


async def answer_fault(request: Request, error: Exception) -> Response:
    log.error("serving %s %s failed", request.method, request.url.path, exc_info=error)
    return Refusal(ProblemCode.SERVER_FAULT).response()
