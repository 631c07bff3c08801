"""What a rule is: the shape every duty's module fills."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from pydantic import ValidationError

from ledger.entry import Body, Entry
from ledger.verdicts import Objection, Reason


class Role(StrEnum):
    TEACHER = "teacher"
    DORM_SUPERVISOR = "dorm_supervisor"
    SAFETY_OFFICER = "safety_officer"
    PRINCIPAL = "principal"
    DUTY_LEADER = "duty_leader"
    DISTRICT_OFFICER = "district_officer"
    HOMEROOM_TEACHER = "homeroom_teacher"
    """班主任, of the classes named in the staff's record."""
    GRADE_HEAD = "grade_head"
    """年级主任, of the classes named in the staff's record."""
    SERVER = "server"
    """The district server's own hand: imports and accounts."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who an entry says it is from, as the judge's own records know them."""

    id: str
    name: str = ""
    roles: frozenset[Role] = frozenset()
    active: bool = True
    buildings: frozenset[str] = frozenset()
    """The dorm buildings whose pupils they look after."""
    classes: frozenset[str] = frozenset()
    """The classes they are homeroom teacher or grade head of."""


class Dorms(Protocol):
    """What the judge's own records say of a building's night. None: it can't say."""

    def residents(self, building: str, night: str) -> frozenset[str] | None:
        """Ids of the pupils who live there that night (ISO date of its evening)."""
        ...

    def followed(self, building: str, night: str) -> frozenset[str] | None:
        """Those of them who were missing and for whom somebody has done something."""
        ...


class UnknownDorms:
    """For judges who hold no pupils."""

    def residents(self, building: str, night: str) -> frozenset[str] | None:
        return None

    def followed(self, building: str, night: str) -> frozenset[str] | None:
        return None


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels the judge knows: token or typed digits → point. Handed to rules that need it."""

    by_token: Mapping[str, str] = field(default_factory=dict)
    by_typed: Mapping[str, str] = field(default_factory=dict)
    void: frozenset[str] = frozenset()
    """Tokens whose label has been reissued."""
    points: frozenset[str] = frozenset()
    dorms: Dorms = field(default_factory=UnknownDorms)
    """Who lives where, for the rules of the night."""


_NO_REMARKS: Mapping[str, Any] = MappingProxyType({})


class Submission(NamedTuple):
    """An entry with its parsed body, and what its judge added when it was accepted."""

    entry: Entry
    body: Body
    seq: int | None = None
    remarks: Mapping[str, Any] = _NO_REMARKS
    roles: frozenset[Role] | None = None
    """The author's, where the judge knows them; None leaves what hangs on them to the server."""
    author: Author | None = None
    """The author with their duties, likewise."""


class Rule(Protocol):
    """One duty's rule. A state is mutable while a fold runs and belongs to that fold alone."""

    @property
    def prefix(self) -> str: ...
    @property
    def bodies(self) -> Mapping[str, type[Body]]: ...
    @property
    def writers(self) -> Mapping[str, frozenset[Role]]: ...

    def audience(self, school: str, subject: str, body: Body) -> str:
        """The scope an entry is for."""
        ...

    def start(self, school: str, subject: str) -> Any:
        """The state before the first entry."""
        ...

    def judge(self, state: Any, submission: Submission, labels: Labels) -> Objection | None:
        """Why this entry can't follow `state`; None when it can."""
        ...

    def remark(self, submission: Submission, labels: Labels) -> dict[str, Any]:
        """What only the judge can know and everybody should see beside the entry."""
        ...

    def apply(self, state: Any, submission: Submission) -> None:
        """Let an entry that was not objected to change the state."""
        ...

    def records(self, state: Any) -> dict[str, list[dict[str, Any]]]:
        """The rows the state stands for, by table name."""
        ...


RULE_FAULTS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a bug in a rule raises; a database's errors are none of them."""


def parse_body(model: type[Body], entry: Entry) -> Body | Objection:
    """Read an entry's body; an erased body reads as its defaults only when that is valid."""
    try:
        return model.__pydantic_validator__.validate_json(entry.body_bytes or b"{}")
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        return Objection(reason=Reason.UNREADABLE, detail={"field": where})
