"""One entry of the journal: a header and a body, two JSON texts kept byte for byte.

The texts are stored and sent as they were first written, so no canonical form is needed. The
entry's hash is SHA-256 of the header's bytes; the header holds the body's hash. A body carries
a random salt: erased by law, its hash tells nothing and the chain still verifies.
"""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from ledger.identifiers import new_id

HEADER_LIMIT_BYTES = 8 * 1024
BODY_LIMIT_BYTES = 256 * 1024
START_HASH = "0" * 64
"""What the first entry of a device names as the entry before it."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_DAY, _TIME = r"[0-9]{4}-[01][0-9]-[0-3][0-9]", r"[0-2][0-9]:[0-5][0-9]:[0-5][0-9]"
Moment = Annotated[
    str,
    Field(
        pattern=rf"^{_DAY}T{_TIME}(\.[0-9]{{1,6}})?(Z|[+-][0-9]{{2}}:[0-9]{{2}})$",
        max_length=40,
    ),
]
"""An ISO 8601 time with its offset; `datetime.fromisoformat` may still find it impossible."""
LAST_NUMBER = 2**31 - 1
Number = Annotated[int, Field(ge=1, le=LAST_NUMBER)]
"""A place in a device's chain; every database's plain integer can hold it."""
Name = Annotated[str, Field(min_length=1, max_length=120)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What the device knew about time when it wrote the entry."""

    uptime: float
    """Seconds of the monotonic clock; comparable only within one `boot`."""
    boot: str = ""
    """Changes whenever `uptime` starts again."""
    server: str | None = None
    """The last server time seen, ISO 8601 with offset."""
    offset: float | None = None
    """Estimated true time minus device time in seconds; None when never in contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The signed half of an entry. Unknown fields of newer versions are ignored, never lost:
    the bytes are what is kept.

    (A dataclass and not a model: made by the thousand and asked all the time, it takes a tenth
    of the room, and its fields are read in a quarter of the time.)
    """

    id: Annotated[str, Field(min_length=36, max_length=36)]
    kind: Name
    subject: Name
    seen: Annotated[int, Field(ge=0)]
    scope: Name
    school: Annotated[str, Field(min_length=1, max_length=16)]
    actor: Name
    device: Name
    number: Number
    previous: Digest
    at: Moment
    clock: Clock
    photos: tuple[Digest, ...] = ()
    body_hash: Digest


HEADER = TypeAdapter(Header)


class Entry(NamedTuple):
    """A header with its exact bytes, and the body's exact bytes (None once erased by law)."""

    header: Header
    header_bytes: bytes
    body_bytes: bytes | None
    hash: str

    @property
    def body_is_genuine(self) -> bool:
        """True when the body is the one the header vouches for (or was erased)."""
        return self.body_bytes is None or digest(self.body_bytes) == self.header.body_hash


class UnreadableEntry(ValueError):
    """The bytes are not an entry's header."""


class Body(BaseModel):
    """What every body has. Bodies are plain facts; meaning is in the rules."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    salt: str = ""


class AnyBody(Body):
    """A body whose kind may be unknown here: every field is kept as it was."""

    model_config = ConfigDict(frozen=True, extra="allow")


def digest(data: bytes) -> str:
    """SHA-256 as 64 lower-case hexadecimal characters."""
    return hashlib.sha256(data).hexdigest()


def write_entry(
    *,
    kind: str,
    subject: str,
    scope: str,
    school: str,
    actor: str,
    device: str,
    number: int,
    previous: str,
    at: str,
    clock: Clock,
    body: Body,
    seen: int = 0,
    photos: Sequence[str] = (),
    id: str | None = None,
) -> Entry:
    """Make the entry that follows number − 1 in the device's chain. The body gets its salt here."""
    salted = body.model_copy(update={"salt": secrets.token_urlsafe(12)})
    body_bytes = salted.model_dump_json(exclude_defaults=True).encode()
    header = Header(
        id=id or new_id(),
        kind=kind,
        subject=subject,
        seen=seen,
        scope=scope,
        school=school,
        actor=actor,
        device=device,
        number=number,
        previous=previous,
        at=at,
        clock=clock,
        photos=tuple(photos),
        body_hash=digest(body_bytes),
    )
    header_bytes = HEADER.dump_json(header)
    return Entry(header, header_bytes, body_bytes, digest(header_bytes))


def read_entry(header_bytes: bytes, body_bytes: bytes | None) -> Entry:
    """Read one entry; raises `UnreadableEntry`."""
    if len(header_bytes) > HEADER_LIMIT_BYTES:
        raise UnreadableEntry("the header is too long")
    if body_bytes is not None and len(body_bytes) > BODY_LIMIT_BYTES:
        raise UnreadableEntry("the body is too long")
    try:
        header = HEADER.validator.validate_json(header_bytes)
    except ValidationError as error:
        raise UnreadableEntry(str(error)) from error
    return Entry(header, header_bytes, body_bytes, digest(header_bytes))
