"""Why a request as a whole was not served."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ledger.wire.protocol import Message


class ProblemCode(StrEnum):
    """Why a request as a whole was not served. Sentences: catalogue `problems`."""

    OUTDATED = "outdated"
    SIGN_IN_AGAIN = "sign_in_again"
    WRONG_PASSWORD = "wrong_password"
    SLOW_DOWN = "slow_down"
    CODE_UNKNOWN = "code_unknown"
    CODE_EXPIRED = "code_expired"
    CODE_USED = "code_used"
    DEVICE_REVOKED = "device_revoked"
    ACCOUNT_CLOSED = "account_closed"
    NOT_ALLOWED = "not_allowed"
    BAD_REQUEST = "bad_request"
    TOO_LARGE = "too_large"
    HEAD_NOT_GENUINE = "head_not_genuine"
    PHOTO_UNKNOWN = "photo_unknown"
    """No entry names it, or none that the asker may see."""
    PHOTO_HELD = "photo_held"
    """The server has it whole: nothing is left to send."""
    HASH_WRONG = "hash_wrong"
    OUT_OF_STEP = "out_of_step"
    """The upload is not where the device thinks, or forgotten: ask for its offset and go on."""
    BUNDLE_DAMAGED = "bundle_damaged"
    BUNDLE_FOREIGN = "bundle_foreign"
    BUNDLE_NEWER = "bundle_newer"
    BUNDLE_NOT_GENUINE = "bundle_not_genuine"
    SERVER_FAULT = "server_fault"


class Problem(Message):
    """The body of every answer that is not a success."""

    code: ProblemCode
    message: str = ""
    """For logs and developers; people read the catalogue's sentence for `code`."""
    retry_after_seconds: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)] | None = None
