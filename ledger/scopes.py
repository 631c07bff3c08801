"""Audiences: the scope an entry is for, and the grants that let a person read it.

A scope is a name such as `dorm:SY01:b1`. A grant is a scope or a family of scopes, with `*` for
one or more of its parts: `pupils:SY01:b1:*` are the pupils of all classes who live in b1,
`pupils:SY01:*:701` those of class 701 wherever they live. A device holds one cursor per grant.
"""

from functools import lru_cache
from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement

EVERY = "*"
Ward = Annotated[str, Field(pattern=r"^[^:*\x00-\x1f\x7f]{1,40}$")]
"""A building's or a class's id, as it stands in a scope."""
NOWHERE = "-"
"""In a building's place: a pupil who does not live at school."""


def school_scope(school: str) -> str:
    """Points, plans, staff, check-ins and hazards; no pupils."""
    return f"school:{school}"


def dorm_scope(school: str, building: str) -> str:
    """A building's roll-calls. They name pupils by id alone."""
    return f"dorm:{school}:{building}"


def pupils_scope(school: str, building: str, class_: str) -> str:
    """Pupils of one class in one building: names, telephones, leave, and who is missing."""
    return f"pupils:{school}:{building}:{class_}"


def class_scope(school: str, class_: str) -> str:
    """What only a class's own teachers and the principal need to know: why somebody is away."""
    return f"class:{school}:{class_}"


def audit_scope(school: str) -> str:
    """Who looked at which pupil's history."""
    return f"audit:{school}"


def district_scope(school: str) -> str:
    """What a district watches at all its schools; only the district's own journal has any."""
    return f"district:{school}"


def is_private(scope: str) -> bool:
    """True for what names pupils: gone from a device with the duty."""
    return scope.partition(":")[0] in ("pupils", "class")


@lru_cache(maxsize=1024)
def is_sealed(scope: str) -> bool:
    """True for what a device keeps sealed where it lies: what names pupils, and what was written
    beside their beds, such as the hospital somebody is at."""
    return is_private(scope) or scope.partition(":")[0] == "dorm"


def covers(grant: str, scope: str) -> bool:
    """True when who holds `grant` may read `scope`."""
    if EVERY not in grant:
        return grant == scope
    wanted, given = grant.split(":"), scope.split(":")
    return len(wanted) == len(given) and all(
        one in (EVERY, other) for one, other in zip(wanted, given, strict=True)
    )


def reads(column: ColumnElement[str], grant: str) -> ColumnElement[bool]:
    """The SQL condition that `column` names a scope the grant covers.

    SQLite's LIKE must be told to tell upper case from lower (`PRAGMA case_sensitive_like`). No
    part of a scope has a colon, and grants have their families in a scope's last parts only, so
    that matching across parts can't happen with as many parts as there are kinds of scope.
    """
    if EVERY not in grant:
        return column == grant
    escaped = grant.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return column.like(escaped.replace(EVERY, "%"), escape="\\")
