"""A night told to its rules, with a roster that tests decide."""

from dataclasses import dataclass, field
from typing import Any

from ledger.entry import Body
from ledger.rules.dorms.bodies import Mark, RoomMarked
from ledger.rules.dorms.statuses import Status
from ledger.rules.rule import Labels
from ledger.verdicts import Reason
from tests.ledger.rules.telling import Story, reason

NIGHT = "2026-03-02"
EVENING = "2026-03-02T22:10:00+08:00"
SUBJECT = f"rollcall:b1:{NIGHT}"


@dataclass
class Roster:
    """What the judge's own records say."""

    living: set[str] = field(default_factory=set)
    looked_for: set[str] = field(default_factory=set)

    def residents(self, building: str, night: str) -> frozenset[str]:
        return frozenset(self.living)

    def followed(self, building: str, night: str) -> frozenset[str]:
        return frozenset(self.looked_for)


class Night(Story):
    def __init__(self, *living: str) -> None:
        self.roster = Roster(set(living))
        super().__init__(SUBJECT, Labels(dorms=self.roster))

    def do(self, kind: str, body: Body, **header: Any) -> Reason | None:
        header.setdefault("at", EVENING)
        header.setdefault("device", f"phone of {header.get('actor', 't1')}")
        return reason(self.tell(kind, body, **header))

    def mark(self, room: str, **rest: Any) -> str:
        """Mark pupils by keyword, `s1=Status.PRESENT`; returns the entry's id."""
        header = {name: rest.pop(name) for name in ("actor", "device", "at") if name in rest}
        over = rest.pop("over", ())
        marks = tuple(Mark(student=one, status=status) for one, status in rest.items())
        assert (
            self.do("room.marked", RoomMarked(room=room, marks=marks, over=over), **header) is None
        )
        return self.history[-1].entry.header.id

    def standing(self, student: str) -> Status | None:
        return self.state().standing(student)
