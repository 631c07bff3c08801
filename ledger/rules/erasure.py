"""Erasure by law: the words about a pupil go, everywhere they were read or written.

The entries themselves stay in their chains: a body's salted hash tells nothing about it. What was
erased is named by its ids, in an entry for the same audience, so that every device that has the
words, the author's own too, hears of it.
"""

from typing import Annotated, Any

from pydantic import Field

from ledger.entry import Body, Name
from ledger.rules.dorms.bodies import EntryId
from ledger.rules.rule import Labels, Role, Submission
from ledger.verdicts import Objection, Reason

ERASED_AT_ONCE = 4000
"""Ids that fit a body."""


class BodyErased(Body):
    entries: Annotated[tuple[EntryId, ...], Field(min_length=1, max_length=ERASED_AT_ONCE)]
    audience: Name
    """The scope of all of them."""


def erasure_subject(id: str) -> str:
    return f"erasure:{id}"


class ErasureRule:
    """It leaves no record of its own; who keeps a journal erases what it names."""

    prefix = "erasure"
    bodies: dict[str, type[Body]] = {"body.erased": BodyErased}
    writers = {"body.erased": frozenset({Role.SERVER})}

    def audience(self, school: str, subject: str, body: Body) -> str:
        return body.audience if isinstance(body, BodyErased) else ""

    def start(self, school: str, subject: str) -> dict[str, Any]:
        return {"school": school, "devices": []}

    def judge(
        self, state: dict[str, Any], submission: Submission, labels: Labels
    ) -> Objection | None:
        body = submission.body
        parts = body.audience.split(":") if isinstance(body, BodyErased) else []
        if len(parts) < 2 or parts[1] != state["school"]:
            return Objection(reason=Reason.RULE_BROKEN, detail={"rule": "audience"})
        return None

    def remark(self, submission: Submission, labels: Labels) -> dict[str, Any]:
        return {}

    def apply(self, state: dict[str, Any], submission: Submission) -> None:
        pass

    def records(self, state: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        return {}
