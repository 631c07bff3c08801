"""The messages phone and server exchange. `docs/protocol.md` tells the story around them.

Every request carries `Xunan-Protocol` and `Xunan-App` headers; a server that no longer speaks
the protocol answers 426 with `Problem(code="outdated")`, and the client keeps all its data.
"""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from ledger.entry import Digest
from ledger.keys import Head
from ledger.verdicts import Reason, Verdict

PROTOCOL = 1
PROTOCOL_HEADER = "Xunan-Protocol"
APP_HEADER = "Xunan-App"
PUSH_LIMIT_ENTRIES = 1000
PULL_LIMIT_ENTRIES = 1000
PHOTO_LIMIT_BYTES = 2 * 1024 * 1024
"""Largest photo taken in; devices make them at most 450 KB."""
PHOTOS_AT_ONCE = 500
DAY_OR_NONE = r"^(\d{4}-\d{2}-\d{2})?$"
REQUEST_LIMIT_BYTES = 16 * 1024 * 1024
"""Largest request body, after decompression. A larger batch is answered 413 and halved."""


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


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
    retry_after_seconds: float | None = None


class Hello(Message):
    """GET /v1/hello, without a token: is this one of ours, and do we understand each other?"""

    product: str = "xunan"
    protocol: int = PROTOCOL
    oldest_protocol: int = PROTOCOL
    district: str
    time: str
    """Server time, ISO 8601 with offset."""


class Tokens(Message):
    """POST /v1/token (OAuth2 password or refresh_token grant, form-encoded) and parts of others."""

    access_token: str
    refresh_token: str
    token_type: str = "bearer"
    expires_in: int


class NewDevice(Message):
    """What a device says of itself when it is enrolled."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    platform: Annotated[str, Field(max_length=40)] = ""
    public_key: Annotated[str, Field(min_length=43, max_length=43)]
    proof: str
    """Signature over `enrolment_text(public_key, …)`: the sender holds the private key."""


class EnrolByCode(Message):
    """POST /v1/enrol: a one-time code stands for a person."""

    code: Annotated[str, Field(min_length=1, max_length=64)]
    device: NewDevice


class EnrolByPassword(Message):
    """POST /v1/devices with an access token from a password sign-in (not bound to a device)."""

    device: NewDevice


class Enrolled(Message):
    device: str
    tokens: Tokens
    school: str
    actor: str
    scopes: tuple[str, ...]
    server_device: str
    """The device id under which the server itself writes for this school …"""
    server_key: str
    """… and its public key, pinned from now on."""
    time: str


class SentEntry(Message):
    """An entry on its way: the two texts exactly as written."""

    header: str
    body: str | None = None


class Push(Message):
    """POST /v1/push: this device's next entries in the order of their numbers.

    `head` is signed for the last entry in the batch.
    """

    head: Head
    entries: Annotated[list[SentEntry], Field(max_length=PUSH_LIMIT_ENTRIES)]
    abridged: bool = False
    """Hashes that follow from the rest are left empty; see `ledger.abridged`."""


class Receipt(Message):
    """What the server says of one entry. Sending the entry again gets the same answer."""

    id: str
    verdict: Verdict
    seq: int | None = None
    reason: Annotated[Reason | str | None, Field(union_mode="left_to_right")] = None
    """A text that is no `Reason` is one of a newer server's: kept, and shown after the update."""
    remarks: dict[str, Any] = {}


class Pushed(Message):
    receipts: list[Receipt]
    number: int
    """The server holds this device's entries without a gap up to here …"""
    hash: str
    """… and the last of them has this hash."""
    time: str


class Pull(Message):
    """POST /v1/pull: everything after these cursors, and news of these entries of mine."""

    cursors: dict[str, int] = {}
    epoch: Annotated[str, Field(max_length=64)] = ""
    """As in the answer these cursors came with: which of the server's histories they are of."""
    limit: Annotated[int, Field(ge=1, le=PULL_LIMIT_ENTRIES)] = 500
    waiting: Annotated[list[str], Field(max_length=1000)] = []
    """Ids of own entries that are held: their receipts come back when they no longer are …"""
    reasons: Annotated[dict[str, str], Field(max_length=1000)] = {}
    """… or are for another reason than the one said here of each."""
    rounds_from: Annotated[str, Field(pattern=DAY_OR_NONE)] = ""
    """Rounds of earlier days are left out: the device does not keep them. Empty: none are."""


class PulledEntry(Message):
    seq: int
    header: str
    body: str | None = None
    remarks: dict[str, Any] = {}


class Pulled(Message):
    entries: list[PulledEntry]
    """By `seq`; the asking device's own entries are left out, it has their receipts."""
    heads: list[Head]
    """Signed heads that fall on the entries of this answer."""
    cursors: dict[str, int]
    """The new cursor of every scope this device may read; scopes not named are lost."""
    epoch: str = ""
    """To be sent back with the cursors. A server restored from a backup has another one."""
    since: dict[str, int] = {}
    """The cursors this answer reads on from. Where one is smaller than the cursor that was sent,
    the server has lost what came after it and doesn't repeat it here."""
    more: bool
    newest: int = 0
    """The school's newest `seq`: how far there is to go."""
    receipts: list[Receipt]
    number: int
    hash: str
    """As in `Pushed`: what the server holds of the asking device."""
    time: str


class Open(Message):
    """POST /v1/open: what a device that has nothing yet needs first, whole subjects at a time.

    Reference data, rounds of the days from `rounds_from` on, hazards that are not done. It moves
    no cursor: a pull from the beginning brings the rest, and these once more.
    """

    rounds_from: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    after: Annotated[str, Field(max_length=256)] = ""
    """As in the answer before; empty for the first."""
    limit: Annotated[int, Field(ge=1, le=PULL_LIMIT_ENTRIES)] = 1000
    """Entries wanted; a subject is never cut, so there may be more."""


class Opened(Message):
    entries: list[PulledEntry]
    """Every entry of each subject that the asker may read and did not write, by `seq`."""
    heads: list[Head]
    after: str
    more: bool
    total: int = 0
    """How many subjects there are in all …"""
    left: int = 0
    """… and how many come after these."""
    time: str


class OwnAsked(Message):
    """POST /v1/own: this device lost part of its journal and asks for its own entries."""

    after: Annotated[int, Field(ge=0)] = 0
    """The number up to which it has them all."""
    limit: Annotated[int, Field(ge=1, le=PULL_LIMIT_ENTRIES)] = 500


class OwnEntry(Message):
    header: str
    body: str | None = None
    receipt: Receipt


class OwnHeld(Message):
    entries: list[OwnEntry]
    """By number, whatever their verdict; what contradicts the chain is left out."""
    heads: list[Head]
    """Those the device signed for entries of this answer: by them it knows its own again."""
    more: bool
    number: int
    hash: str
    """As in `Pushed`."""
    time: str


class Woken(Message):
    """GET /v1/live (server-sent events, event "journal"): there is something to pull."""

    school: str
    seq: int


class Successor(Message):
    """POST /v1/devices/successor: this device can't go on with its chain and takes a new key."""

    device: NewDevice
    signature: str
    """Of the old key over `successor_text(device id, new public key)`."""


def successor_text(device: str, public_key: str) -> bytes:
    """The bytes the old key signs to name the new one."""
    return f"xunan successor 1\n{device}\n{public_key}".encode()


def enrolment_text(public_key: str, name: str) -> bytes:
    """The bytes a new device signs to show that it holds the key."""
    return f"xunan device 1\n{public_key}\n{name}".encode()


class PhotosAsked(Message):
    """POST /v1/photos/held: which of these photos does the server hold whole?"""

    hashes: Annotated[tuple[Digest, ...], Field(max_length=PHOTOS_AT_ONCE)]


class PhotosHeld(Message):
    held: tuple[str, ...]
    """Those of the asked ones that are there, and that the asker may read."""


class BundleTaken(Message):
    """The answer to POST /v1/bundles, whose body is a bundle as it was written."""

    id: str
    entries: int
    accepted: int
    held: int
    refused: int
    photos: int
    """Those that were not here before."""
