"""What all messages have in common: what they are made of, how large they may be, and how two
sides see whether they understand each other.

Every request carries `Xunan-Protocol` and `Xunan-App` headers; a server that no longer speaks
the protocol answers 426 with `Problem(code="outdated")`, and the client keeps all its data.
"""

from pydantic import BaseModel, ConfigDict

PROTOCOL = 1
PROTOCOL_HEADER = "Xunan-Protocol"
APP_HEADER = "Xunan-App"
REQUEST_LIMIT_BYTES = 16 * 1024 * 1024
"""Largest request body, after decompression. A larger batch is answered 413 and halved."""


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Hello(Message):
    """GET /v1/hello, without a token: is this one of ours, and do we understand each other?"""

    product: str = "xunan"
    protocol: int = PROTOCOL
    oldest_protocol: int = PROTOCOL
    district: str
    time: str
    """Server time, ISO 8601 with offset."""
