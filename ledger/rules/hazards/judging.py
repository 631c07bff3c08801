"""Whether an entry about a hazard may be written now: the state it is in, the person who writes,
and what it must carry.
"""

from datetime import UTC, date

from ledger.entry import Body, Header
from ledger.rules import evidence
from ledger.rules.hazards import bodies
from ledger.rules.hazards.bodies import HazardGrade, HazardReported, Lane, PhotoUse, photos_of
from ledger.rules.hazards.standing import HazardStanding
from ledger.rules.hazards.states import DECIDERS, DONE, MOVES, By, Move
from ledger.rules.hazards.taking_back import judge_withdrawal
from ledger.rules.rule import Submission
from ledger.verdicts import Objection, Reason


def judge(state: HazardStanding, submission: Submission) -> Objection | None:
    header, body = submission.entry.header, submission.body
    move = MOVES[header.kind]
    try:
        evidence.true_time(header).astimezone(UTC)
    except (ValueError, OverflowError):
        return Objection(reason=Reason.UNREADABLE, detail={"field": "at"})
    if isinstance(body, bodies.HazardWithdrawn):
        return judge_withdrawal(state, body, header)
    return (
        _judge_state(state, move, header)
        or _judge_person(state, move, submission)
        or _judge_content(state, body, header)
    )


def _judge_state(state: HazardStanding, move: Move, header: Header) -> Objection | None:
    if not move.begins:
        if state.state is not None:
            return Objection(reason=Reason.ALREADY_EXISTS)
        return None
    if state.state is None:
        return Objection(reason=Reason.NOT_FOUND)
    first = state.overtaken_by(header)
    allowed = state.state in move.begins
    if first is not None and (move.decides or not allowed):
        detail = {"who": first.by, "at": first.at, "what": first.kind}
        return Objection(reason=Reason.LOST_RACE, detail=detail)
    if not allowed and state.state in DONE:
        last = next(one for one in reversed(state.trail) if one.matters)
        return Objection(reason=Reason.ALREADY_CLOSED, detail={"who": last.by, "at": last.at})
    if not allowed:
        return Objection(reason=Reason.WRONG_STATE, detail={"state": state.state.value})
    return None


def _judge_person(state: HazardStanding, move: Move, submission: Submission) -> Objection | None:
    header, roles = submission.entry.header, submission.roles
    responsible = state.row.get("responsible", "")
    if (
        move.by is By.RESPONSIBLE_OR_DECIDER
        and roles is not None
        and not roles & DECIDERS
        and header.actor != responsible
    ):
        return Objection(reason=Reason.NOT_YOURS)
    if move.by is By.RESPONSIBLE and header.actor != responsible:
        return Objection(reason=Reason.NOT_YOURS)
    if move.by is By.NOT_THE_RECTIFIER and header.actor == state.rectifier:
        return Objection(reason=Reason.OWN_WORK)
    if move.by is By.NOT_THE_RESPONSIBLE and header.actor == responsible:
        return Objection(reason=Reason.OWN_WORK)
    return None


def _judge_content(state: HazardStanding, body: Body, header: Header) -> Objection | None:
    photos = photos_of(body)
    if {one.hash for one in photos} != set(header.photos):
        return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "photos"})
    if getattr(body, "condition", "") and getattr(body, "grade", None) is HazardGrade.GENERAL:
        return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "condition"})
    uses = {one.use for one in photos}
    match body:
        case HazardReported(lane=Lane.ON_SPOT):
            if not {PhotoUse.BEFORE, PhotoUse.AFTER} <= uses:
                return Objection(reason=Reason.PHOTO_MISSING)
        case bodies.HazardRectified():
            if PhotoUse.AFTER not in uses:
                return Objection(reason=Reason.PHOTO_MISSING)
            if not _protected(state):
                return Objection(reason=Reason.PROTECT_FIRST)
        case bodies.HazardAssigned():
            if not (body.protection or _protected(state)):
                return Objection(reason=Reason.PROTECT_FIRST)
            return judge_deadline(body.deadline, header)
        case bodies.ExtensionGranted() | bodies.ExtensionAsked():
            return judge_deadline(body.until, header)
        case bodies.HazardReturned() if body.deadline:
            return judge_deadline(body.deadline, header)
    return None


def _protected(state: HazardStanding) -> bool:
    row = state.row
    return row["grade"] != HazardGrade.MAJOR.value or bool(row["detail"]["protection"])


def judge_deadline(day: str, header: Header) -> Objection | None:
    """A deadline is a day from the author's own today on."""
    try:
        last = date.fromisoformat(day)
    except ValueError:
        return Objection(reason=Reason.UNREADABLE, detail={"field": "deadline"})
    if last < evidence.true_time(header).date():
        return Objection(reason=Reason.DEADLINE_PAST, detail={"deadline": day})
    return None
