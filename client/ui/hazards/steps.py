"""What may be done about a hazard now, and in which order it is offered."""

from enum import StrEnum

from client.state.views import HazardDetail, HazardLine
from client.words import t
from ledger.rules.hazards.states import MOVES, HazardState


class Step(StrEnum):
    """What can be done in a dialog, the likeliest first. Words: `hazards.step_…`,
    `hazards.ask_…`, `hazards.done_…`."""

    ACKNOWLEDGE = "acknowledge"
    GRANT = "grant"
    DECLINE = "decline"
    EXPLAIN = "explain"
    ACCEPT = "accept"
    CLOSE = "close"
    RETURN = "return"
    ASSIGN = "assign"
    EXTENSION = "extension"
    PROTECT = "protect"
    REOPEN = "reopen"
    COMMENT = "comment"


KIND_OF: dict[Step, str] = {
    Step.ASSIGN: "hazard.assigned",
    Step.ACCEPT: "hazard.accepted",
    Step.CLOSE: "hazard.closed",
    Step.RETURN: "hazard.returned",
    Step.REOPEN: "hazard.reopened",
    Step.PROTECT: "hazard.protected",
    Step.COMMENT: "hazard.commented",
    Step.EXTENSION: "hazard.extension_asked",
    Step.GRANT: "hazard.extension_granted",
    Step.DECLINE: "hazard.extension_declined",
    Step.EXPLAIN: "hazard.overdue_explained",
    Step.ACKNOWLEDGE: "hazard.acknowledged",
}
WORKING = frozenset({HazardState.ASSIGNED, HazardState.RETURNED})
KEYS = {Step.ACCEPT: "A", Step.RETURN: "R"}
"""At the desk. Enter opens the likeliest step, whichever that is."""


def steps_of(detail: HazardDetail) -> tuple[Step, ...]:
    """What this person may do now, the likeliest first."""
    found = [step for step in Step if KIND_OF[step] in detail.may]
    # Grading and assigning are one step here: what may be graded may be assigned.
    if Step.ASSIGN not in found and "hazard.graded" in detail.may:
        found.insert(0, Step.ASSIGN)
    line = detail.line
    if line.asked_until is None:
        found = [one for one in found if one not in (Step.GRANT, Step.DECLINE)]
    else:
        found = [one for one in found if one is not Step.EXTENSION]
    if detail.acknowledged_at is not None:
        found = [one for one in found if one is not Step.ACKNOWLEDGE]
    if not detail.needs_reason:
        found = [one for one in found if one is not Step.EXPLAIN]
    if not detail.needs_protection:
        found = [one for one in found if one is not Step.PROTECT]
    if Step.ASSIGN in found and line.state not in WORKING:
        # Nobody works on it yet: that is what it waits for.
        found = [Step.ASSIGN, *(one for one in found if one is not Step.ASSIGN)]
    if Step.PROTECT in found:
        # Of a major hazard before anything else.
        found = [Step.PROTECT, *(one for one in found if one is not Step.PROTECT)]
    return tuple(found)


def step_word(step: Step, line: HazardLine) -> str:
    """Somebody works on it already: assigning it is assigning it anew."""
    again = step is Step.ASSIGN and line.state in WORKING
    return t("hazards.step_reassign") if again else t(f"hazards.step_{step.value}")


def may_be_many(step: Step, line: HazardLine) -> bool:
    """Whether a hazard is in a state for the step; who may is asked when it is written."""
    return line.state in MOVES[KIND_OF[step]].begins
