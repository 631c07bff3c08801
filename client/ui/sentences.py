"""Sentences for what comes from elsewhere as a bare word: refusals, problems, store errors.

Each says what happened, what is safe and what to do. Naming the families here is also what tells
the catalogues' test that their sentences are spoken.
"""

from collections.abc import Mapping
from datetime import datetime

from client.state.views import QueuedEntry
from client.words import t, when
from ledger.rules.hazards.states import HazardState
from ledger.wire.problems import ProblemCode


def of_word(word: str, **values: object) -> str:
    """The sentence of an error's `word`, whatever part of the app it comes from."""
    family, _, name = word.partition(".")
    match family:
        case "problems":
            return problem(name, **values)
        case "refusals":
            return refusal_of(name, values)
        case "store":
            return t(f"store.{name}", **values)
        case _:
            return t(word, **values)


def problem(name: str, **values: object) -> str:
    """Why the server does not serve us. `name` is a problem's code or its catalogue key."""
    if name == ProblemCode.SLOW_DOWN and values.get("seconds"):
        return t("problems.slow_down_seconds", **values)
    return t(f"problems.{name.removeprefix('problems.')}", **values)


def kind(name: str) -> str:
    """What sort of entry it is; one of a newer app's is still called an entry."""
    known = name.replace(".", "_")
    return t(f"sync.kind_{known}") if name in KINDS else t("sync.kind_other")


KINDS = frozenset(
    {
        "area.set",
        "body.erased",
        "building.set",
        "checkin.recorded",
        "checkin.withdrawn",
        "device.set",
        "hazard.accepted",
        "hazard.acknowledged",
        "hazard.assigned",
        "hazard.closed",
        "hazard.commented",
        "hazard.extension_asked",
        "hazard.extension_declined",
        "hazard.extension_granted",
        "hazard.graded",
        "hazard.notified",
        "hazard.overdue_explained",
        "hazard.protected",
        "hazard.rectified",
        "hazard.reopened",
        "hazard.reported",
        "hazard.returned",
        "hazard.supervised",
        "hazard.supervision_lifted",
        "hazard.withdrawn",
        "label.issued",
        "leave.approved",
        "leave.cancelled",
        "leave.declined",
        "leave.explained",
        "leave.requested",
        "leave.returned",
        "mark.corrected",
        "marks.withdrawn",
        "missing.followed",
        "missing.found",
        "missing.raised",
        "plan.set",
        "condition.set",
        "point.set",
        "rollcall.closed",
        "rollcall.reopened",
        "room.marked",
        "round.closed",
        "school.set",
        "staff.set",
        "student.left",
        "student.looked_at",
        "student.set",
        "watched.lifted",
        "watched.noted",
        "watched.notified",
        "watched.supervised",
    }
)


def refusal(entry: QueuedEntry) -> str:
    """Why an entry was refused or is held, who was first, and what to do."""
    if entry.reason is None:
        return t("refusals.unspoken")
    return refusal_of(entry.reason.value, dict(entry.detail))


def refusal_of(reason: str, detail: Mapping[str, object]) -> str:
    """The sentence of a `ledger.verdicts.Reason` with its detail filled in."""
    told = {name: str(value) for name, value in detail.items()}
    state = told.get("state", "")
    return t(
        f"refusals.{reason}",
        who=told.get("who") or t("refusals.somebody"),
        at=_moment(told.get("at", "")),
        what=kind(told.get("what", "")),
        kind=kind(told.get("kind", "")),
        label=told.get("label", ""),
        number=told.get("number", ""),
        state=t(f"hazards.state_{state}") if state in set(HazardState) else state,
        deadline=told.get("deadline", ""),
    )


def _moment(text: str) -> str:
    try:
        return when(datetime.fromisoformat(text))
    except ValueError:
        return t("refusals.earlier")
