"""What makes a school's hazard a major one 重大: the national list, and what a district adds to it.

The national list is data (`national.toml`) that every device carries, so that it can be searched
without a network. A district's own conditions travel as entries like all reference data; one with
the id of a national condition takes its place.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from ledger.entry import Body
from ledger.rules.hazards.bodies import Category, Line
from ledger.rules.reference import ReferenceRule
from ledger.rules.rule import Role

NATIONAL_LIST = Path(__file__).with_name("national.toml")


class ConditionSet(Body):
    """A condition of the district's own, or its wording of a national one."""

    name: Annotated[str, Field(min_length=1, max_length=300)]
    """The condition itself, in one sentence."""
    category: Category = Category.OTHER
    basis: Line = ""
    """依据: the rule or standard that says so; empty keeps that of the national condition."""
    retired: bool = False
    """No longer offered; hazards it was chosen for keep it."""


class ConditionRule(ReferenceRule):
    prefix = "condition"
    table = "condition"
    bodies = {"condition.set": ConditionSet}
    writers = {"condition.set": frozenset({Role.SERVER})}


@dataclass(frozen=True, slots=True)
class Condition:
    id: str
    category: Category
    text: str
    basis: str
    retired: bool = False
    own: bool = False
    """The district's own, or its own wording of a national one."""

    @property
    def sentence(self) -> str:
        """As the ledger and the notice give the grounds 依据."""
        return f"{self.basis}：{self.text}" if self.basis else self.text


@cache
def national_list() -> tuple[Condition, ...]:
    """In the order of its headings."""
    told = tomllib.loads(NATIONAL_LIST.read_text("utf-8"))
    source = told.pop("basis")
    return tuple(
        Condition(one["id"], Category(category), one["text"], f"{source}{part['heading']}")
        for category, part in told.items()
        for one in part["conditions"]
    )


def conditions(own: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Condition]:
    """The whole list by id, retired ones included; `own` are the district's (id, body fields)."""
    found = {one.id: one for one in national_list()}
    for id, fields in own:
        body, before = ConditionSet.model_validate(fields), found.get(id)
        basis = body.basis or (before.basis if before else "")
        found[id] = Condition(id, body.category, body.name, basis, body.retired, own=True)
    return found


def grounds(known: Mapping[str, Condition], id: str, basis: str) -> str:
    """依据 in full: the condition chosen (by its bare id where this side doesn't know it), and what
    was written besides."""
    chosen = known.get(id)
    return "；".join(part for part in (chosen.sentence if chosen else id, basis) if part)
