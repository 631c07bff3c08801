"""Taking back one's own last step, while nobody has built on it: as if it had never been."""

from ledger.entry import Header
from ledger.rules.hazards import bodies
from ledger.rules.hazards.standing import Before, HazardStanding
from ledger.verdicts import Objection, Reason

SUPERVISION = ("supervised_until", "supervised_demand", "supervised_by", "supervised_office")
"""What the district has said last; taking back a step of the school's own leaves it alone."""


def as_it_is(state: HazardStanding) -> Before:
    """To be kept with the step that is about to change it."""
    row = {name: value for name, value in state.row.items() if name != "detail"}
    kept = ("photos", "history", *SUPERVISION)
    detail = {name: value for name, value in state.row["detail"].items() if name not in kept}
    return Before(state.state, row, detail, state.rectifier)


def judge_withdrawal(
    state: HazardStanding, body: bodies.HazardWithdrawn, header: Header
) -> Objection | None:
    if state.state is None:
        return Objection(reason=Reason.NOT_FOUND)
    last = state.last_step
    if last is not None and last.entry == body.entry and last.before is not None:
        return None if last.by == header.actor else Objection(reason=Reason.NOT_YOURS)
    first = state.overtaken_by(header) or last
    detail = {"who": first.by, "at": first.at, "what": first.kind} if first else {}
    return Objection(reason=Reason.LOST_RACE, detail=detail)


def take_back(state: HazardStanding, entry: str) -> None:
    last = state.last_step
    if last is None or last.before is None or last.entry != entry:
        return
    before, row = last.before, state.row
    detail = row["detail"]
    state.state, state.rectifier = before.state, before.rectifier
    kept = {name: row[name] for name in ("pending", "seen", "changed_at")}
    state.row = {**before.row, **kept, "detail": {**detail, **before.detail}}
    last.matters = False
    for line in detail["history"]:
        if line["entry"] == entry:
            line["withdrawn"] = True
