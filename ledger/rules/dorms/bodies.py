"""What is written down at night: one body per kind of entry. What may follow what is in the rules
beside it. Pupils are named by id alone."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ledger.entry import Body, Moment, Name
from ledger.rules.dorms.buildings import BEDS_AT_MOST
from ledger.rules.dorms.statuses import Status
from ledger.rules.hazards.bodies import Because, Line, Text
from ledger.rules.places import Part
from ledger.scopes import Ward

EntryId = Annotated[str, Field(min_length=36, max_length=36)]
MARKS_BEFORE_AT_MOST = 60
PUPILS_AT_MOST = 4000
"""In one building; a school has at most 3,000."""


class Mark(Part):
    """What was seen at one bed."""

    student: Name
    status: Status
    where: Line = ""
    """串寝: the other room. 就医, 活动: the place."""
    leave: Line = ""
    """Id of the leave that explains it."""
    swapped: bool = False
    """Somebody else lay in the bed 冒名顶替, or beds were swapped."""


class RoomMarked(Body):
    """One room as it was seen, saved at once: one entry a room, not one a bed."""

    room: Ward
    marks: Annotated[tuple[Mark, ...], Field(max_length=2 * BEDS_AT_MOST)]
    over: Annotated[tuple[EntryId, ...], Field(max_length=MARKS_BEFORE_AT_MOST)] = ()
    """Ids of the entries whose marks its author saw and replaces by these. Whoever marks the same
    bed without having seen the other contradicts them: then both marks stand until one is
    chosen."""
    because: Line = ""
    """Why something that was marked before is marked otherwise."""


class MarksWithdrawn(Body):
    """Undone: one's own saving of a room, a tap too many. What it replaced stands again."""

    entry: EntryId


class RollCallClosed(Body):
    """Everybody is accounted for. `expected` is whom its author had to account for."""

    expected: Annotated[tuple[Name, ...], Field(max_length=PUPILS_AT_MOST)]
    note: Text = ""


class RollCallReopened(Body):
    because: Because


class MarkCorrected(Body):
    """One pupil's status after the roll-call was closed."""

    student: Name
    room: Ward
    status: Status
    where: Line = ""
    over: Annotated[tuple[EntryId, ...], Field(max_length=MARKS_BEFORE_AT_MOST)] = ()
    because: Because


class MissingRaised(Body):
    """未归待查: written in the same step as the mark that says so."""

    room: Ward
    last_seen: Line = ""


class Outcome(StrEnum):
    REACHED = "reached"
    NO_ANSWER = "no_answer"
    SEARCHED = "searched"
    """Somebody went and looked."""
    TOLD = "told"
    """The server told them: in the app and by the district's notifications."""
    POLICE = "police"


class MissingFollowed(Body):
    """A call or another step that was taken, and what came of it."""

    step: Annotated[int, Field(ge=0, le=20)] = 0
    """Which step of the ladder, from 0; see `LadderStep`."""
    whom: Line = ""
    """Who was called: a staff id, "guardian" or "police"."""
    outcome: Outcome
    note: Text = ""


class MissingFound(Body):
    where: Line = ""
    note: Text = ""


class LeaveSort(StrEnum):
    HOME = "home"
    SICK = "sick"
    ACTIVITY = "activity"
    OTHER = "other"


class LeaveRequested(Body):
    student: Name
    sort: LeaveSort = LeaveSort.HOME
    starts: Moment
    ends: Moment
    """They are back then."""
    pick_up: Line = ""
    """Who fetches them …"""
    phone: Annotated[str, Field(max_length=30)] = ""
    """… and their telephone."""


class LeaveApproved(Body):
    note: Line = ""


class LeaveDeclined(Body):
    because: Because


class LeaveCancelled(Body):
    because: Line = ""


class LeaveReturned(Body):
    """销假: they are back."""

    at: Moment


class LeaveExplained(Body):
    """Why: in an audience of its own."""

    reason: Text


class StudentLookedAt(Body):
    """Somebody opened a pupil's history."""

    student: Name
    what: Line = ""
