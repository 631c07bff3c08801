"""The hazard's rule: the table of states applied to entries, and the row a hazard stands for."""

from datetime import UTC
from typing import Any

from ledger.entry import Body
from ledger.rules import evidence
from ledger.rules.hazards import bodies
from ledger.rules.hazards.bodies import HazardReported
from ledger.rules.hazards.judging import judge
from ledger.rules.hazards.row import begin, change, line, new_row, note_photos
from ledger.rules.hazards.standing import Change, HazardStanding
from ledger.rules.hazards.states import MOVES, TABLE
from ledger.rules.hazards.taking_back import as_it_is, take_back
from ledger.rules.rule import Labels, Submission
from ledger.scopes import school_scope
from ledger.verdicts import Objection

NUMBER = "number"
"""The remark with the number 编号 the server gave, such as "2026-0012"."""


class HazardRule:
    prefix = "hazard"
    bodies: dict[str, type[Body]] = {move.kind: move.body for move in TABLE}
    writers = {move.kind: move.writers for move in TABLE}

    def audience(self, school: str, subject: str, body: Body) -> str:
        return school_scope(school)

    def start(self, school: str, subject: str) -> HazardStanding:
        return HazardStanding(school, subject)

    def judge(
        self, state: HazardStanding, submission: Submission, labels: Labels
    ) -> Objection | None:
        return judge(state, submission)

    def remark(self, submission: Submission, labels: Labels) -> dict[str, Any]:
        return {}

    def apply(self, state: HazardStanding, submission: Submission) -> None:
        header, body = submission.entry.header, submission.body
        move = MOVES[header.kind]
        at = evidence.true_time(header).astimezone(UTC).isoformat(timespec="milliseconds")
        if isinstance(body, HazardReported):
            if state.state is not None:
                return
            number = str(submission.remarks.get(NUMBER, ""))
            state.row = new_row(state, body, header, at, number)
        elif state.state is None:
            return  # its report's body was erased by law, or has yet to arrive
        matters = move.leads_to is not None or move.decides
        state.trail.append(
            Change(
                entry=header.id,
                device=header.device,
                by=header.actor,
                at=header.at,
                kind=header.kind,
                matters=matters,
                before=as_it_is(state) if matters and state.state is not None else None,
            )
        )
        was = state.state
        state.state = begin(body) if isinstance(body, HazardReported) else move.leads_to or was
        note_photos(state, body, header, at)
        if isinstance(body, bodies.HazardWithdrawn):
            take_back(state, body.entry)
        else:
            change(state, body, header, at)
        row = state.row
        row["state"] = state.state.value if state.state else ""
        row["changed_at"] = max(row["changed_at"], at)
        row["pending"] = row["pending"] or submission.seq is None
        row["seen"] += submission.seq is not None
        row["detail"]["history"].append(line(submission, move, at))

    def records(self, state: HazardStanding) -> dict[str, list[dict[str, Any]]]:
        if state.state is None:
            return {}
        row = state.row
        row["detail"]["doubts"] = sorted(doubt.value for doubt in state.doubts)
        row["detail"]["rectifier"] = state.rectifier
        row["detail"]["evidence"] = evidence.grade(state.doubts).value
        return {"hazard": [row]}


def hazard_subject(id: str) -> str:
    return f"hazard:{id}"
