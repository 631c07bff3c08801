"""What the server says of an entry, and the reasons it can have.

No verdict deletes anything: refused and held entries stay readable by their author. The
sentences for people are in the catalogue `refusals`, one for every `Reason`.
"""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class Verdict(StrEnum):
    PENDING = "pending"
    """Only on the device that wrote it: the server has not answered yet."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    HELD = "held"


class Reason(StrEnum):
    """Why an entry was refused or is held. Detail fields are named in the comment of each."""

    # held: may still be accepted
    UNKNOWN_POINT = "unknown_point"  # label
    UNKNOWN_KIND = "unknown_kind"  # kind
    EARLIER_MISSING = "earlier_missing"  # number
    AUTHOR_INACTIVE = "author_inactive"
    RULE_FAULT = "rule_fault"
    """The server stumbled over it: a fault of ours, judged again by the next version."""
    # refused
    NOT_ALLOWED = "not_allowed"  # kind
    LOST_RACE = "lost_race"  # who (staff id), at, what (kind)
    ALREADY_CLOSED = "already_closed"  # who (staff id), at
    ALREADY_EXISTS = "already_exists"
    NOT_FOUND = "not_found"
    NOT_YOURS = "not_yours"
    RETIRED = "retired"
    WRONG_SCHOOL = "wrong_school"
    WRONG_SCOPE = "wrong_scope"
    WRONG_AUTHOR = "wrong_author"
    UNREADABLE = "unreadable"
    BODY_ALTERED = "body_altered"
    CHAIN_FORKED = "chain_forked"
    RECORDED_AGAIN = "recorded_again"
    """Never the server's: the device lost its key and its owner's unsent entries were written
    anew under the next one."""
    RULE_BROKEN = "rule_broken"  # rule
    WRONG_STATE = "wrong_state"  # state
    DEADLINE_PAST = "deadline_past"  # deadline
    OWN_WORK = "own_work"
    """Accepting one's own rectification, or granting one's own extension."""
    PROTECT_FIRST = "protect_first"
    """A major hazard without interim protection."""
    PHOTO_MISSING = "photo_missing"


HOLDING = frozenset(
    {
        Reason.UNKNOWN_POINT,
        Reason.UNKNOWN_KIND,
        Reason.EARLIER_MISSING,
        Reason.AUTHOR_INACTIVE,
        Reason.RULE_FAULT,
    }
)


class Objection(BaseModel):
    """A rule's answer to an entry it does not accept as things stand."""

    model_config = ConfigDict(frozen=True)

    reason: Reason
    detail: dict[str, Any] = {}

    @property
    def verdict(self) -> Verdict:
        return Verdict.HELD if self.reason in HOLDING else Verdict.REFUSED
