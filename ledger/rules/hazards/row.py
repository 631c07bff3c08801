"""What each entry says about a hazard, written into its row and the detail that screens show."""

from typing import Any

from ledger.entry import Body, Header
from ledger.rules import evidence
from ledger.rules.evidence import Doubt
from ledger.rules.hazards import bodies
from ledger.rules.hazards.bodies import HazardGrade, HazardReported, Lane, PhotoOrigin, photos_of
from ledger.rules.hazards.standing import HazardStanding
from ledger.rules.hazards.states import HazardState, Move
from ledger.rules.hazards.taking_back import SUPERVISION
from ledger.rules.rule import Submission


def new_row(
    state: HazardStanding, body: HazardReported, header: Header, at: str, number: str
) -> dict[str, Any]:
    """The columns of `ledger.tables.hazards.HazardRow` as the report alone gives them."""
    on_spot = body.lane is Lane.ON_SPOT
    if on_spot:
        state.rectifier = header.actor
    fixed = begin(body) is HazardState.FIXED
    return {
        "school": state.school,
        "subject": state.subject,
        "id": state.id,
        "number": number,
        "state": "",
        "lane": body.lane.value,
        "grade": body.grade.value,
        "category": body.category.value,
        "source": body.source.value,
        "area": body.area,
        "point": body.point,
        "content": body.content,
        "reporter": header.actor,
        "responsible": header.actor if on_spot else "",
        "deadline": "",
        "reported_at": at,
        "year": evidence.true_time(header).year,
        "changed_at": at,
        "done_at": at if on_spot else "",
        "closed_at": at if fixed else "",
        "pending": False,
        "seen": 0,
        "detail": {
            "place": body.place,
            "item": body.item,
            "check_in": body.check_in,
            "condition": body.condition,
            "unit": "",
            "measure": body.measure,
            "done": body.measure,
            "protection": body.protection,
            "funds": 0.0,
            "basis": "",
            "assigned_by": "",
            "assigned_at": "",
            "acknowledged_at": "",
            "accepted_by": "",
            "accepted_at": "",
            "closed_by": header.actor if fixed else "",
            "returned_because": "",
            "times_returned": 0,
            "notices": 0,
            "asked_until": "",
            "asked_because": "",
            "overdue_because": "",
            "overdue_deadline": "",
            "reopened_because": "",
            **dict.fromkeys(SUPERVISION, ""),
            "photos": [],
            "history": [],
        },
    }


def begin(body: HazardReported) -> HazardState:
    if body.lane is Lane.DEADLINE:
        return HazardState.REGISTERED
    return HazardState.RECTIFIED if body.grade is HazardGrade.MAJOR else HazardState.FIXED


def change(state: HazardStanding, body: Body, header: Header, at: str) -> None:
    """What each kind says about the hazard as a whole."""
    row, detail = state.row, state.row["detail"]
    match body:
        case bodies.HazardGraded():
            row["grade"], row["category"] = body.grade.value, body.category.value
            detail["condition"] = body.condition
        case bodies.HazardProtected():
            detail["protection"] = body.protection
        case bodies.HazardAssigned():
            row["responsible"], row["deadline"] = body.responsible, body.deadline
            row["lane"] = Lane.DEADLINE.value
            detail |= {
                "unit": body.unit,
                "measure": body.measure,
                "protection": body.protection or detail["protection"],
                "funds": body.funds,
                "basis": body.basis,
                "assigned_by": header.actor,
                "assigned_at": at,
                "acknowledged_at": "",
                "asked_until": "",
                "notices": detail["notices"] + 1,
            }
        case bodies.HazardAcknowledged():
            detail["acknowledged_at"] = detail["acknowledged_at"] or at
        case bodies.HazardRectified():
            state.rectifier = header.actor
            row["done_at"] = at
            detail["done"] = body.done
            detail["funds"] = body.funds or detail["funds"]
        case bodies.HazardAccepted():
            detail["accepted_by"], detail["accepted_at"] = header.actor, at
        case bodies.HazardReturned():
            detail["returned_because"] = body.because
            detail["times_returned"] += 1
            row["done_at"] = ""
            row["deadline"] = body.deadline or row["deadline"]
            row["responsible"] = row["responsible"] or row["reporter"]
            row["lane"] = Lane.DEADLINE.value
            detail["accepted_by"] = detail["accepted_at"] = ""
        case bodies.HazardClosed():
            row["closed_at"] = at
            detail["closed_by"] = header.actor
        case bodies.HazardReopened():
            row["closed_at"] = row["done_at"] = ""
            detail["accepted_by"] = detail["accepted_at"] = detail["closed_by"] = ""
            detail["reopened_because"] = body.because
        case bodies.ExtensionAsked():
            detail["asked_until"], detail["asked_because"] = body.until, body.because
        case bodies.ExtensionGranted():
            row["deadline"], detail["asked_until"] = body.until, ""
        case bodies.ExtensionDeclined():
            detail["asked_until"] = ""
        case bodies.OverdueExplained():
            detail["overdue_because"] = body.because
            detail["overdue_deadline"] = row["deadline"]
            detail["protection"] = body.protection
        case bodies.HazardSupervised():
            detail |= {
                "supervised_until": body.deadline,
                "supervised_demand": body.demand,
                "supervised_by": body.by,
                "supervised_office": body.office,
            }
        case bodies.HazardSupervisionLifted():
            detail |= dict.fromkeys(SUPERVISION, "")


def note_photos(state: HazardStanding, body: Body, header: Header, at: str) -> None:
    state.doubts |= evidence.clock_doubts(header)
    photos = photos_of(body)
    if isinstance(body, HazardReported) and not photos:
        state.doubts.add(Doubt.NO_PHOTO)
    for photo in photos:
        if photo.origin is PhotoOrigin.GALLERY:
            state.doubts.add(Doubt.PHOTO_FROM_GALLERY)
        if photo.source:
            if photo.source in state.sources:
                state.doubts.add(Doubt.PHOTO_SEEN)
            state.sources.add(photo.source)
        state.row["detail"]["photos"].append(
            {
                "hash": photo.hash,
                "use": photo.use.value,
                "origin": photo.origin.value,
                "entry": header.id,
                "by": header.actor,
                "at": at,
            }
        )


def line(submission: Submission, move: Move, at: str) -> dict[str, Any]:
    """One line of the history, with every word its author wrote."""
    header = submission.entry.header
    said = submission.body.model_dump(
        mode="json", exclude={"salt", "photos"}, exclude_defaults=True
    )
    return {
        "entry": header.id,
        "kind": move.kind,
        "by": header.actor,
        "at": at,
        "seq": submission.seq,
        "said": said,
        "photos": list(header.photos),
        "withdrawn": False,
    }
